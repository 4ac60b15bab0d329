pragma circom 2.2.0;
include "../bus.circom";
include "account.circom";
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
// sender1 and tx1 (TX_sender, TX_idx) are shared with the account accesses.

// Shares of TX, but of the sender, the number and intrinsic, which has power 0.
bus TxShares() {
    signal nonce, valueHi, valueLo, to, gasLimit, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve;
}

// Receives TX. COST 15. Outputs: the shares, products that the row may use again; TX.
template TxTuple() {
    signal input en, sender1, tx1;
    signal input nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve;
    signal input alpha, p[32];
    output TxShares() share;
    signal output o;

    share.nonce <== p[TX_nonce()] * nonce;
    share.valueHi <== p[TX_valueHi()] * valueHi;
    share.valueLo <== p[TX_valueLo()] * valueLo;
    share.to <== p[TX_to()] * to;
    share.gasLimit <== p[TX_gasLimit()] * gasLimit;
    share.priceHi <== p[TX_priceHi()] * priceHi;
    share.priceLo <== p[TX_priceLo()] * priceLo;
    share.tipHi <== p[TX_tipHi()] * tipHi;
    share.tipLo <== p[TX_tipLo()] * tipLo;
    share.maxCostHi <== p[TX_maxCostHi()] * maxCostHi;
    share.maxCostLo <== p[TX_maxCostLo()] * maxCostLo;
    share.dataLen <== p[TX_dataLen()] * dataLen;
    share.use <== p[TX_use()] * use;
    share.reserve <== p[TX_reserve()] * reserve;
    var f = alpha + sender1 + tx1 + intrinsic + TX() * p[TAGPOWER()];
    f += share.nonce + share.valueHi + share.valueLo + share.to + share.gasLimit + share.priceHi + share.priceLo;
    f += share.tipHi + share.tipLo + share.maxCostHi + share.maxCostLo + share.dataLen + share.use + share.reserve;
    o <-- -en / f;
    o * f === -en;
}

// COST: 25 skipped, 26 executed. Outputs o: TX, BETWEEN received, BETWEEN sent, four RANGE12 lookups.
template Transaction(step, runs) {
    signal input en, ts, sender1, tx1, gasUsed, jrn;
    signal input nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve;
    signal input spare[4], alpha, p[32];
    signal output o[7];

    (_, o[0]) <== TxTuple()(en, sender1, tx1,
        nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve, alpha, p);

    signal gasUsed1 <== p[BETWEEN_gasUsed()] * gasUsed;
    signal left1 <== p[BETWEEN_work()] * (spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3] + runs * reserve);
    signal spent1 <== p[BETWEEN_work()] * use;
    signal jrn1 <== p[BETWEEN_jrn()] * jrn;
    var between = alpha + ts + tx1 + gasUsed1 + left1 + jrn1 + BETWEEN() * p[TAGPOWER()];
    var f = between + spent1;
    o[1] <-- -en / f;
    o[1] * f === -en;
    f = between + step + p[BETWEEN_tx()];
    if (runs == 1) {
        signal used1 <== p[BETWEEN_gasUsed()] * intrinsic;
        f += used1;
    }
    o[2] <-- en / f;
    o[2] * f === en;

    signal range[4] <== Range(4)(en, spare, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 4; i++) { o[3 + i] <== range[i]; }
}

// The sender, as its access found it, can begin the transaction: its nonce is TX's, it has no code (the difference from keccak("")'s is 0 in each
// half), its balance hi, lo is at least maxCost. That is decided by the first half that differs: same = 1 forces equal high halves and slack = lo -
// maxCostLo; same = 0 slack = hi - maxCostHi - 1. All differences are above -2^128 - 1, so slack in [0, 2^132), by eleven limbs that the chip
// checks, says exactly "not less". COST 8.
template CanBegin() {
    signal input cell[ACCESS()], dead, nonce, maxCostHi, maxCostLo, same, slack[11];
    signal output hi, lo;

    Account() a <== AccountCell()(cell);
    var lives = 1 - dead, enough = 0;
    a.nonce * lives === nonce;
    (a.codeHi - EMPTY_CODE_HI()) * lives === 0;
    (a.codeLo - EMPTY_CODE_LO()) * lives === 0;
    hi <== a.balHi * lives;
    lo <== a.balLo * lives;
    for (var i = 10; i >= 0; i--) { enough = 4096 * enough + slack[i]; }
    same * (same - 1) === 0;
    same * (hi - maxCostHi) === 0;
    same * ((lo - maxCostLo) - (hi - maxCostHi - 1)) === enough - (hi - maxCostHi - 1);
}
