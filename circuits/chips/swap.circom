pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. SWAP1 to SWAP16: the topmost item and the n-th below it change places. Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); op: the opcode, 0x90 + n - 1; a, b: the
// topmost item and the one below (lib/stack.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK twice; looks up CODE, AND4(op - OP_SWAP1(), 0, 0), RANGE12 six times.
//
// WHY A CHEATING PROVER GAINS NOTHING. op is CODE's and op - OP_SWAP1() a nibble, so it is a SWAP and n = op - OP_SWAP1() + 1 in 1 .. 16. Each place
// gives its item and gets the other's, with the time of this row; the places differ (n > 0), so one time does. Without an item at the lower place
// the row has nothing to receive. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 29.
template Swap() {
    signal input en, exec[STEP()], op, a[POP()], b[POP()], alpha, p[32];
    signal output o[14];

    en * (en - 1) === 0;
    component step = Step(1, 1, 0, GAS_SWAP1(), WORK_swap());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var f = alpha + op - OP_SWAP1() + AND4() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    Exec() m <== Machine()(exec);
    signal deep1 <== p[STACK_idx()] * (m.sp - (op - OP_SWAP1()));
    signal aHi1, aLo1, top[4], bHi1, bLo1, deep[4];
    (aHi1, aLo1, top) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    (bHi1, bLo1, deep) <== Pop(2)(en, exec, step.call1, deep1, b, alpha, p);
    for (var i = 0; i < 4; i++) { o[4 + i] <== top[i]; o[8 + i] <== deep[i]; }
    o[12] <== Push(1)(en, exec, step.call1, step.sp1, bHi1, bLo1, alpha, p);
    o[13] <== Push(2)(en, exec, step.call1, deep1, aHi1, aLo1, alpha, p);
}
