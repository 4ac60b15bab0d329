pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. STOP, also the one that stands behind the code's last byte (past = 1): END(ts + 1, call, ok 1, gas, work, jrn, refund).
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom), its gas is the expression `left` (6 limbs); past
// boolean (checked): the pc is behind the code; beyond: pc - length of the code.
//
// TUPLES, each times en. Receives EXEC; sends END; looks up CODE, or with past CODELEN, RANGE12 7 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The opcode is CODE's at pc. past: pc - beyond is the length that L1 gave the code, 0 <= beyond < 2^12
// (push data of the last opcode ends at most 32 bytes behind it), so pc >= length, where every byte is STOP by definition. A pc behind
// the code that CODE still has (zeros up to its last word) is STOP both ways.
// Gas: it was below 2^64 at the frame's start and fell by non-negative integers; left in [0, 2^72) says it never went below 0
// (lib/step.circom, 2), so left < 2^64. Items left on the stack go to `drain`. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 24, one of them linear.
template Stop() {
    signal input en, exec[STEP()], past, beyond, left[6];
    signal input alpha, p[32];
    signal output o[11];

    var f, gas = 0;
    en * (en - 1) === 0;
    past * (past - 1) === 0;
    past * (1 - en) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;

    f = alpha + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[1] <-- -(en - past) / f;
    o[1] * f === -(en - past);
    f = alpha + exec[3] - beyond + machine.code1 + CODELEN() * p[TAGPOWER()];
    o[2] <-- -past / f;
    o[2] * f === -past;

    for (var i = 0; i < 6; i++) { gas += 4096**i * left[i]; }
    exec[5] === gas;
    f = alpha + exec[0] + 1 + machine.call1 + p[END_ok()] + machine.gas1 + machine.work1 + machine.jrn1 + machine.refund1 + END() * p[TAGPOWER()];
    o[3] <-- en / f;
    o[3] * f === en;

    component range = Range(7);
    range.en <== en; range.alpha <== alpha; range.p31 <== p[TAGPOWER()];
    range.limb[0] <== beyond;
    for (var i = 0; i < 6; i++) { range.limb[1 + i] <== left[i]; }
    for (var i = 0; i < 7; i++) { o[4 + i] <== range.o[i]; }
}
