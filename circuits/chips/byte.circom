pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. BYTE (extend = 0): c = byte number i of x, counted from the top; 0 for i >= 32. SIGNEXTEND (extend = 1): c = the lowest i + 1 bytes of
// x as a signed number; x for i >= 32 (as for i = 31). i is popped first. Gas 3 (BYTE), 5 (SIGNEXTEND).
//
// COLUMNS. en; extend; exec: the machine before the step (lib/stack.circom); i, x: the items (lib/stack.circom, Pop); upper: the
// byte is in x's high half; sign: its top bit; far: i >= 32. These are booleans (checked). at: the byte's place in its half, from the
// bottom; rest: the byte's lower seven bits; above: the bytes above it in ten 12-bit limbs; below: the bytes below it, room: what they
// leave up to 2^(8 at) - 1, in eleven.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, POW2 (unless far), RANGE12 40 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Near (not far): i's high half is 0 and i = 16 upper + at (SIGNEXTEND) or 31 - (16 upper + at) (BYTE). So
// at is an integer, and as POW2(8 at, pow) holds for 0 <= 8 at < 128 alone, 0 <= at < 16: upper and at are determined, pow = 2^(8 at). With
// byte = 128 sign + rest, 0 <= rest < 128 (rest and 32 rest are in range), the half H of x that upper says is
//   H = (256 above + byte) pow + below,   pow = 1 + below + room:  0 <= below < pow.
// above < 2^120 and pow <= 2^120: both sides are below 2^249 < r, equal in integers, and so above, byte, below are H's digits. Then
//   BYTE: c = (0, byte).
//   SIGNEXTEND: E = H - 256 above pow + sign (2^128 - 256 pow) is H with every bit above the byte replaced by sign, below 2^128. The
//   result is (E, x_lo) if upper, else (2^128 - 1 or 0 by sign, E).
// Far: 32 i_hi + i_lo - 32 is below + 2^132 times room's lowest limb, an integer of [0, 2^144): i_hi > 0 or i_lo >= 32, so i >= 32. There
// upper = 1, at = 0 and 256 above + byte = 0, so all of them are 0, E = x_hi, and the result is 0 (BYTE) or x (SIGNEXTEND).
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 87, one of them linear.
template Byte() {
    signal input en, extend, exec[STEP()], i[POP()], x[POP()], upper, sign, far, at, rest, above[10], below[11], room[11];
    signal input alpha, p[32];
    signal output o[47];

    en * (en - 1) === 0;
    extend * (extend - 1) === 0;
    upper * (upper - 1) === 0;
    sign * (sign - 1) === 0;
    far * (far - 1) === 0;
    far * (1 - en) === 0;
    var near = en - far;

    // Where the byte is
    var high = 0, low = 0, left = 0, byte = 128 * sign + rest, place = 16 * upper + at;
    for (var k = 10; k >= 0; k--) { low = 4096 * low + below[k]; left = 4096 * left + room[k]; }
    for (var k = 9; k >= 0; k--) { high = 4096 * high + above[k]; }
    signal turned <== extend * (2 * place - 31);
    near * i[0] === 0;
    near * (i[1] - 31 + place - turned) === 0;
    far * (32 * i[0] + i[1] - 32 - low - (1 << 132) * room[0]) === 0;
    far * (1 - upper) === 0;
    far * (256 * high + byte) === 0;
    far * at === 0;

    // Digits
    var pow = 1 + low + left;
    signal pow1 <== p[POW2_p()] * pow;
    var f = alpha + 8 * at + pow1 + POW2() * p[TAGPOWER()];
    o[11] <-- -near / f;
    o[11] * f === -near;
    signal half <== upper * (x[0] - x[1]) + x[1];
    signal higher <== 256 * high * pow;
    signal middle <== byte * pow;
    near * (half - higher - middle - low) === 0;
    signal aboves[10] <== Range(10)(en, above, alpha, p[TAGPOWER()]), belows[11] <== Range(11)(en, below, alpha, p[TAGPOWER()]);
    signal rooms[11] <== Range(11)(en, room, alpha, p[TAGPOWER()]);
    for (var k = 0; k < 10; k++) { o[12 + k] <== aboves[k]; }
    for (var k = 0; k < 11; k++) { o[22 + k] <== belows[k]; o[33 + k] <== rooms[k]; }
    f = alpha + rest + RANGE12() * p[TAGPOWER()];
    o[44] <-- -en / f;
    o[44] * f === -en;
    f = alpha + 32 * rest + RANGE12() * p[TAGPOWER()];
    o[45] <-- -en / f;
    o[45] * f === -en;

    // The result
    signal fill <== sign * ((1 << 128) - 256 * pow);
    var extended = half - higher + fill, ones = ((1 << 128) - 1) * sign;
    signal extendedHi <== upper * (extended - ones) + ones;
    signal extendedLo <== upper * (x[1] - extended) + extended;
    signal cHi <== extend * extendedHi;
    signal cLo <== extend * (extendedLo - byte) + byte;
    signal hi1 <== p[STACK_hi()] * cHi;
    signal lo1 <== p[STACK_lo()] * cLo;
    var op = OP_BYTE() + (OP_SIGNEXTEND() - OP_BYTE()) * extend, dearer = (GAS_SIGNEXTEND() - GAS_BYTE()) * extend;
    signal step[12] <== Binary(GAS_BYTE(), WORK_byte())(en, exec, op, -dearer * p[EXEC_gas()], i, x, hi1, lo1, alpha, p);
    for (var k = 0; k < 11; k++) { o[k] <== step[k]; }
    o[46] <== step[11];
}
