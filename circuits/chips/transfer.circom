pragma circom 2.2.0;
include "../lib/account.circom";
include "../lib/transaction.circom";

// STATEMENT. Transaction T is valid in the state before it, its recipient has no code, and it is executed: a value transfer.
//   valid:  sender's nonce = nonce, sender has no code, balance >= maxCost, gasLimit <= limit - gasUsed, use <= work,
//           reserve <= work - use; recipient has no code (all after the refresh of first touches)
//   effect: gas used = intrinsic
//           sender     (ts + 1): nonce + 1, balance - intrinsic * price - value
//           recipient  (ts + 2): balance + value
//           coinbase   (ts + 3): balance + intrinsic * tip
//           BETWEEN(ts, T, gasUsed, work, jrn) -> BETWEEN(ts + 4, T + 1, gasUsed + intrinsic, work - use, jrn)
// The three may be one account: they chain through its cell in time.
//
// COLUMNS. en boolean; ts, tx (= T), gasUsed, jrn as in BETWEEN; the fields of TX (L1 computed them and their ranges);
// coinbase, and its part above 2^128; three cells (circuits/lib/account.circom); three new balances, eleven 12-bit limbs per 128-bit
// half; senderCarry, coinbaseCarry (6 limbs), recipientCarry (boolean): what goes from the low half to the high one;
// same (boolean), slack (11 limbs): the balance is enough; spareGas (6 limbs); spare (4 limbs, circuits/lib/transaction.circom).
//
// TUPLES, each times en. Receives TX, BETWEEN, three ACCT; sends BETWEEN, three ACCT; looks up BLOCK twice, RANGE12 120 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Every field of TX and BLOCK is L1's. The gas limit is the expression gasUsed + gasLimit +
// spareGas: only with 0 <= spareGas < 2^72 does BLOCK hold it (gasUsed <= limit < 2^64 by induction, as intrinsic <= gasLimit).
// Balances, as integers (words < 2^128, intrinsic < 2^64, carries < 2^72, so both sides of every equation stay below 2^201 < r):
//   sender     newLo + intrinsic*priceLo + valueLo = lo + carry*2^128;   newHi + intrinsic*priceHi + valueHi + carry = hi
//   recipient  lo + valueLo = newLo + carry*2^128;                       hi + valueHi + carry = newHi
//   coinbase   lo + intrinsic*tipLo = newLo + carry*2^128;               hi + intrinsic*tipHi + carry = newHi
// Multiply the second by 2^128 and add: the effect in integers. Nothing is carried out of hi, so nothing wraps at 2^256, and newHi,
// newLo are range-checked here, by who produces them. An honest carry is at most 2^64 + 1.
// balance >= maxCost is decided by the first half that differs: same = 1 forces equal high halves and slack = lo - maxCostLo; same = 0
// slack = hi - maxCostHi - 1. All differences are above -2^128 - 1, so slack in [0, 2^132) says exactly "not less".
// "No code": (code - keccak("")) * (1 - dead) = 0 for each half. Order, time, islands: lib/account.circom, lib/transaction.circom.
//
// PADDING: en = 0, same = 1, cells without code, all else 0. COST: 227, none linear.
template Transfer() {
    signal input en, ts, tx, gasUsed, jrn;
    signal input sender, nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo;
    signal input maxCostHi, maxCostLo, dataLen, use, reserve;
    signal input coinbase, coinbaseHi;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()], coinbaseCell[ACCESS()];
    signal input senderNewHi[11], senderNewLo[11], recipientNewHi[11], recipientNewLo[11], coinbaseNewHi[11], coinbaseNewLo[11];
    signal input senderCarry[6], recipientCarry, coinbaseCarry[6];
    signal input same, slack[11], spareGas[6], spare[4];
    signal input alpha, p[32];
    signal output o[131];

    en * (en - 1) === 0;
    signal p31 <== p[TAGPOWER()];

    // Transaction, block
    signal sender1 <== p[ACCT_addr()] * sender;
    signal to1 <== p[ACCT_addr()] * to;
    signal coinbase1 <== p[ACCT_addr()] * coinbase;
    signal tx1 <== p[ACCT_tx()] * tx;
    signal birth1 <== p[ACCT_birth()] * tx;

    signal transaction[7] <== Transaction(4, 1)(en, ts, sender1, tx1, gasUsed, jrn,
        nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve, spare, alpha, p);
    for (var i = 0; i < 7; i++) { o[i] <== transaction[i]; }

    var limit = 0;
    for (var i = 5; i >= 0; i--) { limit = 4096 * limit + spareGas[i]; }
    limit += gasUsed + gasLimit;
    var f = alpha + limit + p[BLOCK_field()] * OP_GASLIMIT() + BLOCK() * p31;
    o[7] <-- -en / f;
    o[7] * f === -en;
    signal coinbaseHi1 <== p[BLOCK_hi()] * coinbaseHi;
    f = alpha + (coinbase - (1 << 128) * coinbaseHi) + coinbaseHi1 + p[BLOCK_field()] * OP_COINBASE() + BLOCK() * p31;
    o[8] <-- -en / f;
    o[8] * f === -en;

    // Accesses
    signal senderDead, senderAccess[31], recipientDead, recipientAccess[31], coinbaseDead, coinbaseAccess[31];
    (senderDead, senderAccess) <== Balance(1, 1)(en, ts, tx, sender1, tx1, birth1, senderCell, senderNewHi, senderNewLo, alpha, p);
    (recipientDead, recipientAccess) <== Balance(2, 0)(en, ts, tx, to1, tx1, birth1, recipientCell, recipientNewHi, recipientNewLo, alpha, p);
    (coinbaseDead, coinbaseAccess) <== Balance(3, 0)(en, ts, tx, coinbase1, tx1, birth1, coinbaseCell, coinbaseNewHi, coinbaseNewLo, alpha, p);
    var recipientLives = 1 - recipientDead, coinbaseLives = 1 - coinbaseDead;
    for (var i = 0; i < 31; i++) { o[9 + i] <== senderAccess[i]; o[40 + i] <== recipientAccess[i]; o[71 + i] <== coinbaseAccess[i]; }

    Account() recipientWas <== AccountCell()(recipientCell);
    Account() coinbaseWas <== AccountCell()(coinbaseCell);

    // Validity: the sender's; the recipient has no code
    signal hi, lo;
    (hi, lo) <== CanBegin()(senderCell, senderDead, nonce, maxCostHi, maxCostLo, same, slack);
    (recipientWas.codeHi - EMPTY_CODE_HI()) * recipientLives === 0;
    (recipientWas.codeLo - EMPTY_CODE_LO()) * recipientLives === 0;

    // Effects
    var newHi[3] = [0, 0, 0], newLo[3] = [0, 0, 0];
    for (var i = 10; i >= 0; i--) {
        newHi[0] = 4096 * newHi[0] + senderNewHi[i]; newHi[1] = 4096 * newHi[1] + recipientNewHi[i]; newHi[2] = 4096 * newHi[2] + coinbaseNewHi[i];
        newLo[0] = 4096 * newLo[0] + senderNewLo[i]; newLo[1] = 4096 * newLo[1] + recipientNewLo[i]; newLo[2] = 4096 * newLo[2] + coinbaseNewLo[i];
    }
    var senderUp = 0, coinbaseUp = 0;
    for (var i = 5; i >= 0; i--) { senderUp = 4096 * senderUp + senderCarry[i]; coinbaseUp = 4096 * coinbaseUp + coinbaseCarry[i]; }
    intrinsic * priceLo === lo + (1 << 128) * senderUp - newLo[0] - valueLo;
    intrinsic * priceHi === hi - senderUp - newHi[0] - valueHi;

    recipientCarry * (recipientCarry - 1) === 0;
    recipientWas.balLo * recipientLives === newLo[1] + (1 << 128) * recipientCarry - valueLo;
    recipientWas.balHi * recipientLives === newHi[1] - recipientCarry - valueHi;

    signal coinbaseWasHi <== coinbaseWas.balHi * coinbaseLives;
    signal coinbaseWasLo <== coinbaseWas.balLo * coinbaseLives;
    intrinsic * tipLo === newLo[2] + (1 << 128) * coinbaseUp - coinbaseWasLo;
    intrinsic * tipHi === newHi[2] - coinbaseUp - coinbaseWasHi;

    // Range of the carries, slack and spareGas
    signal slacks[11] <== Range(11)(en, slack, alpha, p31), spareGases[6] <== Range(6)(en, spareGas, alpha, p31);
    signal senderCarries[6] <== Range(6)(en, senderCarry, alpha, p31), coinbaseCarries[6] <== Range(6)(en, coinbaseCarry, alpha, p31);
    for (var i = 0; i < 11; i++) { o[102 + i] <== slacks[i]; }
    for (var i = 0; i < 6; i++) { o[113 + i] <== spareGases[i]; o[119 + i] <== senderCarries[i]; o[125 + i] <== coinbaseCarries[i]; }
}
