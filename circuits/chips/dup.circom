pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. DUP1 to DUP16: the n-th item from the top goes onto the stack once more. Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); op: the opcode, 0x80 + n - 1; a: the
// item (circuits/lib/step.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC, STACK twice: back to its place, and on top; looks up CODE, AND4(op - 0x80, 0, 0), RANGE12
// four times (age, Room).
//
// WHY A CHEATING PROVER GAINS NOTHING. op is CODE's and op - 0x80 a nibble, so it is a DUP and n = op - 0x80 + 1 in 1 .. 16. The item is taken from
// its place and put back with the time of this row, one taking and one giving per place, and the copy has the same halves. The two
// places differ (n > 0), so one time does. Without an item there the row has nothing to receive. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 24.
template Dup() {
    signal input en, exec[STEP()], op, a[POP()], alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;
    component step = Step(1, 1, 1, 3, WORK_dup());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var f = alpha + op - 0x80 + AND4() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    signal deep1 <== p[STACK_idx()] * (exec[4] - (op - 0x80));
    component item = Pop(1);
    item.en <== en; item.exec <== exec; item.call1 <== step.call1; item.sp1 <== deep1; item.cell <== a; item.alpha <== alpha; item.p <== p;
    for (var i = 0; i < 4; i++) { o[4 + i] <== item.o[i]; }
    component back = Push(1);
    back.en <== en; back.exec <== exec; back.call1 <== step.call1; back.sp1 <== deep1; back.hi1 <== item.hi1; back.lo1 <== item.lo1;
    back.alpha <== alpha; back.p <== p;
    o[8] <== back.o;

    component room = Room();
    room.en <== en; room.exec <== exec; room.alpha <== alpha; room.p31 <== p[TAGPOWER()];
    o[9] <== room.o;
    component push = Push(0);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== item.hi1; push.lo1 <== item.lo1;
    push.alpha <== alpha; push.p <== p;
    o[10] <== push.o;
}
