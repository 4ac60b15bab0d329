pragma circom 2.2.0;
include "step.circom";

// Rows of opcodes that take items from the top of the stack and leave one word there. A chip gives the items' cells, its word's shares hi1 and lo1
// (as Push wants them: the halves are in range) and keeps its equation. `extra` as in Step. Give hi1 and lo1 as products, not as sums:
// a sum costs a constraint of its own.
// Outputs: shares that the chip may use again; o: the terms of Step, of each Pop, of Room, of Push.

// No item. COST 14.
template Nullary(cost, units) {
    signal input en, exec[STEP()], op, extra, hi1, lo1, alpha, p[32];
    signal output call1, code1, pc1, o[5];

    component step = Step(1, 1, 1, cost, units);
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== extra; step.alpha <== alpha; step.p <== p;
    call1 <== step.call1; code1 <== step.code1; pc1 <== step.pc1;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    o[3] <== Room()(en, exec, alpha, p[TAGPOWER()]);
    o[4] <== Push(0)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);
}

// One item, a. COST 19.
template Unary(cost, units) {
    signal input en, exec[STEP()], op, extra, a[POP()], hi1, lo1, alpha, p[32];
    signal output call1, o[8];

    component step = Step(1, 1, 0, cost, units);
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== extra; step.alpha <== alpha; step.p <== p;
    call1 <== step.call1;
    signal top[4];
    (_, _, top) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    for (var i = 0; i < 4; i++) { o[3 + i] <== top[i]; }
    o[7] <== Push(1)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);
}

// Two items, a on top of b. COST 25.
template Binary(cost, units) {
    signal input en, exec[STEP()], op, extra, a[POP()], b[POP()], hi1, lo1, alpha, p[32];
    signal output o[12];

    component step = Step(1, 1, -1, cost, units);
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== extra; step.alpha <== alpha; step.p <== p;
    signal top[4], next[4];
    (_, _, top) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    (_, _, next) <== Pop(2)(en, exec, step.call1, step.sp1, b, alpha, p);
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    for (var i = 0; i < 4; i++) { o[3 + i] <== top[i]; o[7 + i] <== next[i]; }
    o[11] <== Push(2)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);
}
