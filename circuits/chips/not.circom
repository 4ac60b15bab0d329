pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. NOT: c = 2^256 - 1 - a, every bit of a turned. Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); a: the item (lib/stack.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC, STACK; looks up CODE, RANGE12 three times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The result has no column: its halves are 2^128 - 1 less the item's, 128-bit as those are.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 20.
template Not() {
    signal input en, exec[STEP()], a[POP()], alpha, p[32];
    signal output o[8];

    en * (en - 1) === 0;
    component step = Step(1, 1, 0, GAS_NOT(), WORK_not());
    step.en <== en; step.exec <== exec; step.op <== OP_NOT(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal hi1, lo1, item[4];
    (hi1, lo1, item) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== item[i]; }

    // Push(1), without wires for the shares
    var ones = ((1 << 128) - 1) * (p[STACK_hi()] + p[STACK_lo()]);
    Exec() m <== Machine()(exec);
    var f = alpha + m.ts + step.call1 + step.sp1 - p[STACK_idx()] + ones - hi1 - lo1 + STACK() * p[TAGPOWER()];
    o[7] <-- en / f;
    o[7] * f === en;
}
