pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. DUP1 to DUP16: the n-th item from the top goes onto the stack once more. Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); op: the opcode, 0x80 + n - 1; a: the
// item (lib/stack.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC, STACK twice: back to its place, and on top; looks up CODE, AND4(op - OP_DUP1(), 0, 0), RANGE12
// four times (age, Room).
//
// WHY A CHEATING PROVER GAINS NOTHING. op is CODE's and op - OP_DUP1() a nibble, so it is a DUP and n = op - OP_DUP1() + 1 in 1 .. 16. The item is taken from
// its place and put back with the time of this row, one taking and one giving per place, and the copy has the same halves. The two
// places differ (n > 0), so one time does. Without an item there the row has nothing to receive. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 24.
template Dup() {
    signal input en, exec[STEP()], op, a[POP()], alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;
    component step = Step(1, 1, 1, GAS_DUP1(), WORK_dup());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var f = alpha + op - OP_DUP1() + AND4() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    Exec() m <== Machine()(exec);
    signal deep1 <== p[STACK_idx()] * (m.sp - (op - OP_DUP1()));
    signal hi1, lo1, item[4];
    (hi1, lo1, item) <== Pop(1)(en, exec, step.call1, deep1, a, alpha, p);
    for (var i = 0; i < 4; i++) { o[4 + i] <== item[i]; }
    o[8] <== Push(1)(en, exec, step.call1, deep1, hi1, lo1, alpha, p);

    o[9] <== Room()(en, exec, alpha, p[TAGPOWER()]);
    o[10] <== Push(0)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);
}
