pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. POP: the topmost item leaves the stack. Gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); a: the item (circuits/lib/step.circom, Pop).
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
    component step = Step(1, 1, -1, 2, WORK_pop());
    step.en <== en; step.exec <== exec; step.op <== 0x50; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    component item = Pop(1);
    item.en <== en; item.exec <== exec; item.call1 <== step.call1; item.sp1 <== step.sp1; item.cell <== a; item.alpha <== alpha; item.p <== p;
    for (var i = 0; i < 4; i++) { o[3 + i] <== item.o[i]; }
}
