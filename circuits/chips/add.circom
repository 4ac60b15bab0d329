pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. ADD (sub = 0): c = a + b mod 2^256. SUB (sub = 1): c = a - b mod 2^256, that is c + b = a mod 2^256. a is popped first. Gas 3.
//
// COLUMNS. en, sub booleans (checked); exec: the machine before the step (circuits/lib/step.circom); a, b: the two items (circuits/lib/step.circom, Pop); cHi, cLo: the result in
// eleven 12-bit limbs a half; carry[2] booleans (checked).
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, RANGE12 30 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. With x = a, y = b, z = c (add) or x = c, y = b, z = a (sub), in halves:
//   xLo + yLo = zLo + carry0 * 2^128,   xHi + yHi + carry0 = zHi + carry1 * 2^128.
// All halves are below 2^128 (c's are checked here, the items' by who pushed them), so both sides are below 2^130 < r: the equations
// hold in integers, z = x + y mod 2^256, and no other c satisfies them. Both cases in one line: the first less the second is 2 (a - c).
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 58.
template Add() {
    signal input en, exec[STEP()], sub, a[POP()], b[POP()], cHi[11], cLo[11], carry[2];
    signal input alpha, p[32];
    signal output o[36];

    en * (en - 1) === 0;
    sub * (sub - 1) === 0;
    carry[0] * (carry[0] - 1) === 0;
    carry[1] * (carry[1] - 1) === 0;

    component step = Step(1, 1, -1, 3, WORK_add());
    step.en <== en; step.exec <== exec; step.op <== 1 + 2 * sub; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    component item[2];
    item[0] = Pop(1); item[1] = Pop(2);
    item[0].cell <== a; item[1].cell <== b;
    for (var k = 0; k < 2; k++) {
        item[k].en <== en; item[k].exec <== exec; item[k].call1 <== step.call1; item[k].sp1 <== step.sp1; item[k].alpha <== alpha; item[k].p <== p;
        for (var i = 0; i < 4; i++) { o[3 + 4*k + i] <== item[k].o[i]; }
    }

    var hi = 0, lo = 0;
    for (var i = 10; i >= 0; i--) { hi = 4096 * hi + cHi[i]; lo = 4096 * lo + cLo[i]; }
    sub * (2 * (a[1] - lo)) === a[1] + b[1] - lo - carry[0] * (1 << 128);
    sub * (2 * (a[0] - hi)) === a[0] + b[0] - hi + carry[0] - carry[1] * (1 << 128);

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    component push = Push(2);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== hi1; push.lo1 <== lo1;
    push.alpha <== alpha; push.p <== p;
    o[11] <== push.o;

    component range[2];
    range[0] = Range128(); range[1] = Range128();
    range[0].limb <== cHi; range[1].limb <== cLo;
    for (var k = 0; k < 2; k++) {
        range[k].en <== en; range[k].alpha <== alpha; range[k].p31 <== p[TAGPOWER()];
        for (var i = 0; i < 12; i++) { o[12 + 12*k + i] <== range[k].o[i]; }
    }
}
