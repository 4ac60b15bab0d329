pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. a is popped first, then b. All are 0 when b = 0. Gas 5.
//   DIV   c = floor(a / b)                           MOD   c = a mod b                 (integers in [0, 2^256))
//   SDIV  c = a / b rounded towards 0                SMOD  c = a - b * SDIV            (two's complement; SDIV of -2^255 by -1 is -2^255)
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); sgn, mod booleans (checked), the low bits of the
// opcode: op = 4 + sgn + 2 mod; a, b: the two items (lib/stack.circom, Pop); aTop, bTop booleans (checked): the item is negative (SDIV,
// SMOD), else 0; zero boolean (checked): b = 0. In 12-bit limbs: aHigh[11] the high half of a' below, 32 times it for SDIV and SMOD; bHi, bLo
// the halves of b'; qHi, qLo, rHi, rLo the halves of quotient and remainder of the absolute values; carry[7]; slack[11] how far the remainder
// is below the divisor, less 1, where same (boolean, checked) = 1 says that their high halves are equal; cHi, cLo the result; borrow[2] booleans
// (checked).
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, RANGE12 127 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Items' halves are integers below 2^128 (who pushed them checked that); limbs are integers by range.
// (1) Signs. x' = x, or with xTop = 1 its complement 2^256 - 1 - x: half by half xHalf or 2^128 - 1 - xHalf, again 128-bit integers.
//     sgn = 0 forces xTop = 0. sgn = 1 forces x' < 2^255: for a since 32 a'Hi (below 2^133) is eleven limbs; for b since b'Hi is eleven limbs and 32 times
//     the top one is a limb. So xTop is the sign bit, and A = a' + aTop is a or its absolute value, at most 2^256 - 1; B = b' + bTop + zero likewise
//     of b, but 1 for b = 0: zero = 1 forces bHi + bLo = 0, and with b = 0 and zero = 0 (6) would have R < 0.
// (2) Parts. The lower six limbs of a half make its low part, the upper five its high part: Q = q0 + 2^72 q1 + 2^128 q2 + 2^200 q3, and
//     B = d0 + 2^72 d1 + 2^128 d2 + 2^200 d3 with bTop + zero counted in d0. q0, q2, d2 < 2^72, d0 < 2^73, the others < 2^60; none is negative.
// (3) No overflow. q1 d3 + q2 (d2 + 2^72 d3) + q3 (d1 + d2 + 2^72 d3) = 0. It is a sum of non-negative integers below 2^206, so each product is 0:
//     q1 d3 = q2 d2 = q2 d3 = q3 d1 = q3 d2 = q3 d3 = 0, which are all the products that Q B has from 2^256 on.
// (4) Hence A = Q B + R is, in integers, with carry - aTop for what goes from the low half to the high one,
//       q0 BLo + 2^72 q1 d0 + RLo                                    = a'Lo + aTop + 2^128 (carry - aTop)
//       q1 (2^16 d1 + 2^72 d2) + q0 BHi + q2 BLo + 2^72 q3 d0 + RHi  = a'Hi - (carry - aTop)
//     (2^144 = 2^128 * 2^16, 2^200 = 2^128 * 2^72). All terms stay below 2^213 < r. The first plus 2^128 times the second is A = Q B + R.
// (5) An honest Q, R has limbs for all this: if d3 > 0 then B >= 2^200 and q1 = 0, if d2 > 0 then B >= 2^128 and q2 = q3 = 0, if d1 > 0 then
//     q3 = 0; carry < 2^75, and carry - aTop >= -aTop, since a'Lo + aTop <= 2^128 and is 2^128 only with aTop = 1.
// (6) R < B. same = 1: BHi = RHi and BLo - RLo = slack + 1 > 0. same = 0: BHi - RHi = slack + 1 >= 1, and RLo < 2^128 (its range), BLo >= 0.
//     So Q and R are quotient and remainder of A by B, whatever limbs stand for them. With b = 0: B = 1, Q = A, R = 0.
// (7) Result. V = R for MOD, SMOD and for b = 0 (0 then), else Q; negative = aTop for the remainder, aTop xor bTop for the quotient.
//       cLo = +-VLo + 2^128 borrow0,    cHi = +-VHi - borrow0 + 2^128 borrow1        so c = +-V + 2^256 borrow1 as integers (below 2^134)
//     and c's halves are 128-bit by range: c = +-V mod 2^256, no other.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: zero = 1, same = 1, all else 0. COST: 184.
template Div() {
    signal input en, exec[STEP()], sgn, mod, a[POP()], b[POP()], aTop, bTop, zero, aHigh[11], bHi[11], bLo[11];
    signal input qHi[11], qLo[11], rHi[11], rLo[11], carry[7], same, slack[11], cHi[11], cLo[11], borrow[2];
    signal input alpha, p[32];
    signal output o[133];

    en * (en - 1) === 0;
    sgn * (sgn - 1) === 0;
    mod * (mod - 1) === 0;

    // Halves, parts of 72 and 60 bits
    var aHi32 = 0, bHiAbs = 0, bLoAbs = 0, QHi = 0, QLo = 0, RHi = 0, RLo = 0, up = 0, gap = 0, CHi = 0, CLo = 0;
    for (var i = 10; i >= 0; i--) {
        aHi32 = 4096 * aHi32 + aHigh[i]; gap = 4096 * gap + slack[i];
        bHiAbs = 4096 * bHiAbs + bHi[i]; bLoAbs = 4096 * bLoAbs + bLo[i];
        QHi = 4096 * QHi + qHi[i]; QLo = 4096 * QLo + qLo[i];
        RHi = 4096 * RHi + rHi[i]; RLo = 4096 * RLo + rLo[i];
        CHi = 4096 * CHi + cHi[i]; CLo = 4096 * CLo + cLo[i];
    }
    for (var i = 6; i >= 0; i--) { up = 4096 * up + carry[i]; }
    gap += 1; up -= aTop;
    var q[4] = [0, 0, 0, 0], d[4] = [0, 0, 0, 0];
    for (var i = 5; i >= 0; i--) {
        q[0] = 4096 * q[0] + qLo[i]; q[2] = 4096 * q[2] + qHi[i];
        d[0] = 4096 * d[0] + bLo[i]; d[2] = 4096 * d[2] + bHi[i];
    }
    for (var i = 4; i >= 0; i--) {
        q[1] = 4096 * q[1] + qLo[6 + i]; q[3] = 4096 * q[3] + qHi[6 + i];
        d[1] = 4096 * d[1] + bLo[6 + i]; d[3] = 4096 * d[3] + bHi[6 + i];
    }
    d[0] += bTop + zero;
    var DHi = bHiAbs, DLo = bLoAbs + bTop + zero;

    // Signs, zero
    aTop * (aTop - 1) === 0;
    bTop * (bTop - 1) === 0;
    zero * (zero - 1) === 0;
    (aTop + bTop) * (1 - sgn) === 0;
    zero * (b[0] + b[1]) === 0;
    signal aHiAbs <== aTop * ((1 << 128) - 1 - 2 * a[0]) + a[0];
    signal aLoAbs <== aTop * ((1 << 128) - 1 - 2 * a[1]) + a[1];
    (1 + 31 * sgn) * aHiAbs === aHi32;
    bTop * ((1 << 128) - 1 - 2 * b[0]) === bHiAbs - b[0];
    bTop * ((1 << 128) - 1 - 2 * b[1]) === bLoAbs - b[1];
    signal bTopLimb <== sgn * bHi[10];
    var f = alpha + 32 * bTopLimb + RANGE12() * p[TAGPOWER()];
    o[11] <-- -en / f;
    o[11] * f === -en;

    // A = Q B + R
    signal over1 <== q[1] * d[3];
    signal over2 <== q[2] * DHi;
    q[3] * (d[1] + DHi) === -over1 - over2;
    signal l0 <== q[0] * DLo;
    q[1] * ((1 << 72) * d[0]) === aLoAbs + aTop + (1 << 128) * up - l0 - RLo;
    signal h0 <== q[0] * DHi;
    signal h1 <== q[1] * ((1 << 16) * d[1] + (1 << 72) * d[2]);
    signal h2 <== q[2] * DLo;
    q[3] * ((1 << 72) * d[0]) === aHiAbs - up - h0 - h1 - h2 - RHi;

    // R < B
    same * (same - 1) === 0;
    same * (DHi - RHi) === 0;
    same * (DLo - RLo - DHi + RHi) === gap - DHi + RHi;

    // The result
    signal takesR <== mod * (1 - zero) + zero;
    signal vHi <== takesR * (RHi - QHi) + QHi;
    signal vLo <== takesR * (RLo - QLo) + QLo;
    signal bCounts <== bTop * (1 - mod);
    signal negative <== aTop * (1 - 2 * bCounts) + bCounts;
    borrow[0] * (borrow[0] - 1) === 0;
    borrow[1] * (borrow[1] - 1) === 0;
    2 * negative * vLo === vLo + (1 << 128) * borrow[0] - CLo;
    2 * negative * vHi === vHi + (1 << 128) * borrow[1] - borrow[0] - CHi;

    signal hi1 <== p[STACK_hi()] * CHi;
    signal lo1 <== p[STACK_lo()] * CLo;
    var op = OP_DIV() + (OP_SDIV() - OP_DIV()) * sgn + (OP_MOD() - OP_DIV()) * mod;
    signal step[12] <== Binary(GAS_DIV(), WORK_div())(en, exec, op, 0, a, b, hi1, lo1, alpha, p);
    for (var i = 0; i < 11; i++) { o[i] <== step[i]; }
    o[12] <== step[11];
    signal high[12] <== Range128()(en, cHi, alpha, p[TAGPOWER()]);
    signal low[12] <== Range128()(en, cLo, alpha, p[TAGPOWER()]);
    signal rest[12] <== Range128()(en, rLo, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 12; i++) { o[13 + i] <== high[i]; o[25 + i] <== low[i]; o[37 + i] <== rest[i]; }
    signal aHighs[11] <== Range(11)(en, aHigh, alpha, p[TAGPOWER()]), slacks[11] <== Range(11)(en, slack, alpha, p[TAGPOWER()]);
    signal bHighs[11] <== Range(11)(en, bHi, alpha, p[TAGPOWER()]), bLows[11] <== Range(11)(en, bLo, alpha, p[TAGPOWER()]);
    signal qHighs[11] <== Range(11)(en, qHi, alpha, p[TAGPOWER()]), qLows[11] <== Range(11)(en, qLo, alpha, p[TAGPOWER()]);
    signal rHighs[11] <== Range(11)(en, rHi, alpha, p[TAGPOWER()]), carries[7] <== Range(7)(en, carry, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 11; i++) {
        o[49 + i] <== aHighs[i]; o[60 + i] <== bHighs[i]; o[71 + i] <== bLows[i];
        o[82 + i] <== qHighs[i]; o[93 + i] <== qLows[i]; o[104 + i] <== rHighs[i]; o[115 + i] <== slacks[i];
    }
    for (var i = 0; i < 7; i++) { o[126 + i] <== carries[i]; }
}
