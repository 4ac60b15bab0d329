pragma circom 2.2.0;
include "../lib/range.circom";

// STATEMENT. A row of the table EXPANSION: memory that grows from `from` to `to` words costs C(to) - C(from) gas, with
// C(w) = 3 w + floor(w^2 / 512); from < to <= 2^44. True by itself, so a prover may have any rows of it, as often as looked up.
//
// COLUMNS. en boolean (checked); m: how often it is looked up, 0 when en = 0 (checked); from: four 12-bit limbs; gap: four of to - from - 1, top
// limbs below 2^7; fromQ, toQ: seven limbs of floor(w^2 / 512); fromR, toR: w^2 mod 512.
//
// TUPLES. Sends m times EXPANSION; times en looks up RANGE12 28 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. from and gap are integers below 2^43 (a limb x with x and 32 x in range is below 2^7), so to = from + gap + 1
// is one of (from, 2^44]. w^2 = 512 q + r with r < 512 (r and 8 r in range) and q < 2^84: both sides are below 2^94, the equation holds
// in integers and q = floor(w^2 / 512). The cost is a positive integer below 2^80. Nothing is received: no island.
//
// PADDING: toR = 1, as of sizes 0 and 1; all else 0. COST: 35.
template ExpansionChip() {
    signal input en, m, from[4], gap[4], fromQ[7], toQ[7], fromR, toR;
    signal input alpha, p[32];
    signal output o[29];

    en * (en - 1) === 0;
    m * (1 - en) === 0;
    var low = 0, high = 0, lowQ = 0, highQ = 0;
    for (var i = 3; i >= 0; i--) { low = 4096 * low + from[i]; high = 4096 * high + (from[i] + gap[i]); }
    for (var i = 6; i >= 0; i--) { lowQ = 4096 * lowQ + fromQ[i]; highQ = 4096 * highQ + toQ[i]; }
    high += 1;
    low * low === GAS_memoryQuotient() * lowQ + fromR;
    high * high === GAS_memoryQuotient() * highQ + toR;

    signal from1 <== p[EXPANSION_from()] * low;
    signal to1 <== p[EXPANSION_to()] * high;
    var f = alpha + GAS_memoryWord() * (high - low) + highQ - lowQ + from1 + to1 + EXPANSION() * p[TAGPOWER()];
    o[0] <-- m / f;
    o[0] * f === m;

    signal froms[4] <== Range(4)(en, from, alpha, p[TAGPOWER()]), gaps[4] <== Range(4)(en, gap, alpha, p[TAGPOWER()]);
    signal fromQs[7] <== Range(7)(en, fromQ, alpha, p[TAGPOWER()]), toQs[7] <== Range(7)(en, toQ, alpha, p[TAGPOWER()]);
    signal rests[2] <== Range(2)(en, [fromR, toR], alpha, p[TAGPOWER()]);
    for (var i = 0; i < 4; i++) { o[1 + i] <== froms[i]; o[5 + i] <== gaps[i]; }
    for (var i = 0; i < 7; i++) { o[9 + i] <== fromQs[i]; o[16 + i] <== toQs[i]; }
    for (var i = 0; i < 2; i++) { o[23 + i] <== rests[i]; }
    var small[4] = [32 * from[3], 32 * gap[3], 8 * fromR, 8 * toR];
    for (var i = 0; i < 4; i++) {
        f = alpha + small[i] + RANGE12() * p[TAGPOWER()];
        o[25 + i] <-- -en / f;
        o[25 + i] * f === -en;
    }
}
