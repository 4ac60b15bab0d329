pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. c = x shifted by s bits, s popped first. SHL: c = x * 2^s mod 2^256. SHR: c = floor(x / 2^s). SAR: the same of x as a signed number,
// rounded down. For s >= 256 that is 0, or 2^256 - 1 for SAR of a negative x. Gas 3.
//
// COLUMNS. en; right: SHR or SAR; arith: SAR; exec: the machine before the step (lib/stack.circom); s, x: the items
// (lib/stack.circom, Pop); far: s >= 256; upper: s >= 128; down: right, or far; negative: SAR of a negative x; steep: t >= 120. All of
// these are booleans (checked; down is one by what it has to be). t: the shift within a half; pow: 2^t, 0 if far; magnitude: x, or its complement
// if negative, its high half, if arith, in eleven 12-bit limbs; low, high: two halves of the product below; lowCarry, highCarry:
// what is carried out of each. All four in eleven 12-bit limbs.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, POW2 (unless far), RANGE12 65 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Let X be x, or 2^256 - 1 - x if negative, and M = 2^t for SHL, 2^(t + 1) to the right. Then
//   X_lo M = low + 2^128 lowCarry,   X_hi M + lowCarry = high + 2^128 highCarry,   so   X M = low + 2^128 high + 2^256 highCarry.
//  - left:   s = t, c = (high, low);                   s = 128 + t (upper), c = (low, 0)
//  - right:  s = 127 - t, c = (highCarry, high);        s = 255 - t (upper), c = (0, highCarry)
// since floor(X / 2^(127 - t)) = floor(X 2^(t + 1) / 2^128), and floor(X / 2^(255 - t)) = floor(X 2^(t + 1) / 2^256). s's high half
// is 0 unless far, and POW2 holds for 0 <= t < 128 alone, so upper and t are determined by s < 256.
// The equations hold in integers:
//  - steep = 0: t <= 119, as 119 - t is in RANGE12, so M <= 2^120; the carries' top limbs are 0, so they are below 2^120. Both
//    sides of both equations are below 2^249 < r.
//  - steep = 1: t >= 120, as t - 120 is in RANGE12. Both sides are below 2^261 < 2^8 r and differ by k r, |k| < 2^8. M is a multiple of 4096,
//    and low's lowest limb is 0, high's is lowCarry's (checked): both sides are the same mod 4096, so is k r with r odd: k = 0.
// So low and high, 128-bit by Range128, and the carries are the ones of the division, highCarry < M too.
//  - far: pow = 0, steep = 0, and the result is that of right, upper. The first equation, with 256 s_hi + s_lo - 256 on its left side, an
//    integer between -2^8 and 2^137, says that this is low + 2^128 lowCarry with lowCarry < 2^120: not negative, that is s_hi > 0 or
//    s_lo >= 256, so s >= 256. By the second equation 0 = high + 2^128 highCarry - lowCarry: high = lowCarry < 2^128, highCarry = 0, c = 0.
//  - SAR: X_hi < 2^127 by limbs (32 times the top one is in range too), for x or its complement: of these exactly one has its
//    top bit 0. The result is turned again if negative: floor(x / 2^s) = -1 - floor((-1 - x) / 2^s). negative = 0 for SHL, SHR.
// Halves of c are below 2^128: low, high by range, highCarry as it is below M. Stack, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 128, one of them linear.
template Shift() {
    signal input en, right, arith, exec[STEP()], s[POP()], x[POP()], far, upper, down, negative, steep, t, pow;
    signal input magnitude[11], low[11], high[11], lowCarry[11], highCarry[11];
    signal input alpha, p[32];
    signal output o[72];

    // Kinds
    var near = en - far;
    en * (en - 1) === 0;
    right * (right - 1) === 0;
    arith * (arith - 1) === 0;
    arith * (1 - right) === 0;
    far * (far - 1) === 0;
    far * (1 - en) === 0;
    upper * (upper - 1) === 0;
    far * (1 - upper) === 0;
    near * (down - right) === 0;
    far * (1 - down) === 0;
    negative * (negative - 1) === 0;
    negative * (1 - arith) === 0;
    steep * (steep - 1) === 0;

    // The shift
    signal back <== down * (127 - 2 * t);
    near * s[0] === 0;
    near * (s[1] - t - back - 128 * upper) === 0;
    signal pow1 <== p[POW2_p()] * pow;
    var f = alpha + t + pow1 + POW2() * p[TAGPOWER()];
    o[11] <-- -near / f;
    o[11] * f === -near;
    far * pow === 0;
    far * steep === 0;
    signal above <== steep * (119 - t);
    f = alpha + 119 - t - 2 * above - steep + RANGE12() * p[TAGPOWER()];
    o[12] <-- -en / f;
    o[12] * f === -en;
    signal factor <== pow * (1 + down);

    // The product
    var lo = 0, hi = 0, loCarry = 0, hiCarry = 0, size = 0;
    for (var i = 10; i >= 0; i--) {
        lo = 4096 * lo + low[i]; hi = 4096 * hi + high[i];
        loCarry = 4096 * loCarry + lowCarry[i]; hiCarry = 4096 * hiCarry + highCarry[i];
        size = 4096 * size + magnitude[i];
    }
    signal xHi <== negative * ((1 << 128) - 1 - 2 * x[0]) + x[0];
    signal xLo <== negative * ((1 << 128) - 1 - 2 * x[1]) + x[1];
    arith * xHi === size;
    signal excess <== far * (256 * s[0] + s[1] - 256);
    xLo * factor === lo + (1 << 128) * loCarry - excess;
    xHi * factor === hi + (1 << 128) * hiCarry - loCarry;
    steep * low[0] === 0;
    steep * (high[0] - lowCarry[0]) === 0;
    (1 - steep) * lowCarry[10] === 0;
    (1 - steep) * highCarry[10] === 0;

    signal lows[12] <== Range128()(en, low, alpha, p[TAGPOWER()]), highs[12] <== Range128()(en, high, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 12; i++) { o[13 + i] <== lows[i]; o[25 + i] <== highs[i]; }
    signal lowCarries[11] <== Range(11)(en, lowCarry, alpha, p[TAGPOWER()]), highCarries[11] <== Range(11)(en, highCarry, alpha, p[TAGPOWER()]);
    signal magnitudes[11] <== Range(11)(en, magnitude, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 11; i++) { o[37 + i] <== lowCarries[i]; o[48 + i] <== highCarries[i]; o[59 + i] <== magnitudes[i]; }
    f = alpha + 32 * magnitude[10] + RANGE12() * p[TAGPOWER()];
    o[70] <-- -en / f;
    o[70] * f === -en;

    // The result
    signal part[4], plain[2], c[2];
    signal downUpper <== down * upper;
    part[0] <== (1 - down - upper + downUpper) * hi;
    part[1] <== (upper - downUpper) * lo + part[0];
    plain[0] <== (down - downUpper) * hiCarry + part[1];
    part[2] <== (1 - down - upper + downUpper) * lo;
    part[3] <== (down - downUpper) * hi + part[2];
    plain[1] <== downUpper * hiCarry + part[3];
    for (var k = 0; k < 2; k++) { c[k] <== negative * ((1 << 128) - 1 - 2 * plain[k]) + plain[k]; }
    signal hi1 <== p[STACK_hi()] * c[0];
    signal lo1 <== p[STACK_lo()] * c[1];
    var op = OP_SHL() + (OP_SHR() - OP_SHL()) * right + (OP_SAR() - OP_SHR()) * arith;
    signal step[12] <== Binary(GAS_SHL(), WORK_shift())(en, exec, op, 0, s, x, hi1, lo1, alpha, p);
    for (var k = 0; k < 11; k++) { o[k] <== step[k]; }
    o[71] <== step[11];
}
