pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. What the machine knows of itself goes onto the stack: PC (the place of this opcode), MSIZE (32 times the memory's words), GAS
// (what is left after this opcode). Gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); msize, gas booleans, not both (checked): which
// opcode it is, PC if neither; value[6]: 12-bit limbs of the word.
//
// TUPLES, each times en. Receives EXEC; sends EXEC, STACK; looks up CODE, RANGE12 seven times (value, Room).
//
// WHY A CHEATING PROVER GAINS NOTHING. The opcode is CODE's at pc, 0x58 + msize + 2 gas, and the value is an expression of the EXEC received. It is
// in [0, 2^72) by its limbs, here and now: a frame whose gas is below zero, which only its end will find out (lib/step.circom, gas), has no row
// that pushes it. An honest value has limbs: gas is below 2^64, pc and memory are small. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 28 (one linear).
template Register() {
    signal input en, exec[STEP()], msize, gas, value[6], alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;
    msize * (msize - 1) === 0;
    gas * (gas - 1) === 0;
    msize * gas === 0;

    signal op <== 0x58 + msize + 2 * gas;
    component step = Step(1, 1, 1, 2, WORK_register());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal size <== msize * (32 * exec[7] - exec[3]);
    var word = 0;
    for (var i = 5; i >= 0; i--) { word = 4096 * word + value[i]; }
    gas * (exec[5] - 2 - exec[3]) === word - exec[3] - size;
    signal lo1 <== p[STACK_lo()] * word;
    component range = Range(6);
    range.en <== en; range.limb <== value; range.alpha <== alpha; range.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 6; i++) { o[5 + i] <== range.o[i]; }

    component room = Room();
    room.en <== en; room.exec <== exec; room.alpha <== alpha; room.p31 <== p[TAGPOWER()];
    o[3] <== room.o;
    component push = Push(0);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== 0; push.lo1 <== lo1;
    push.alpha <== alpha; push.p <== p;
    o[4] <== push.o;
}
