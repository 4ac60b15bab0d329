pragma circom 2.2.0;
include "../lib/account.circom";
include "../lib/transaction.circom";

// STATEMENT. Transaction T is valid in the state before it, its recipient has code, and it begins: gas is bought, the value moves, the
// code's one frame is entered.
//   valid:  as in transfer.circom, but the recipient has code, `code` of codeLen bytes, and
//           use <= work, reserve <= work - use
//   effect: sender     (ts + 1): nonce + 1, balance - gasLimit * price - value
//           recipient  (ts + 2): balance + value
//           the access list's `count` keys are warmed from ts + 3 on, one a time (chip warm)
//           BETWEEN(ts, T, gasUsed, work, jrn) -> EXEC(ts + 3 + count, call = ts, code, pc 0, sp 0, gasLimit - intrinsic,
//             work - use - reserve + WORK_gas * gasLimit + WORK_codeByte * (MAX_CODE_BYTES - codeLen) - WORK_run, mem 0, jrn, refund 0)
//           NEWFRAME (for `frame`) and SAVED (for txend), both of call = ts
//
// COLUMNS. en boolean; ts, tx (= T), gasUsed, jrn as in BETWEEN; the fields of TX (L1 computed them and their ranges); code: L1's index of
// the code, codeLen: its length; count: keys of the access list; two cells (circuits/lib/account.circom); two new balances, eleven limbs
// per half; senderCarry (6 limbs), recipientCarry (boolean): what goes from the low half to the high one; same (boolean), slack (11 limbs): the
// balance is enough; spareGas (6 limbs); spare: work - use - reserve (4 limbs).
//
// TUPLES, each times en. Receives TX, BETWEEN, two ACCT, WARMING; sends two ACCT, WARMING, EXEC, NEWFRAME, SAVED; looks up CODEBLOB,
// KEYS, BLOCK, RANGE12 85 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. Fields of TX, BLOCK, KEYS and CODEBLOB are L1's; balances, gas limit and "enough" are argued in
// transfer.circom, with gasLimit in place of intrinsic and no fee recipient. gasLimit * price + value <= maxCost <= balance.
// Code: CODEBLOB ties code and codeLen to the hash in the recipient's cell, which is not refreshed to "no code" (dead = 0). L1 lists a
// code by what it hashes to, with its length, and no empty one: the hash is not keccak(""), and two indices of one hash are the same bytes.
// NEWFRAME and SAVED are linear and of call = ts: no other row sends them (only this chip does, and ts is its own), so there is exactly one
// frame and one end for it.
// Work: use and reserve are L1's, non-negative integers below 2^130 (lib/transaction.circom), so spare in [0, 2^48) says that they do not exceed
// the work; and so reserve, which is WORK_gas * gasLimit + wAccess * entries + WORK_codeByte * MAX_CODE_BYTES by the version's rules, is below 2^48.
// No account has more than MAX_CODE_BYTES of code, and WORK_run <= WORK_gas * intrinsic (intrinsic >= 21,000). So EXEC's work is an integer of
// [0, 2^48), and it is at least WORK_gas * (gasLimit - intrinsic), that is w1 for every unit of EXEC's gas (lib/step.circom, work).
// Time: WARMING goes from (ts + 3, T, 1) to (ts + 3 + count, T, count + 1) by rows that add 1 to both; linear, and its start is this
// row's: exactly the rows 1 to count in between, at their times. Order, time, islands: lib/account.circom, lib/transaction.circom, lib/step.circom.
//
// PADDING: en = 0, same = 1, cells without code, all else 0. COST: 179, three of them linear.
template TxBegin() {
    signal input en, ts, tx, gasUsed, jrn;
    signal input sender, nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo;
    signal input maxCostHi, maxCostLo, dataLen, use, reserve;
    signal input code, codeLen, count;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()];
    signal input senderNewHi[11], senderNewLo[11], recipientNewHi[11], recipientNewLo[11];
    signal input senderCarry[6], recipientCarry;
    signal input same, slack[11], spareGas[6], spare[4];
    signal input alpha, p[32];
    signal output o[99];

    en * (en - 1) === 0;
    signal p31 <== p[TAGPOWER()];
    var workLeft = spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3];
    var f;

    // Transaction
    signal sender1 <== p[ACCT_addr()] * sender;
    signal to1 <== p[ACCT_addr()] * to;
    signal tx1 <== p[ACCT_tx()] * tx;
    signal birth1 <== p[ACCT_birth()] * tx;
    TxShares() share;
    (share, o[0]) <== TxTuple()(en, sender1, tx1,
        nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve, alpha, p);
    // Shares of TX with the powers that SAVED and NEWFRAME have too.
    var valueShare = share.valueHi + share.valueLo, priceShare = share.priceHi + share.priceLo, tipShare = share.tipHi + share.tipLo;

    signal gasUsed1 <== p[BETWEEN_gasUsed()] * gasUsed;
    signal work1 <== p[BETWEEN_work()] * (use + reserve + workLeft);
    signal jrn1 <== p[BETWEEN_jrn()] * jrn;
    f = alpha + ts + tx1 + gasUsed1 + work1 + jrn1 + BETWEEN() * p31;
    o[1] <-- -en / f;
    o[1] * f === -en;

    // Block, code, keys
    var limit = 0;
    for (var i = 5; i >= 0; i--) { limit = 4096 * limit + spareGas[i]; }
    limit += gasUsed + gasLimit;
    f = alpha + limit + p[BLOCK_field()] * OP_GASLIMIT() + BLOCK() * p31;
    o[2] <-- -en / f;
    o[2] * f === -en;

    signal code1 <== p[EXEC_code()] * code;
    Account() recipientWas <== AccountCell()(recipientCell);
    signal hashHi1 <== p[CODEBLOB_hashHi()] * recipientWas.codeHi;
    signal hashLo1 <== p[CODEBLOB_hashLo()] * recipientWas.codeLo;
    f = alpha + codeLen + code1 + hashHi1 + hashLo1 + CODEBLOB() * p31;
    o[3] <-- -en / f;
    o[3] * f === -en;

    signal keysTx1 <== p[KEYS_tx()] * tx;
    f = alpha + count + keysTx1 + KEYS() * p31;
    o[4] <-- -en / f;
    o[4] * f === -en;

    signal count1 <== p[WARMING_n()] * count;
    f = alpha + ts + 3 + p[WARMING_n()] + keysTx1 + WARMING() * p31;
    o[5] <-- en / f;
    o[5] * f === en;
    f += count + count1;
    o[6] <-- -en / f;
    o[6] * f === -en;

    // The machine, its frame, what its end needs
    signal call1 <== p[EXEC_call()] * ts;
    signal execGas1 <== p[EXEC_gas()] * (gasLimit - intrinsic);
    var unused = WORK_codeByte() * (MAX_CODE_BYTES() - codeLen);
    signal execWork1 <== p[EXEC_work()] * (workLeft + WORK_gas() * gasLimit + unused - WORK_run());
    signal execJrn1 <== p[EXEC_jrn()] * jrn;
    f = alpha + ts + 3 + count + call1 + code1 + execGas1 + execWork1 + execJrn1 + EXEC() * p31;
    o[7] <-- en / f;
    o[7] * f === en;

    signal frameCall1 <== p[NEWFRAME_call()] * ts;
    f = alpha + codeLen + sender1 + frameCall1 + valueShare + share.to + tx1 + priceShare + share.dataLen + NEWFRAME() * p31;
    o[8] <-- en / f;
    o[8] * f === en;

    signal savedJrn1 <== p[SAVED_jrn()] * jrn;
    f = alpha + gasUsed + sender1 + frameCall1 + valueShare + share.to + share.gasLimit + tx1 + priceShare + tipShare + savedJrn1 + SAVED() * p31;
    o[9] <-- en / f;
    o[9] * f === en;

    // Accesses, validity
    signal senderDead, senderAccess[31], recipientDead, recipientAccess[31], hi, lo;
    (senderDead, senderAccess) <== Balance(1, 1)(en, ts, tx, sender1, tx1, birth1, senderCell, senderNewHi, senderNewLo, alpha, p);
    (recipientDead, recipientAccess) <== Balance(2, 0)(en, ts, tx, to1, tx1, birth1, recipientCell, recipientNewHi, recipientNewLo, alpha, p);
    for (var i = 0; i < 31; i++) { o[10 + i] <== senderAccess[i]; o[41 + i] <== recipientAccess[i]; }
    recipientDead === 0;
    (hi, lo) <== CanBegin()(senderCell, senderDead, nonce, maxCostHi, maxCostLo, same, slack);

    // Effects
    var newHi[2] = [0, 0], newLo[2] = [0, 0];
    for (var i = 10; i >= 0; i--) {
        newHi[0] = 4096 * newHi[0] + senderNewHi[i]; newLo[0] = 4096 * newLo[0] + senderNewLo[i];
        newHi[1] = 4096 * newHi[1] + recipientNewHi[i]; newLo[1] = 4096 * newLo[1] + recipientNewLo[i];
    }
    var senderUp = 0;
    for (var i = 5; i >= 0; i--) { senderUp = 4096 * senderUp + senderCarry[i]; }
    gasLimit * priceLo === lo + (1 << 128) * senderUp - newLo[0] - valueLo;
    gasLimit * priceHi === hi - senderUp - newHi[0] - valueHi;

    recipientCarry * (recipientCarry - 1) === 0;
    recipientWas.balLo === newLo[1] + (1 << 128) * recipientCarry - valueLo;
    recipientWas.balHi === newHi[1] - recipientCarry - valueHi;

    // Range of the carry, slack, gas and work
    signal slacks[11] <== Range(11)(en, slack, alpha, p31), spareGases[6] <== Range(6)(en, spareGas, alpha, p31);
    signal senderCarries[6] <== Range(6)(en, senderCarry, alpha, p31), spares[4] <== Range(4)(en, spare, alpha, p31);
    for (var i = 0; i < 11; i++) { o[72 + i] <== slacks[i]; }
    for (var i = 0; i < 6; i++) { o[83 + i] <== spareGases[i]; o[89 + i] <== senderCarries[i]; }
    for (var i = 0; i < 4; i++) { o[95 + i] <== spares[i]; }
}
