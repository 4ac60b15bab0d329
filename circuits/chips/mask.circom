pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. AND of a value with the mask 2^160 - 1, which compilers put around every address: c = the value's low 160 bits. The mask
// is the topmost item (second = 0) or the one below it (second = 1). Gas 3. Any other AND has a row of `bitwise`, five times as dear; where
// both apply they say the same.
//
// COLUMNS. en, second booleans (checked); exec: the machine before the step (lib/stack.circom); a: the value (lib/stack.circom,
// Pop); gap: the mask's age, as Pop has it; kept: the low 32 bits of the value's high half in three limbs; cut: what is above in eight.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, RANGE12 18 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The other item is received with the mask's halves as constants, so it is the mask. The value's high
// half is kept + 2^32 cut, kept below 2^32 (its top limb and 16 times it are in range) and cut below 2^96: both sides are
// below 2^128 < r, the split holds in integers and is the only one. The result's high half is kept, its low half the value's.
// second cannot be chosen: it says at which index the mask is. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 40, one of them linear.
template Mask() {
    signal input en, exec[STEP()], second, a[POP()], gap[3], kept[3], cut[8];
    signal input alpha, p[32];
    signal output o[24];

    en * (en - 1) === 0;
    second * (second - 1) === 0;

    component step = Step(1, 1, -1, GAS_AND(), WORK_bitwise());
    step.en <== en; step.exec <== exec; step.op <== OP_AND(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    // The value at sp - 2 + second
    Exec() m <== Machine()(exec);
    signal idx1 <== p[STACK_idx()] * (m.sp + second);
    signal lo1, item[4];
    (_, lo1, item) <== Pop(2)(en, exec, step.call1, idx1, a, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== item[i]; }

    // The mask at sp - 1 - second
    signal age[3] <== Range(3)(en, gap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[7 + i] <== age[i]; }
    var old = m.ts - 1 - gap[0] - (1 << 12) * gap[1] - (1 << 24) * gap[2];
    var mask = ((1 << 32) - 1) * p[STACK_hi()] + ((1 << 128) - 1) * p[STACK_lo()];
    var f = alpha + old + step.call1 + 2 * step.sp1 - idx1 - p[STACK_idx()] + mask + STACK() * p[TAGPOWER()];
    o[10] <-- -en / f;
    o[10] * f === -en;

    var low = kept[0] + (1 << 12) * kept[1] + (1 << 24) * kept[2], high = 0;
    for (var i = 7; i >= 0; i--) { high = 4096 * high + cut[i]; }
    a[0] === low + (1 << 32) * high;

    signal range[3] <== Range(3)(en, kept, alpha, p[TAGPOWER()]), cuts[8] <== Range(8)(en, cut, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[11 + i] <== range[i]; }
    for (var i = 0; i < 8; i++) { o[14 + i] <== cuts[i]; }
    f = alpha + 16 * kept[2] + RANGE12() * p[TAGPOWER()];
    o[22] <-- -en / f;
    o[22] * f === -en;

    signal hi1 <== p[STACK_hi()] * low;
    o[23] <== Push(2)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);
}
