pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. AND (or = xor = 0), OR (or = 1) or XOR (xor = 1) of two items, bit by bit. Gas 3.
//
// COLUMNS. en, or, xor booleans (checked; or and xor not both); exec: the machine before the step (lib/stack.circom); a, b: the items
// (lib/stack.circom, Pop); aNibbles, bNibbles: the upper 31 of the 32 nibbles of their high halves, then of their low halves, lower
// ones first; cNibbles: a & b, 32 nibbles of the high half, then 32 of the low one.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, RANGE12 six times, AND4 64 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The lowest nibble of a half of an item has no column: it is the half less 16^i times the others. AND4
// holds for integers of four bits alone, so all nibbles are such, the half is below 16^32 (who pushed it checked) and so is
// the sum of nibbles that is equal to it mod r: equal in integers, and digits are unique. So C = a & b by nibbles, and by bits
//   a | b = a + b - C,   a ^ b = a + b - 2 C:   c = C + or (a + b - 2 C) + xor (a + b - 3 C), half by half, 128-bit as it has to be.
// or and xor are what CODE says. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 228, one of them linear.
template Bitwise() {
    signal input en, exec[STEP()], or, xor, a[POP()], b[POP()], aNibbles[62], bNibbles[62], cNibbles[64];
    signal input alpha, p[32];
    signal output o[76];

    en * (en - 1) === 0;
    or * (or - 1) === 0;
    xor * (xor - 1) === 0;
    or * xor === 0;

    signal b1[64], c1[64], bits[2], word[2];
    var f;
    for (var half = 0; half < 2; half++) {
        var x = a[half], y = b[half], z = 0;
        for (var i = 31; i >= 0; i--) {
            var n = 32*half + i, j = 31*half + i - 1;
            var u = x, v = y;
            if (i > 0) {
                u = aNibbles[j]; v = bNibbles[j];
                x -= (1 << 4 * i) * u; y -= (1 << 4 * i) * v;
            }
            z += (1 << 4 * i) * cNibbles[n];
            b1[n] <== p[AND4_b()] * v;
            c1[n] <== p[AND4_c()] * cNibbles[n];
            f = alpha + u + b1[n] + c1[n] + AND4() * p[TAGPOWER()];
            o[12 + n] <-- -en / f;
            o[12 + n] * f === -en;
        }
        bits[half] <== xor * (a[half] + b[half] - 3 * z);
        word[half] <== or * (a[half] + b[half] - 2 * z) + bits[half] + z;
    }

    signal hi1 <== p[STACK_hi()] * word[0];
    signal lo1 <== p[STACK_lo()] * word[1];
    var op = OP_AND() + (OP_OR() - OP_AND()) * or + (OP_XOR() - OP_AND()) * xor;
    signal step[12] <== Binary(GAS_AND(), WORK_bitwise())(en, exec, op, 0, a, b, hi1, lo1, alpha, p);
    for (var i = 0; i < 12; i++) { o[i] <== step[i]; }
}
