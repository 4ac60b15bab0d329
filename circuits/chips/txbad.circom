pragma circom 2.2.0;
include "../lib/range.circom";

// An item whose bytes alone decide that it is skipped: only its flat use of work is charged.
//
// STATEMENT, when en = 1:  work - use = left, 0 <= left < 2^48.
// COLUMNS. en (boolean); ts, tx, gasUsed, jrn, use (field elements, as received); left[4] (12-bit limbs of left).
// TUPLES, each times en:
//   receives BETWEEN(ts, tx, gasUsed, use + left, jrn)        sends BETWEEN(ts + 1, tx + 1, gasUsed, left, jrn)
//   receives TXBAD(idx = tx, use)                             looks up RANGE12 of the four limbs
// WHY A CHEATING PROVER GAINS NOTHING. TXBAD comes from L1 alone, once per bad item, so use (below 2^48) and the item are L1's.
// The received work is a value below 2^48 from L1 or from an earlier row; use + left equals it in the field, both sides are
// small, so left is the true difference and none exists when work < use. No island: every row turns a BETWEEN at ts into
// one at ts + 1, so a set of rows that feeds itself would need r rows; every chain starts at L1's BETWEEN(0, 1, ...).
// PADDING: all 0.
// COST: 13 (1 boolean, 5 products with powers of beta, 3 fingerprints, 4 lookups), none linear.
template TxBad() {
    signal input en, ts, tx, gasUsed, jrn, use, left[4], alpha, p[32];
    signal output o[7];
    en * (en - 1) === 0;

    signal range[4] <== Range(4)(en, left, alpha, p[TAGPOWER()]);
    var rest = 0;
    for (var j = 0; j < 4; j++) { o[3 + j] <== range[j]; rest += left[j] * (1 << 12 * j); }

    signal tx1 <== p[BETWEEN_tx()] * tx;              // the same power as TXBAD_idx
    signal gasUsed1 <== p[BETWEEN_gasUsed()] * gasUsed;
    signal use1 <== p[BETWEEN_work()] * use;
    signal left1 <== p[BETWEEN_work()] * rest;
    signal jrn1 <== p[BETWEEN_jrn()] * jrn;
    var tag = BETWEEN() * p[TAGPOWER()], f;

    f = alpha + ts + tx1 + gasUsed1 + use1 + left1 + jrn1 + tag;
    o[0] <-- -en / f;
    o[0] * f === -en;
    f = alpha + ts + 1 + tx1 + p[BETWEEN_tx()] + gasUsed1 + left1 + jrn1 + tag;
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + use + tx1 + TXBAD() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
}
