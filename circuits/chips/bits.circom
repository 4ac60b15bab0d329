pragma circom 2.2.0;
include "../bus.circom";

// The small fixed tables. A row is all of them:
//   BYTE(x)                          x in [0, 256)
//   AND4(a, b, c)                    c = a & b for a, b in [0, 16)
//   POW2(s, p)                       p = 2^s for s in [0, 128)
//   OPCODE(op, move, dest)           a byte of code, as an opcode and as push data   (src/evm/opcode-tables.ts)
//   OPINFO(op, gas, pops, grows, covered)   an opcode                                (src/evm/opcode-tables.ts)
//
// STATEMENT: none to prove. Every entry is a constant of the circuit, so these entries are supplied and no others.
//
// COLUMNS, any field elements: how often each entry is looked up. byte[x], and4[16 a + b], pow2[s], opcode[op] as an opcode and
// opcode[256 + op] as push data, opinfo[op].
//
// TUPLES: sends each entry as often as its column says.
//
// WHY A CHEATING PROVER GAINS NOTHING. Only fingerprints of true entries can appear. A wrong multiplicity leaves its entry unbalanced,
// as it is committed before alpha; several rows of this chip add up. Lookups are weighted by committed booleans and are fewer than
// r, so they cannot cancel among themselves. No island: nothing is received here.
//
// PADDING: all 0. COST: 1409 (one linear).
template Bits() {
    signal input byte[256], and4[256], pow2[128], opcode[512], opinfo[256], alpha, p[32];
    signal output o[1];
    signal i[1408];
    var at = 0, sum = 0;

    for (var x = 0; x < 256; x++) {
        var f = alpha + x + BYTE() * p[TAGPOWER()];
        i[at] <-- byte[x] / f; i[at] * f === byte[x];
        sum += i[at]; at++;
    }
    for (var x = 0; x < 256; x++) {
        var a = x >> 4, b = x & 15;
        var f = alpha + a + b * p[AND4_b()] + (a & b) * p[AND4_c()] + AND4() * p[TAGPOWER()];
        i[at] <-- and4[x] / f; i[at] * f === and4[x];
        sum += i[at]; at++;
    }
    for (var s = 0; s < 128; s++) {
        var f = alpha + s + (1 << s) * p[POW2_p()] + POW2() * p[TAGPOWER()];
        i[at] <-- pow2[s] / f; i[at] * f === pow2[s];
        sum += i[at]; at++;
    }
    var op[512] = OPCODE_TABLE_op(), move[512] = OPCODE_TABLE_move(), dest[512] = OPCODE_TABLE_dest();
    for (var x = 0; x < 512; x++) {
        var f = alpha + op[x] + move[x] * p[OPCODE_move()] + dest[x] * p[OPCODE_dest()] + OPCODE() * p[TAGPOWER()];
        i[at] <-- opcode[x] / f; i[at] * f === opcode[x];
        sum += i[at]; at++;
    }
    var gas[256] = OPINFO_TABLE_gas(), pops[256] = OPINFO_TABLE_pops();
    var grows[256] = OPINFO_TABLE_grows(), covered[256] = OPINFO_TABLE_covered();
    for (var x = 0; x < 256; x++) {
        var f = alpha + x + gas[x] * p[OPINFO_gas()] + pops[x] * p[OPINFO_pops()] + OPINFO() * p[TAGPOWER()];
        f += grows[x] * p[OPINFO_grows()] + covered[x] * p[OPINFO_covered()];
        i[at] <-- opinfo[x] / f; i[at] * f === opinfo[x];
        sum += i[at]; at++;
    }
    o[0] <== sum;
}
