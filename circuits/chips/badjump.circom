pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. JUMP (jumpi = 0), or JUMPI (jumpi = 1) with a condition other than 0, to a place where no jump may go: the frame ends,
// END(ts + 1, call, ok 0, gas 0, work, jrn, refund 0). One reason is true:
//   far     the destination's high half is not 0
//   beyond  its low half is not below the code's length
//   none of these: DEST says that no jump may go to its low half
//
// COLUMNS. en, beyond booleans (checked); exec: the machine before the step (lib/stack.circom), its gas is the expression `left` (6
// limbs); a: the destination, with jumpi b: the condition (lib/stack.circom, Pop); far boolean (follows), far and beyond not both
// and only with en (checked); past: low half less code length (11 limbs), if beyond.
//
// TUPLES, each times en. Receives EXEC, STACK, with jumpi another STACK; sends END; looks up CODE, RANGE12 20 times (23 with jumpi), and with beyond
// CODELEN, without far or beyond DEST(code, low half, valid 0).
//
// WHY A CHEATING PROVER GAINS NOTHING. Places are below the code's length, and DEST has one entry per place (circuits/chips/code.circom): each
// reason says that the destination (of which DEST's reason and `beyond` need only the low half) is no jump target, so that no row of `jump`
// exists for this opcode. far = high half * inverse and inverse * (1 - far) = 0: far is 1 or 0, and the high half not 0 if it is 1.
// beyond: low half - past is the length that L1 gave the code, 0 <= past < 2^132, all far below r. The condition is not 0: the sum of
// its halves, below 2^129, has an inverse.
// Gas: that it is not negative here says that it never was (lib/step.circom, gas). Items left on the stack go to `drain`.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0, but the condition 1. COST: 44, and 51 with jumpi.
template BadJump(jumpi) {
    signal input en, exec[STEP()], left[6], a[POP()], b[jumpi * POP()], far, beyond, past[11], alpha, p[32];
    signal output o[26 + 4 * jumpi];

    en * (en - 1) === 0;
    beyond * (beyond - 1) === 0;
    var within = en - far - beyond;
    within * (within - 1) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;
    Exec() m <== Machine()(exec);
    var f = alpha + m.ts + 1 + machine.call1 + machine.work1 + machine.jrn1 + END() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + (jumpi ? OP_JUMPI() : OP_JUMP()) + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;

    var gas = 0;
    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    m.gas === gas;
    signal lefts[6] <== Range(6)(en, left, alpha, p[TAGPOWER()]), pasts[11] <== Range(11)(en, past, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 6; i++) { o[3 + i] <== lefts[i]; }
    for (var i = 0; i < 11; i++) { o[9 + i] <== pasts[i]; }

    signal top[4], next[4 * jumpi];
    (_, _, top) <== Pop(1)(en, exec, machine.call1, machine.sp1, a, alpha, p);
    for (var i = 0; i < 4; i++) { o[22 + i] <== top[i]; }
    if (jumpi == 1) {
        (_, _, next) <== Pop(2)(en, exec, machine.call1, machine.sp1, b, alpha, p);
        for (var i = 0; i < 4; i++) { o[26 + i] <== next[i]; }
    }
    signal inverse[jumpi];
    if (jumpi == 1) {
        inverse[0] <-- 1 / (b[0] + b[1]);
        inverse[0] * (b[0] + b[1]) === 1;
    }

    signal farInverse <-- a[0] == 0 ? 0 : far / a[0];
    a[0] * farInverse === far;
    farInverse * (1 - far) === 0;

    var len = a[1];
    for (var i = 0; i < 11; i++) { len -= (1 << 12 * i) * past[i]; }
    f = alpha + len + machine.code1 + CODELEN() * p[TAGPOWER()];
    o[20] <-- -beyond / f;
    o[20] * f === -beyond;

    signal to1 <== p[DEST_pc()] * a[1];
    f = alpha + machine.code1 + to1 + DEST() * p[TAGPOWER()];
    o[21] <-- -within / f;
    o[21] * f === -within;
}
