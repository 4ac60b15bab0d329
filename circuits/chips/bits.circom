pragma circom 2.2.0;
include "../bus.circom";

// The small fixed tables. A row is all of them:
//   BYTE(x, move, dest)              a byte of code as an opcode; as push data or any other byte: 0, 0   (src/evm/opcode-tables.ts)
//   AND4(a, b, c)                    c = a & b for a, b in [0, 16)
//   POW2(s, p)                       p = 2^s for s in [0, 128)
//   OPINFO(op, gas, pops, grows, covered)   an opcode                                (src/evm/opcode-tables.ts)
//   MEMOP(op, gas, bytes, ...)       an opcode with memory                    (src/evm/opcode-tables.ts)
//
// STATEMENT: none to prove. Every entry is a constant of the circuit, so these entries are supplied and no others.
//
// COLUMNS, any field elements: how often each entry is looked up. byte[x] as an opcode and byte[256 + x] as any other, and4[16 a + b],
// pow2[s], opinfo[op], memop: the opcodes with memory in the order of their numbers.
//
// TUPLES: sends each entry as often as its column says.
//
// WHY A CHEATING PROVER GAINS NOTHING. Only fingerprints of true entries can appear. A wrong multiplicity leaves its entry unbalanced,
// as it is committed before alpha; several rows of this chip add up. Lookups are weighted by committed booleans and are fewer than
// r, so they cannot cancel among themselves. No island: nothing is received here. Who looks up a byte, not an opcode, has the constants
// 0, 0 beside it: x in [0, 256) and nothing else.
//
// PADDING: all 0. COST: 1164 (one linear), one more for every opcode with memory.
template Bits() {
    signal input byte[512], and4[256], pow2[128], opinfo[256], memop[MEMOP_TABLE()], alpha, p[32];
    signal output o[1];
    signal i[1152 + MEMOP_TABLE()];
    var at = 0, sum = 0;

    var x[512] = BYTE_TABLE_x(), move[512] = BYTE_TABLE_move(), dest[512] = BYTE_TABLE_dest();
    for (var k = 0; k < 512; k++) {
        var f = alpha + x[k] + move[k] * p[BYTE_move()] + dest[k] * p[BYTE_dest()] + BYTE() * p[TAGPOWER()];
        i[at] <-- byte[k] / f; i[at] * f === byte[k];
        sum += i[at]; at++;
    }
    for (var k = 0; k < 256; k++) {
        var a = k >> 4, b = k & 15;
        var f = alpha + a + b * p[AND4_b()] + (a & b) * p[AND4_c()] + AND4() * p[TAGPOWER()];
        i[at] <-- and4[k] / f; i[at] * f === and4[k];
        sum += i[at]; at++;
    }
    for (var s = 0; s < 128; s++) {
        var f = alpha + s + (1 << s) * p[POW2_p()] + POW2() * p[TAGPOWER()];
        i[at] <-- pow2[s] / f; i[at] * f === pow2[s];
        sum += i[at]; at++;
    }
    var gas[256] = OPINFO_TABLE_gas(), pops[256] = OPINFO_TABLE_pops();
    var grows[256] = OPINFO_TABLE_grows(), covered[256] = OPINFO_TABLE_covered();
    for (var k = 0; k < 256; k++) {
        var f = alpha + k + gas[k] * p[OPINFO_gas()] + pops[k] * p[OPINFO_pops()] + OPINFO() * p[TAGPOWER()];
        f += grows[k] * p[OPINFO_grows()] + covered[k] * p[OPINFO_covered()];
        i[at] <-- opinfo[k] / f; i[at] * f === opinfo[k];
        sum += i[at]; at++;
    }
    var op[MEMOP_TABLE()] = MEMOP_TABLE_op(), least[MEMOP_TABLE()] = MEMOP_TABLE_gas(), bytes[MEMOP_TABLE()] = MEMOP_TABLE_bytes();
    var sized[MEMOP_TABLE()] = MEMOP_TABLE_sized(), offset[MEMOP_TABLE()] = MEMOP_TABLE_offset(), lengthAt[MEMOP_TABLE()] = MEMOP_TABLE_lengthAt();
    var perByte[MEMOP_TABLE()] = MEMOP_TABLE_perByte(), perWord[MEMOP_TABLE()] = MEMOP_TABLE_perWord(), far[MEMOP_TABLE()] = MEMOP_TABLE_far();
    var use[MEMOP_TABLE()] = MEMOP_TABLE_use(), wordUse[MEMOP_TABLE()] = MEMOP_TABLE_wordUse();
    for (var k = 0; k < MEMOP_TABLE(); k++) {
        var f = alpha + op[k] + least[k] * p[MEMOP_gas()] + bytes[k] * p[MEMOP_bytes()] + sized[k] * p[MEMOP_sized()];
        f += offset[k] * p[MEMOP_offset()] + lengthAt[k] * p[MEMOP_lengthAt()] + perByte[k] * p[MEMOP_perByte()];
        f += perWord[k] * p[MEMOP_perWord()] + far[k] * p[MEMOP_far()] + use[k] * p[MEMOP_use()] + wordUse[k] * p[MEMOP_wordUse()];
        f += MEMOP() * p[TAGPOWER()];
        i[at] <-- memop[k] / f; i[at] * f === memop[k];
        sum += i[at]; at++;
    }
    o[0] <== sum;
}
