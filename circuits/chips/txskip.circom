pragma circom 2.2.0;
include "../lib/account.circom";
include "../lib/transaction.circom";

// STATEMENT. Transaction T is skipped, for ONE true reason (in the state before it, after the refresh of first touches):
//   0 nonce       sender's nonce != nonce
//   1, 2 sender has code: its high (1) or low (2) half is not keccak("")'s
//   3 balance     hi < maxCostHi            4 balance   hi = maxCostHi and lo < maxCostLo
//   5 gas limit   gasLimit > limit - gasUsed
//   6 work        reserve > work - use
// Effect: BETWEEN(ts, T, gasUsed, work, jrn) -> BETWEEN(ts + 3, T + 1, gasUsed, work - use, jrn); sender (ts + 1) and recipient (ts + 2)
// are touched (refreshed) and otherwise unchanged. No reason is part of the state: where several are true any one will do.
//
// COLUMNS. en boolean; ts, tx (= T), gasUsed, jrn as in BETWEEN; the fields of TX (L1 computed them and their ranges); limit, BLOCK's gas
// limit; two cells (circuits/lib/account.circom); reason: seven booleans that add up to en; slack: eleven 12-bit limbs; spare: work - use in four
// (circuits/lib/transaction.circom).
//
// TUPLES, each times en. Receives TX, BETWEEN, two ACCT; sends BETWEEN, two ACCT; looks up BLOCK(GASLIMIT), RANGE12 25 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. TX, BLOCK and limbs of words are as in transfer.circom. The reason with a 1 is true:
//   0, 1, 2: the chosen difference has an inverse in the field (both sides are below 2^128, so it is not 0 as an integer);
//     a destroyed account's differences of code are 0. Halves are compared one by one: a sum of the two could vanish mod r.
//     The inverse is a hint that the constraints determine: 0 for the other reasons.
//   3 to 6: slack = the larger minus the smaller minus 1 is in [0, 2^132); every difference lies between -2^129 and 2^131 (reserve =
//     w1*gasLimit + wAccess*entries + wCode < 2^130), so it is strict. Otherwise slack = 0.
// Conversely each condition of `transfer` and `txbegin` is the negation of reasons 0 to 6, and whether the recipient has code decides which of
// the two it is. So a valid transaction has no true reason, and an invalid one no other row.
// Order, time, islands: lib/account.circom, lib/transaction.circom.
//
// PADDING: all 0. COST: 109, one of them linear.
template TxSkip() {
    signal input en, ts, tx, gasUsed, jrn;
    signal input sender, nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo;
    signal input maxCostHi, maxCostLo, dataLen, use, reserve, limit;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()];
    signal input reason[7], slack[11], spare[4];
    signal input alpha, p[32];
    signal output o[33];

    en * (en - 1) === 0;
    var chosen = 0;
    for (var i = 0; i < 7; i++) {
        reason[i] * (reason[i] - 1) === 0;
        chosen += reason[i];
    }
    chosen === en;

    // Transaction, block
    signal sender1 <== p[ACCT_addr()] * sender;
    signal to1 <== p[ACCT_addr()] * to;
    signal tx1 <== p[ACCT_tx()] * tx;
    signal birth1 <== p[ACCT_birth()] * tx;

    signal transaction[7] <== Transaction(3, 0)(en, ts, sender1, tx1, gasUsed, jrn,
        nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve, spare, alpha, p);
    for (var i = 0; i < 7; i++) { o[i] <== transaction[i]; }

    var f = alpha + limit + p[BLOCK_field()] * OP_GASLIMIT() + BLOCK() * p[TAGPOWER()];
    o[7] <-- -en / f;
    o[7] * f === -en;

    // Accesses
    signal senderDead, senderAccess[7], recipientAccess[7];
    (senderDead, senderAccess) <== AccountAccess(1, 0, 0)(en, ts, tx, sender1, tx1, birth1, senderCell, 0, 0, alpha, p);
    (_, recipientAccess) <== AccountAccess(2, 0, 0)(en, ts, tx, to1, tx1, birth1, recipientCell, 0, 0, alpha, p);
    for (var i = 0; i < 7; i++) { o[8 + i] <== senderAccess[i]; o[15 + i] <== recipientAccess[i]; }
    var senderLives = 1 - senderDead;
    Account() senderWas <== AccountCell()(senderCell);
    signal nonceNow <== senderWas.nonce * senderLives;
    signal hi <== senderWas.balHi * senderLives;
    signal lo <== senderWas.balLo * senderLives;

    // Reasons by difference
    signal senderCodeHi <== (senderWas.codeHi - EMPTY_CODE_HI()) * senderLives;
    signal senderCodeLo <== (senderWas.codeLo - EMPTY_CODE_LO()) * senderLives;
    signal d0 <== reason[0] * (nonceNow - nonce);
    signal d1 <== reason[1] * senderCodeHi;
    signal d2 <== reason[2] * senderCodeLo;
    var difference = d0 + d1 + d2, differs = reason[0] + reason[1] + reason[2];
    signal inverse <-- difference == 0 ? 0 : 1 / difference;
    inverse * difference === differs;
    inverse * (1 - differs) === 0;

    // Reasons by order
    signal s3 <== reason[3] * (maxCostHi - hi - 1);
    signal s4 <== reason[4] * (maxCostLo - lo - 1);
    reason[4] * (maxCostHi - hi) === 0;
    signal s5 <== reason[5] * (gasUsed + gasLimit - limit - 1);
    var left = spare[0] + 4096 * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3], excess = 0;
    for (var i = 10; i >= 0; i--) { excess = 4096 * excess + slack[i]; }
    reason[6] * (reserve - left - 1) === excess - s3 - s4 - s5;

    signal slacks[11] <== Range(11)(en, slack, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 11; i++) { o[22 + i] <== slacks[i]; }
}
