pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. An opcode with memory ends its frame without gas: it costs more than there is, or reads what no frame could pay for; or it checks
// its work (KECCAK256), and needs more than is left, or its input is too long. What it costs and where its operands stand is a line of
// MEMOP: gas, its own bytes or items offset and lengthAt, gas perByte and perWord, far, use and wordUse (src/evm/opcode-tables.ts). One of:
//   exact  cost > gas                            cost: as the opcode's own chip charges it, gas + perByte length + perWord words + expansion
//   late   work - taken < w1 (gas - cost)        taken: use + wordUse words and what the expansion takes (src/evm/work.ts)
//   far    length > 0 and offset >= 2^47, or length >= far
// A halted opcode uses up no work and changes nothing.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); op, least, sized, offsetAt, lengthAt, perByte, perWord,
// far, use, wordUse: the line of MEMOP (least: its gas); sized boolean, at most en (checked); offset, length: the items
// (circuits/lib/step.circom, Pop), the length without its high half if sized = 0 (checked); exact, byLength, and neither (checked booleans, none with
// en = 0): the reason, and which item is far, the offset if neither; late (checked boolean, at most exact); high (checked boolean, at
// most en - exact): far because of the high half; expand: circuits/lib/expand.circom, all 0 unless exact (checked); words[4], pad: 12-bit limbs
// of words, 32 words = length + pad when exact, else words = 0 (checked); left[6]: 12-bit limbs of gas; margin[11]: limbs of how far the
// reason goes beyond its limit.
//
// TUPLES. Times en: receives EXEC, STACK (offset); sends END; looks up CODE, MEMOP, RANGE12 29 times. Times sized: receives STACK (length). Times
// exact: RANGE12 five times. Times expand's grow: looks up EXPANSION. No MEMNEW: the frame is over.
//
// WHY A CHEATING PROVER GAINS NOTHING. In the order in which it is used:
// (1) The opcode is CODE's at pc. MEMOP has its lines and no others, so every number of the line is a constant of the opcode: where offset
//     and length stand, or with sized = 0 what the length is, as (1 - sized) length is MEMOP's `bytes`.
// (2) offset and length are words: popped ones by who pushed them, before (circuits/lib/step.circom, words); else a constant. gas is in [0, 2^72),
//     by its limbs; as it only fell, from below 2^64 (circuits/lib/step.circom, gas), it is in [0, 2^64). margin is in [0, 2^132).
// (3) exact: the length's high half is 0, and circuits/lib/expand.circom makes the expansion and its cost those of the opcode's own row.
//     words is in [0, 2^48), pad in [0, 32) (pad and 128 pad in range) and length in [0, 2^128), so 32 words = length + pad is one of integers:
//     words = ceil(length / 32). cost is an integer in [0, 2^81). work is one of less than 2^120 (circuits/lib/step.circom, work).
//       late = 0:  margin = cost - gas - 1                                   late = 1:  margin = w1 (gas - cost) - (work - taken) - 1
//     are integers far below r: margin >= 0 is the reason itself. late = 1 of an opcode that checks no work has no row: use and wordUse are 0,
//     w1 cost is at least what the expansion takes (circuits/lib/expand.circom, work) and work at least w1 gas, at any time.
// (4) far: margin = x - limit or, if high = 1, xHi - 1 for the half x or xHi of offset or length. Both halves are below 2^128,
//     so nothing wraps and the item is at least the limit, or at least 2^128. For the offset, length is not 0 (inverse). From 2^47 on
//     memory would have to grow to 2^42 words or more, that is by a cost of at least 2^75 - C(mem) > 2^74 > gas, where C(mem) < 2^64 was paid;
//     a lower `far` is the rule of the version for that opcode.
// (5) An opcode with two lines touches two ranges, and pays for the farther one: a row takes either, and what it costs is at least that.
// So no row halts a frame that could have gone on; that one which cannot does halt: its gas would be negative (circuits/lib/step.circom, gas),
// or a row of its chip does not exist (a length of 2^128, the work check of `keccak256`). Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 105.
template MemHalt() {
    signal input en, exec[STEP()], op, least, sized, offsetAt, lengthAt, perByte, perWord, far, use, wordUse;
    signal input offset[POP()], length[POP()], exact, late, byLength, high, expand[EXPAND()], words[4], pad, left[6], margin[11];
    signal input alpha, p[32];
    signal output o[43];

    // What is executed
    var gas = 0, more = 0, f;
    Exec() m <== Machine()(exec);
    en * (en - 1) === 0;
    sized * (sized - 1) === 0;
    sized * (1 - en) === 0;
    length[0] * (1 - sized) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;
    f = alpha + op + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[1] <-- -en / f;
    o[1] * f === -en;
    f = alpha + m.ts + 1 + machine.call1 + machine.work1 + machine.jrn1 + END() * p[TAGPOWER()];
    o[2] <-- en / f;
    o[2] * f === en;

    signal bytes <== (1 - sized) * length[1];
    signal least1 <== p[MEMOP_gas()] * least;
    signal bytes1 <== p[MEMOP_bytes()] * bytes;
    signal sized1 <== p[MEMOP_sized()] * sized;
    signal offsetAt1 <== p[MEMOP_offset()] * offsetAt;
    signal lengthAt1 <== p[MEMOP_lengthAt()] * lengthAt;
    signal perByte1 <== p[MEMOP_perByte()] * perByte;
    signal perWord1 <== p[MEMOP_perWord()] * perWord;
    signal far1 <== p[MEMOP_far()] * far;
    signal use1 <== p[MEMOP_use()] * use;
    signal wordUse1 <== p[MEMOP_wordUse()] * wordUse;
    f = alpha + op + least1 + bytes1 + sized1 + offsetAt1 + lengthAt1 + perByte1 + perWord1 + far1 + use1 + wordUse1 + MEMOP() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    // The items. MEMOP's offset has the power of STACK's idx
    signal lengthIdx1 <== p[STACK_idx()] * lengthAt;
    var back[2] = [offsetAt1, lengthIdx1], items[10];
    for (var i = 0; i < POP(); i++) { items[i] = offset[i]; items[POP() + i] = length[i]; }
    signal hi1[2], lo1[2];
    for (var k = 0; k < 2; k++) {
        hi1[k] <== p[STACK_hi()] * items[5*k];
        lo1[k] <== p[STACK_lo()] * items[5*k + 1];
        f = alpha + m.ts - 1 - items[5*k + 2] - (1 << 12) * items[5*k + 3] - (1 << 24) * items[5*k + 4] + machine.call1 + machine.sp1;
        f += hi1[k] + lo1[k] - back[k] + STACK() * p[TAGPOWER()];
        var times = k == 0 ? en : sized;
        o[4 + k] <-- -times / f;
        o[4 + k] * f === -times;
    }

    // The reason. expand[4] follows from the other limbs: they add up to 0 if exact = 0.
    var byOffset = en - exact - byLength;
    exact * (exact - 1) === 0;
    byLength * (byLength - 1) === 0;
    late * (late - 1) === 0;
    late * (1 - exact) === 0;
    high * (high - 1) === 0;
    high * (1 - en + exact) === 0;

    exact * length[0] === 0;
    for (var i = 3; i < 8; i++) { if (i != 4) { (1 - exact) * expand[i] === 0; } }
    component memory = Expand(0);
    memory.en <== exact; memory.exec <== exec; memory.call1 <== machine.call1; memory.mem1 <== machine.mem1;
    memory.offHi <== offset[0]; memory.offLo <== offset[1]; memory.len <== length[1]; memory.cell <== expand;
    memory.alpha <== alpha; memory.p <== p;
    for (var i = 0; i < 8; i++) { o[6 + i] <== memory.o[i]; }

    var count = words[0] + (1 << 12) * words[1] + (1 << 24) * words[2] + (1 << 36) * words[3];
    exact * (length[1] + pad) === 32 * count;
    signal ofBytes <== perByte * length[1];
    signal ofWords <== perWord * count;
    signal usedByWords <== wordUse * count;
    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    m.gas === gas;
    for (var i = 10; i >= 0; i--) { more = 4096 * more + margin[i]; }
    var cost = least + expand[2] + ofBytes + ofWords;
    var short = cost - gas - 1;
    var taken = use + usedByWords + WORK_memoryWord() * memory.delta + WORK_expansion() * expand[1];
    var behind = WORK_gas() * (gas - cost) - (m.work - taken) - 1;

    // far because of the offset: the length is not 0, and byOffset is 1 (or 0: inv and byOffset are 0 together)
    signal inv <-- length[1] == 0 ? 0 : byOffset / length[1];
    inv * length[1] === byOffset;
    inv * (1 - byOffset) === 0;
    signal nearer <== byLength * (far - (1 << 47));
    signal xHi <== byLength * (length[0] - offset[0]) + offset[0];
    signal xLo <== byLength * (length[1] - offset[1]) + offset[1];
    var above = xLo - (1 << 47) * en - nearer;
    signal beyond <== high * (xHi - 1 - above) + above;
    signal missing <== late * (behind - short) + short;
    exact * (missing - beyond) === more - beyond;

    component limbs = Range(27);
    limbs.en <== en; limbs.alpha <== alpha; limbs.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 3; i++) { limbs.limb[i] <== offset[2 + i]; limbs.limb[3 + i] <== length[2 + i]; }
    for (var i = 0; i < 6; i++) { limbs.limb[6 + i] <== left[i]; }
    for (var i = 0; i < 11; i++) { limbs.limb[12 + i] <== margin[i]; }
    for (var i = 0; i < 4; i++) { limbs.limb[23 + i] <== words[i]; }
    for (var i = 0; i < 27; i++) { o[14 + i] <== limbs.o[i]; }
    for (var i = 0; i < 2; i++) {
        f = alpha + (i == 0 ? 1 : 128) * pad + RANGE12() * p[TAGPOWER()];
        o[41 + i] <-- -en / f;
        o[41 + i] * f === -en;
    }
}
