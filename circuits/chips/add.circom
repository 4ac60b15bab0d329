pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. ADD (sub = 0): c = a + b mod 2^256. SUB (sub = 1): c = a - b mod 2^256, that is c + b = a mod 2^256. a is popped first. Gas 3.
//
// COLUMNS. en, sub booleans (checked); exec: the machine before the step (lib/stack.circom); a, b: the two items (lib/stack.circom, Pop); cHi, cLo:
// the result in eleven 12-bit limbs a half; carry[2] booleans (checked).
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

    var hi = 0, lo = 0;
    for (var i = 10; i >= 0; i--) { hi = 4096 * hi + cHi[i]; lo = 4096 * lo + cLo[i]; }
    sub * (2 * (a[1] - lo)) === a[1] + b[1] - lo - carry[0] * (1 << 128);
    sub * (2 * (a[0] - hi)) === a[0] + b[0] - hi + carry[0] - carry[1] * (1 << 128);

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    signal step[12] <== Binary(GAS_ADD(), WORK_add())(en, exec, OP_ADD() + (OP_SUB() - OP_ADD()) * sub, 0, a, b, hi1, lo1, alpha, p);
    signal high[12] <== Range128()(en, cHi, alpha, p[TAGPOWER()]);
    signal low[12] <== Range128()(en, cLo, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 12; i++) { o[i] <== step[i]; o[12 + i] <== high[i]; o[24 + i] <== low[i]; }
}
