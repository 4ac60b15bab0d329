pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. SHL of the word 1 by s < 256: c = 2^s. Compilers make masks of it (1 << 160, less 1). Gas 3. Any other SHL has a row of `shift`,
// several times as dear; where both apply they say the same.
//
// COLUMNS. en, upper booleans (checked); exec: the machine before the step (lib/stack.circom); low: s mod 128; pow: 2^low; gap,
// oneGap: the ages of s and of the 1, as Pop has them.
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, POW2, RANGE12 six times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The items received have the halves (0, low + 128 upper) and (0, 1), so these are the items. POW2 holds for
// 0 <= low < 128 alone: s has one such form. The result is pow in the half that upper says and 0 in the other: 128-bit.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 29.
template Pow2() {
    signal input en, upper, exec[STEP()], low, pow, gap[3], oneGap[3];
    signal input alpha, p[32];
    signal output o[13];

    en * (en - 1) === 0;
    upper * (upper - 1) === 0;

    component step = Step(1, 1, -1, GAS_SHL(), WORK_shift());
    step.en <== en; step.exec <== exec; step.op <== OP_SHL(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    // Two pops whose high halves are 0
    signal age[3] <== Range(3)(en, gap, alpha, p[TAGPOWER()]), oneAge[3] <== Range(3)(en, oneGap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[3 + i] <== age[i]; o[6 + i] <== oneAge[i]; }
    Exec() m <== Machine()(exec);
    signal s1 <== p[STACK_lo()] * (low + 128 * upper);
    var now = alpha + m.ts + step.call1 + step.sp1 + STACK() * p[TAGPOWER()];
    var f = now - 1 - gap[0] - (1 << 12) * gap[1] - (1 << 24) * gap[2] - p[STACK_idx()] + s1;
    o[9] <-- -en / f;
    o[9] * f === -en;
    f = now - 1 - oneGap[0] - (1 << 12) * oneGap[1] - (1 << 24) * oneGap[2] - 2 * p[STACK_idx()] + p[STACK_lo()];
    o[10] <-- -en / f;
    o[10] * f === -en;

    signal pow1 <== p[POW2_p()] * pow;
    f = alpha + low + pow1 + POW2() * p[TAGPOWER()];
    o[11] <-- -en / f;
    o[11] * f === -en;

    signal hi <== upper * pow;
    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * (pow - hi);
    f = now - 2 * p[STACK_idx()] + hi1 + lo1;
    o[12] <-- en / f;
    o[12] * f === en;
}
