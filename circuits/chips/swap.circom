pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. SWAP1 to SWAP16: the topmost item and the n-th below it change places. Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); op: the opcode, 0x90 + n - 1; a, b: the
// topmost item and the one below (circuits/lib/step.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK twice; looks up CODE, AND4(op - 0x90, 0, 0), RANGE12 six times.
//
// WHY A CHEATING PROVER GAINS NOTHING. op is CODE's and op - 0x90 a nibble, so it is a SWAP and n = op - 0x90 + 1 in 1 .. 16. Each place gives its item
// and gets the other's, with the time of this row; the places differ (n > 0), so one time does. Without an item at the lower place
// the row has nothing to receive. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 29.
template Swap() {
    signal input en, exec[STEP()], op, a[POP()], b[POP()], alpha, p[32];
    signal output o[14];

    en * (en - 1) === 0;
    component step = Step(1, 1, 0, 3, WORK_swap());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var f = alpha + op - 0x90 + AND4() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    signal deep1 <== p[STACK_idx()] * (exec[4] - (op - 0x90));
    component item[2], push[2];
    item[0] = Pop(1); item[1] = Pop(2);
    item[0].cell <== a; item[1].cell <== b;
    item[0].sp1 <== step.sp1; item[1].sp1 <== deep1;
    push[0] = Push(1); push[1] = Push(2);
    push[0].sp1 <== step.sp1; push[1].sp1 <== deep1;
    for (var j = 0; j < 2; j++) {
        item[j].en <== en; item[j].exec <== exec; item[j].call1 <== step.call1; item[j].alpha <== alpha; item[j].p <== p;
        for (var i = 0; i < 4; i++) { o[4 + 4*j + i] <== item[j].o[i]; }
    }
    for (var j = 0; j < 2; j++) {
        push[j].en <== en; push[j].exec <== exec; push[j].call1 <== step.call1; push[j].alpha <== alpha; push[j].p <== p;
        push[j].hi1 <== item[1 - j].hi1; push[j].lo1 <== item[1 - j].lo1;
        o[12 + j] <== push[j].o;
    }
}
