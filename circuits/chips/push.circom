pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. PushChip: PUSH1 to PUSH32, the n bytes of code after the opcode go onto the stack as a word; gas 3. Push0: PUSH0, the word 0
// goes onto the stack; gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); PushChip also the opcode
// op = 0x5f + n and the word hi, lo.
//
// TUPLES, each times en. Receives EXEC; sends EXEC, STACK; looks up CODE, RANGE12 once (Room), PushChip also PUSH.
//
// WHY A CHEATING PROVER GAINS NOTHING. PUSH(code, pc, hi, lo) exists only where a push with data stands and has the data of that place
// (circuits/chips/pushdata.circom), halves below 2^128. CODE(code, pc, op) makes n = op - 0x5f the number of bytes, so the next pc is behind
// them. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 19, and 15 for Push0.
template PushChip() {
    signal input en, exec[STEP()], op, hi, lo, alpha, p[32];
    signal output o[6];

    en * (en - 1) === 0;
    signal moved <== p[EXEC_pc()] * (op - 0x5f);
    component step = Step(1, 1, 1, 3, WORK_push());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== moved;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal hi1 <== p[PUSH_hi()] * hi;
    signal lo1 <== p[PUSH_lo()] * lo;
    var f = alpha + step.code1 + step.pc1 + hi1 + lo1 + PUSH() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    component room = Room();
    room.en <== en; room.exec <== exec; room.alpha <== alpha; room.p31 <== p[TAGPOWER()];
    o[4] <== room.o;
    component push = Push(0);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== hi1; push.lo1 <== lo1;
    push.alpha <== alpha; push.p <== p;
    o[5] <== push.o;
}

template Push0() {
    signal input en, exec[STEP()], alpha, p[32];
    signal output o[5];

    en * (en - 1) === 0;
    component step = Step(1, 1, 1, 2, WORK_push0());
    step.en <== en; step.exec <== exec; step.op <== 0x5f; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    component room = Room();
    room.en <== en; room.exec <== exec; room.alpha <== alpha; room.p31 <== p[TAGPOWER()];
    o[3] <== room.o;
    component push = Push(0);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== 0; push.lo1 <== 0;
    push.alpha <== alpha; push.p <== p;
    o[4] <== push.o;
}
