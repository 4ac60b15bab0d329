pragma circom 2.2.0;
include "../bus.circom";
include "range.circom";

// What every row of a parsed transaction shares. It receives TX(idx = T, ...) and BETWEEN(ts, T, gasUsed, work, jrn), and sends
// BETWEEN(ts + step, T + 1, gasUsed + used, work - use, jrn), where
//   runs = 0 (skipped):  used = 0,          work - use = spare,            so use <= work;
//   runs = 1 (executed): used = intrinsic,  work - use = reserve + spare,  so use <= work and reserve <= work - use.
// spare is four 12-bit limbs. use and reserve are small non-negative integers of L1 (< 2^130), so nothing reaches r; work < 2^48 at
// L1's start and only falls. (A transaction that runs code takes TX too, but hands the rest to EXEC: chips txbegin and txend.)
//
// TX is linear and comes only from L1, once per idx; BETWEEN is a chain that only L1 starts (no island: circuits/lib/account.circom, 1).
// So transaction T is taken exactly once, at the one BETWEEN with tx = T; none can be left out, repeated or swapped.
//
// sender1 = p[1] * sender and T7 = p[7] * T are shared with the account accesses. tx: TX's fields in the layout's order without sender
// and idx, 15: nonce valueHi valueLo to gasLimit intrinsic priceHi priceLo tipHi tipLo maxCostHi maxCostLo dataLen use reserve.

// Receives TX. COST 15. The shares are products that the row may use again, in the order of tx without intrinsic, which has power 0.
template TxTuple() {
    signal input en, sender1, T7, tx[15], alpha, p[32];
    signal output share[14], o;

    share[0] <== p[TX_nonce()] * tx[0];
    share[1] <== p[TX_valueHi()] * tx[1];
    share[2] <== p[TX_valueLo()] * tx[2];
    share[3] <== p[TX_to()] * tx[3];
    share[4] <== p[TX_gasLimit()] * tx[4];
    share[5] <== p[TX_priceHi()] * tx[6];
    share[6] <== p[TX_priceLo()] * tx[7];
    share[7] <== p[TX_tipHi()] * tx[8];
    share[8] <== p[TX_tipLo()] * tx[9];
    share[9] <== p[TX_maxCostHi()] * tx[10];
    share[10] <== p[TX_maxCostLo()] * tx[11];
    share[11] <== p[TX_dataLen()] * tx[12];
    share[12] <== p[TX_use()] * tx[13];
    share[13] <== p[TX_reserve()] * tx[14];
    var f = alpha + sender1 + T7 + tx[5] + TX() * p[TAGPOWER()];
    for (var i = 0; i < 14; i++) { f += share[i]; }
    o <-- -en / f;
    o * f === -en;
}

// COST: 25 skipped, 26 executed. Outputs o: TX, BETWEEN received, BETWEEN sent, four RANGE12 lookups.
template Transaction(step, runs) {
    signal input en, ts, sender1, T7, gasUsed, jrn, tx[15], spare[4], alpha, p[32];
    signal output o[7];

    var intrinsic = tx[5], use = tx[13], reserve = tx[14];
    component taken = TxTuple();
    taken.en <== en; taken.sender1 <== sender1; taken.T7 <== T7; taken.tx <== tx; taken.alpha <== alpha; taken.p <== p;
    o[0] <== taken.o;

    signal gas <== p[BETWEEN_gasUsed()] * gasUsed;
    signal left <== p[BETWEEN_work()] * (spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3] + runs * reserve);
    signal spent <== p[BETWEEN_work()] * use;
    signal journal <== p[BETWEEN_jrn()] * jrn;
    var between = alpha + ts + T7 + gas + left + journal + BETWEEN() * p[TAGPOWER()];
    var f = between + spent;
    o[1] <-- -en / f;
    o[1] * f === -en;
    f = between + step + p[BETWEEN_tx()];
    if (runs == 1) {
        signal used <== p[BETWEEN_gasUsed()] * intrinsic;
        f += used;
    }
    o[2] <-- en / f;
    o[2] * f === en;

    component range = Range(4);
    range.limb <== spare; range.en <== en; range.alpha <== alpha; range.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 4; i++) { o[3 + i] <== range.o[i]; }
}
