pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. POP: the topmost item leaves the stack. Gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); a: the item (lib/stack.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC; looks up CODE, RANGE12 three times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Order, time, stack, islands: lib/step.circom. The row has no freedom beside the item's age.
//
// PADDING: all 0. COST: 19.
template PopChip() {
    signal input en, exec[STEP()], a[POP()], alpha, p[32];
    signal output o[7];

    en * (en - 1) === 0;
    component step = Step(1, 1, -1, GAS_POP(), WORK_pop());
    step.en <== en; step.exec <== exec; step.op <== OP_POP(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    signal item[4];
    (_, _, item) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== item[i]; }
}
