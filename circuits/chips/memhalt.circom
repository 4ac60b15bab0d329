pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. An opcode with memory ends its frame without gas: it costs more than there is, or reads what no frame could pay for; or it is
// KECCAK256 and its input is longer than 64 KiB, or the hash needs more work than is left for it. One of:
//   exact  cost > gas                                                     cost: as the opcode's own chip charges it
//   late   KECCAK256: work - use < w1 (gas - cost), cost <= gas           use: the row's work, that of each word and of the expansion (src/evm/work.ts)
//   far    length > 0 and offset >= 2^47, or length >= 2^47 (KECCAK256: length > 2^16)
// A halted opcode uses up no work and changes nothing.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); sized (checked boolean, at most en): the length is the
// second item, else it is 32, or 1 for MSTORE8 (checked); kind[5] booleans, at most one of them 1 (checked): MSTORE, MSTORE8 if sized = 0, LOG,
// RETURN, REVERT if sized = 1; none: MLOAD, KECCAK256; topics: n of LOGn, else 0 (checked); offset, length: the items (circuits/lib/step.circom,
// Pop); exact (checked boolean, at most en), byLength (checked boolean, at most en - exact): the reason, and which item is far, the offset if
// neither; late (checked boolean, at most exact, KECCAK256 only); high (checked boolean, at most en - exact): far because of the high half; expand:
// circuits/lib/expand.circom, all 0 unless exact (checked); words, pad: 32 words = length + pad for KECCAK256 when exact; left[6]: 12-bit limbs
// of gas; margin[11]: limbs of how far the reason goes beyond its limit.
//
// TUPLES. Times en: receives EXEC, STACK (offset); sends END; looks up CODE, RANGE12 28 times. Times sized: receives STACK (length). Times exact:
// RANGE12 six times. Times expand's grow: looks up EXPANSION. No MEMNEW: the frame is over.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) The opcode is CODE's and decides sized, kind and topics: 0xa0 + topics with topics in 0..4 (looked up) is none of the others.
// (2) gas is in [0, 2^72), by its limbs; as it only fell, from below 2^64 (circuits/lib/step.circom, gas), it is in [0, 2^64). margin is in [0, 2^132).
// (3) exact: the length's high half is 0, and circuits/lib/expand.circom makes the expansion and its cost those of the opcode's own row;
//     words <= 4095 is an integer, so 32 words = length + pad with pad < 32 says words = ceil(length / 32). The length is half a word, so not
//     negative, whoever pushed it: cost is an integer in [0, 2^132). work is one of less than 2^120 (circuits/lib/step.circom, work).
//       late = 0:  margin = cost - gas - 1                                   late = 1:  margin = w1 (gas - cost) - (work - use) - 1
//     are integers far below r: margin >= 0 is the reason itself.
// (4) far: margin = x - limit or, if high = 1, xHi - 1 for the half x or xHi of offset or length. Both halves are below 2^128 (who pushed
//     them checked that), so nothing wraps and the item is at least the limit, or at least 2^128. For the offset, length is not 0 (inverse). Then
//     memory would have to grow to 2^42 words or more, that is by a cost of at least 2^75 - C(mem) > 2^74 > gas, where C(mem) < 2^64 was paid.
// So no row halts a frame that could have gone on; that one which cannot does halt: its gas would be negative (circuits/lib/step.circom, gas),
// or a row of its chip does not exist (a length of 2^128, the work check of `keccak256`). Order, time, islands: lib/step.circom.
//
// PADDING: length = 32, all else 0. COST: 107.
template MemHalt() {
    signal input en, exec[STEP()], sized, kind[5], topics, offset[POP()], length[POP()], exact, late, byLength, high;
    signal input expand[EXPAND()], words, pad, left[6], margin[11];
    signal input alpha, p[32];
    signal output o[41];

    // What is executed
    var gas = 0, more = 0, f;
    en * (en - 1) === 0;
    sized * (sized - 1) === 0;
    sized * (1 - en) === 0;
    for (var i = 0; i < 5; i++) { kind[i] * (kind[i] - 1) === 0; }
    kind[0] * (1 - en + sized) === 0;
    kind[1] * (1 - en + sized + kind[0]) === 0;
    kind[2] * (1 - sized) === 0;
    kind[3] * (1 - sized + kind[2]) === 0;
    kind[4] * (1 - sized + kind[2] + kind[3]) === 0;
    var keccak = sized - kind[2] - kind[3] - kind[4];
    var op = 0x51 * (en - sized) + kind[0] + 2 * kind[1] + 0x20 * keccak + 0xa0 * kind[2] + 0xf3 * kind[3] + 0xfd * kind[4] + topics;
    var base = 3 * (en - sized) + 30 * keccak + 375 * kind[2] + 375 * topics;
    topics * (1 - kind[2]) === 0;
    length[0] * (1 - sized) === 0;
    (1 - sized) * (length[1] - 32 + 31 * kind[1]) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;
    f = alpha + op + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[1] <-- -en / f;
    o[1] * f === -en;
    f = alpha + exec[0] + 1 + machine.call1 + machine.work1 + machine.jrn1 + END() * p[TAGPOWER()];
    o[2] <-- en / f;
    o[2] * f === en;

    component at = Pop(1);
    at.en <== en; at.exec <== exec; at.call1 <== machine.call1; at.sp1 <== machine.sp1; at.cell <== offset; at.alpha <== alpha; at.p <== p;
    for (var i = 0; i < 4; i++) { o[3 + i] <== at.o[i]; }
    signal hi1 <== p[STACK_hi()] * length[0];
    signal lo1 <== p[STACK_lo()] * length[1];
    f = alpha + exec[0] - 1 - length[2] - (1 << 12) * length[3] - (1 << 24) * length[4] + machine.call1 + machine.sp1 - 2 * p[STACK_idx()];
    f += hi1 + lo1 + STACK() * p[TAGPOWER()];
    o[7] <-- -sized / f;
    o[7] * f === -sized;

    // The reason. expand[4] follows from the other limbs: they add up to 0 if exact = 0.
    exact * (exact - 1) === 0;
    exact * (1 - en) === 0;
    byLength * (byLength - 1) === 0;
    byLength * (1 - en + exact) === 0;
    late * (late - 1) === 0;
    late * (1 - exact) === 0;
    late * (1 - keccak) === 0;
    high * (high - 1) === 0;
    high * (1 - en + exact) === 0;

    exact * length[0] === 0;
    for (var i = 3; i < 8; i++) { if (i != 4) { (1 - exact) * expand[i] === 0; } }
    component memory = Expand(0);
    memory.en <== exact; memory.exec <== exec; memory.call1 <== machine.call1; memory.mem1 <== machine.mem1;
    memory.offHi <== offset[0]; memory.offLo <== offset[1]; memory.len <== length[1]; memory.cell <== expand;
    memory.alpha <== alpha; memory.p <== p;
    for (var i = 0; i < 8; i++) { o[8 + i] <== memory.o[i]; }

    signal hashed <== exact * keccak;
    hashed * (length[1] + pad) === 32 * words;
    signal bytes <== kind[2] * length[1];
    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    exec[5] === gas;
    for (var i = 10; i >= 0; i--) { more = 4096 * more + margin[i]; }
    var cost = base + expand[2] + 8 * bytes + 6 * words;
    var short = cost - gas - en;
    var units = WORK_keccak256() + WORK_keccakWord() * words + WORK_memoryWord() * memory.delta + WORK_expansion() * expand[1];
    var behind = WORK_gas() * (gas - cost) - (exec[6] - units) - 1;

    // far because of the offset: the length is not 0
    signal inv <-- length[1] == 0 ? 0 : 1 / length[1];
    signal some <== inv * length[1];
    length[1] * (1 - some) === 0;
    inv * (1 - some) === 0;
    (en - exact - byLength) * (1 - some) === 0;
    signal long <== keccak * byLength;
    signal xHi <== byLength * (length[0] - offset[0]) + offset[0];
    signal xLo <== byLength * (length[1] - offset[1]) + offset[1];
    var above = xLo - (1 << 47) * en + ((1 << 47) - (1 << 16) - 1) * long;
    signal beyond <== high * (xHi - 1 - above) + above;
    signal missing <== late * (behind - short) + short;
    exact * (missing - beyond) === more - beyond;

    component limbs = Range(20);
    limbs.en <== en; limbs.alpha <== alpha; limbs.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 3; i++) { limbs.limb[i] <== length[2 + i]; }
    for (var i = 0; i < 6; i++) { limbs.limb[3 + i] <== left[i]; }
    for (var i = 0; i < 11; i++) { limbs.limb[9 + i] <== margin[i]; }
    for (var i = 0; i < 20; i++) { o[16 + i] <== limbs.o[i]; }
    var small[5] = [words, pad, 128 * pad, topics, 4 - topics];
    for (var i = 0; i < 5; i++) {
        f = alpha + small[i] + RANGE12() * p[TAGPOWER()];
        o[36 + i] <-- -en / f;
        o[36 + i] * f === -en;
    }
}
