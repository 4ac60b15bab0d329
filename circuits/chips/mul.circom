pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. MUL: c = a * b mod 2^256. a is popped first. Gas 5.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); a, b: the two items (lib/stack.circom, Pop);
// aHi, aLo, bHi, bLo, cHi, cLo: the halves of items and result in eleven 12-bit limbs; carry0[7], carry1[7]: 12-bit limbs of what is carried
// out of each half.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, RANGE12 88 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The lower six limbs of a half make its low part (below 2^72), the upper five its high part (below 2^60): a
// half is x0 + 2^72 x1, so with x2, x3 for the high half
//   x = x0 + 2^72 x1 + 2^128 x2 + 2^200 x3          as integers: halves of items are below 2^128, limbs below 2^132, nothing wraps.
// Of the sixteen products those of 2^256 and more are left out: x1 y3, x3 y1, x2 y2, x2 y3, x3 y2, x3 y3. The others are
//   L = x0 y0 + 2^72 (x0 y1 + x1 y0)                                               weight 1
//   H = 2^16 x1 y1 + x0 y2 + x2 y0 + 2^72 (x0 y3 + x1 y2 + x2 y1 + x3 y0)           weight 2^128 (2^144 = 2^128 * 2^16)
// and a b = L + 2^128 H mod 2^256. The circuit says
//   L = cLo + 2^128 carry0,      H + carry0 = cHi + 2^128 carry1.
// L < 2^205, H < 2^207, carries < 2^84, so both sides stay below 2^213 < r and the equations hold in integers. Multiply the second by 2^128 and
// add: c = a b - (a multiple of 2^256), and cHi, cLo are 128-bit by range: no other c. An honest carry0 is below 2^74, carry1 below 2^76.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 120.
template Mul() {
    signal input en, exec[STEP()], a[POP()], b[POP()], aHi[11], aLo[11], bHi[11], bLo[11], cHi[11], cLo[11], carry0[7], carry1[7];
    signal input alpha, p[32];
    signal output o[94];

    en * (en - 1) === 0;

    // Parts of 72 and 60 bits, halves
    var x[4] = [0, 0, 0, 0], y[4] = [0, 0, 0, 0], hi = 0, lo = 0, up0 = 0, up1 = 0;
    for (var i = 5; i >= 0; i--) {
        x[0] = 4096 * x[0] + aLo[i]; x[2] = 4096 * x[2] + aHi[i];
        y[0] = 4096 * y[0] + bLo[i]; y[2] = 4096 * y[2] + bHi[i];
    }
    for (var i = 4; i >= 0; i--) {
        x[1] = 4096 * x[1] + aLo[6 + i]; x[3] = 4096 * x[3] + aHi[6 + i];
        y[1] = 4096 * y[1] + bLo[6 + i]; y[3] = 4096 * y[3] + bHi[6 + i];
    }
    for (var i = 10; i >= 0; i--) { hi = 4096 * hi + cHi[i]; lo = 4096 * lo + cLo[i]; }
    for (var i = 6; i >= 0; i--) { up0 = 4096 * up0 + carry0[i]; up1 = 4096 * up1 + carry1[i]; }
    a[0] === x[2] + (1 << 72) * x[3];
    a[1] === x[0] + (1 << 72) * x[1];
    b[0] === y[2] + (1 << 72) * y[3];
    b[1] === y[0] + (1 << 72) * y[1];

    // L = x0 * bLo + x1 * 2^72 y0;  H = x0 * bHi + x1 * (2^16 y1 + 2^72 y2) + x2 * bLo + x3 * 2^72 y0
    signal l0 <== x[0] * b[1];
    x[1] * ((1 << 72) * y[0]) === lo + (1 << 128) * up0 - l0;
    signal h0 <== x[0] * b[0];
    signal h1 <== x[1] * ((1 << 16) * y[1] + (1 << 72) * y[2]);
    signal h2 <== x[2] * b[1];
    x[3] * ((1 << 72) * y[0]) === hi + (1 << 128) * up1 - up0 - h0 - h1 - h2;

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    signal step[12] <== Binary(GAS_MUL(), WORK_mul())(en, exec, OP_MUL(), 0, a, b, hi1, lo1, alpha, p);
    signal high[12] <== Range128()(en, cHi, alpha, p[TAGPOWER()]);
    signal low[12] <== Range128()(en, cLo, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 12; i++) { o[i] <== step[i]; o[12 + i] <== high[i]; o[24 + i] <== low[i]; }
    signal aHighs[11] <== Range(11)(en, aHi, alpha, p[TAGPOWER()]), aLows[11] <== Range(11)(en, aLo, alpha, p[TAGPOWER()]);
    signal bHighs[11] <== Range(11)(en, bHi, alpha, p[TAGPOWER()]), bLows[11] <== Range(11)(en, bLo, alpha, p[TAGPOWER()]);
    signal carries0[7] <== Range(7)(en, carry0, alpha, p[TAGPOWER()]), carries1[7] <== Range(7)(en, carry1, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 11; i++) { o[36 + i] <== aHighs[i]; o[47 + i] <== aLows[i]; o[58 + i] <== bHighs[i]; o[69 + i] <== bLows[i]; }
    for (var i = 0; i < 7; i++) { o[80 + i] <== carries0[i]; o[87 + i] <== carries1[i]; }
}
