pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. Two items are compared; pushed is 1 when the relation holds, else 0. Gas 3. a is popped first.
//   LT a < b, GT a > b (as integers in [0, 2^256));  SLT, SGT the same in two's complement;  EQ a = b;  ISZERO a = 0, and only a is popped.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); gt, sgn, eq booleans (checked), the three low
// bits of the opcode: op = 0x10 + gt + 2 sgn + 4 eq, ISZERO having gt = eq = 1; a, b: the two items (lib/stack.circom, Pop), b all 0
// for ISZERO (checked); less, equal booleans (checked): the relation of a to b; same boolean (checked): the high halves are equal; slack[11]:
// 12-bit limbs of how far apart they are, less 1; aTop, bTop booleans (checked): the item is negative (SLT, SGT), else 0;
// aHigh[11], bHigh[11]: 12-bit limbs of 16 times the high half, as it is compared.
//
// TUPLES, each times en. Receives EXEC, STACK (the second one not for ISZERO); sends EXEC, STACK; looks up CODE, RANGE12 39 times.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) Opcode. sgn * eq = 0, so gt, sgn, eq make 0x10..0x15 and nothing else, each in one way: CODE at pc decides what is proven.
// (2) Sign. x' = xHi + 2^127 sgn - 2^128 xTop is the high half as it is compared. xHi is a 128-bit integer (who pushed it checked that), so
//     x' is an integer in (-2^129, 2^129) and 16 x' does not wrap; it equals eleven 12-bit limbs, so 0 <= x' < 2^128. Hence with sgn = 0 xTop is 0
//     and x' = xHi. With sgn = 1: xHi < 2^127 forces xTop = 0 (else x' < 0), xHi >= 2^127 forces xTop = 1 (else x' >= 2^128), and
//     (x', xLo) is x + 2^255 in two's complement, whose unsigned order is the signed order of x.
// (3) Relation. With dHi = a' - b', dLo = aLo - bLo, D = dHi or, when same = 1, D = dLo; same = 1 forces dHi = 0. Exactly one of these holds:
//       less  = 1: D = - (slack + 1) < 0      equal = 1: less = 0, same = 1, D = 0      neither: D = slack + 1 > 0
//     All are integers below 2^133 in absolute value: no wrap. D < 0 or D > 0 decides the order of the words: with same = 0 by the high
//     halves, with same = 1 by the low ones, the high ones being equal. D = 0 with same = 0 fits no case. So less and equal are what the words
//     are, and with `equal` a is b in both halves.
// (4) ISZERO. b's halves are 0 by constraint, b is not received (its weight is en * (1 - iszero)); the stack does not shrink.
// (5) The result is 0 or 1, made of booleans, so it needs no range check. Order, time, stack, islands: lib/step.circom.
//
// PADDING: same = 1, equal = 1, all else 0. COST: 88.
template Compare() {
    signal input en, exec[STEP()], gt, sgn, eq, a[POP()], b[POP()], less, equal, same, slack[11], aTop, aHigh[11], bTop, bHigh[11];
    signal input alpha, p[32];
    signal output o[45];

    en * (en - 1) === 0;
    gt * (gt - 1) === 0;
    sgn * (sgn - 1) === 0;
    eq * (eq - 1) === 0;
    sgn * eq === 0;
    signal iszero <== gt * eq;
    signal two <== en * (1 - iszero);
    signal stays <== p[EXEC_sp()] * iszero;           // EXEC's sp and STACK's idx have one power

    var op = OP_LT() + (OP_GT() - OP_LT()) * gt + (OP_SLT() - OP_LT()) * sgn + (OP_EQ() - OP_LT()) * eq;
    component step = Step(1, 1, -1, GAS_LT(), WORK_compare());
    step.en <== en; step.exec <== exec; step.op <== op; step.extra <== stays; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal top[4], next[4];
    (_, _, top) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    (_, _, next) <== Pop(2)(two, exec, step.call1, step.sp1, b, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== top[i]; o[7 + i] <== next[i]; }
    for (var i = 0; i < POP(); i++) { iszero * b[i] === 0; }

    // The high halves as they are compared
    aTop * (aTop - 1) === 0;
    bTop * (bTop - 1) === 0;
    var aHi = a[0] + sgn * (1 << 127) - aTop * (1 << 128), bHi = b[0] + sgn * (1 << 127) - bTop * (1 << 128);
    var aHi16 = 0, bHi16 = 0, gap = 0;
    for (var i = 10; i >= 0; i--) { aHi16 = 4096 * aHi16 + aHigh[i]; bHi16 = 4096 * bHi16 + bHigh[i]; gap = 4096 * gap + slack[i]; }
    gap += 1;
    16 * aHi === aHi16;
    16 * bHi === bHi16;

    // The relation
    less * (less - 1) === 0;
    equal * (equal - 1) === 0;
    same * (same - 1) === 0;
    equal * (1 - same + less) === 0;
    same * (aHi - bHi) === 0;
    signal D <== same * (a[1] - b[1] - aHi + bHi) + aHi - bHi;
    equal * D === 0;
    2 * less * D === D - gap + equal;

    // The result: less, or greater = 1 - less - equal, or equal
    signal order <== gt * (1 - 2 * less - equal) + less;
    signal result <== eq * (equal - order) + order;
    signal lo1 <== p[STACK_lo()] * result;
    o[11] <== Push(2)(en, exec, step.call1, step.sp1 + stays, 0, lo1, alpha, p);

    signal slacks[11] <== Range(11)(en, slack, alpha, p[TAGPOWER()]);
    signal aHighs[11] <== Range(11)(en, aHigh, alpha, p[TAGPOWER()]);
    signal bHighs[11] <== Range(11)(en, bHigh, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 11; i++) { o[12 + i] <== slacks[i]; o[23 + i] <== aHighs[i]; o[34 + i] <== bHighs[i]; }
}
