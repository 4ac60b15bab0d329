pragma circom 2.2.0;
include "../lib/account.circom";
include "../lib/transaction.circom";

// STATEMENT. Transaction T is skipped, for ONE true reason (in the state before it, after the refresh of first touches):
//   0 nonce       sender's nonce != nonce
//   1, 2 sender has code: its high (1) or low (2) half is not keccak("")'s
//   3 balance     hi < maxCostHi            4 balance   hi = maxCostHi and lo < maxCostLo
//   5 gas limit   gasLimit > limit - gasUsed
//   6 work        reserve > work - use
//   7, 8 uncovered by this version: the recipient has code (high, low half)
// Effect: BETWEEN(ts, T, gasUsed, work, jrn) -> BETWEEN(ts + 3, T + 1, gasUsed, work - use, jrn); sender (ts + 1) and recipient (ts + 2)
// are touched (refreshed) and otherwise unchanged. No reason is part of the state: where several are true any one will do.
//
// COLUMNS. en boolean; ts, tx (= T), gasUsed, jrn as in BETWEEN; the fields of TX (L1 computed them and their ranges); limit, BLOCK's gas
// limit; two cells (circuits/lib/account.circom); reason: nine booleans that add up to en; slack: eleven 12-bit limbs;
// spare: work - use in four (circuits/lib/transaction.circom).
//
// TUPLES, each times en. Receives TX, BETWEEN, two ACCT; sends BETWEEN, two ACCT; looks up BLOCK(GASLIMIT), RANGE12 25 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. TX, BLOCK and limbs of words are as in transfer.circom. The reason with a 1 is true:
//   0, 1, 2, 7, 8: the chosen difference has an inverse in the field (both sides are below 2^128, so it is not 0 as an integer);
//     a destroyed account's differences of code are 0. Halves are compared one by one: a sum of the two could vanish mod r.
//     The inverse is a hint that the constraints determine: 0 for the other reasons.
//   3 to 6: slack = the larger minus the smaller minus 1 is in [0, 2^132); every difference lies between -2^129 and 2^131 (reserve =
//     w1*gasLimit + wAccess*entries < 2^130), so it is strict. Otherwise slack = 0.
// Conversely each condition of `transfer` is the negation of reasons 0 to 8, so a valid transaction has no true one, and an
// invalid one no transfer row. Order, time, islands: lib/account.circom, lib/transaction.circom.
//
// PADDING: all 0. COST: 115, one of them linear.
template TxSkip() {
    signal input en, ts, tx, gasUsed, jrn;
    signal input sender, nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo;
    signal input maxCostHi, maxCostLo, dataLen, use, reserve, limit;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()];
    signal input reason[9], slack[11], spare[4];
    signal input alpha, p[32];
    signal output o[33];

    en * (en - 1) === 0;
    var chosen = 0;
    for (var i = 0; i < 9; i++) {
        reason[i] * (reason[i] - 1) === 0;
        chosen += reason[i];
    }
    chosen === en;

    // Transaction, block
    signal sender1 <== p[ACCT_addr()] * sender;
    signal to1 <== p[ACCT_addr()] * to;
    signal T7 <== p[ACCT_tx()] * tx;
    signal T9 <== p[ACCT_birth()] * tx;

    component transaction = Transaction(3, 0);
    transaction.en <== en; transaction.ts <== ts; transaction.sender1 <== sender1; transaction.T7 <== T7;
    transaction.gasUsed <== gasUsed; transaction.jrn <== jrn; transaction.spare <== spare;
    transaction.tx <== [nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve];
    transaction.alpha <== alpha; transaction.p <== p;
    for (var i = 0; i < 7; i++) { o[i] <== transaction.o[i]; }

    var f = alpha + limit + p[BLOCK_field()] * 0x45 + BLOCK() * p[TAGPOWER()];
    o[7] <-- -en / f;
    o[7] * f === -en;

    // Accesses
    component access[2];
    access[0] = AccountAccess(1, 0, 0);
    access[1] = AccountAccess(2, 0, 0);
    access[0].cell <== senderCell; access[1].cell <== recipientCell;
    access[0].addr1 <== sender1; access[1].addr1 <== to1;
    for (var i = 0; i < 2; i++) {
        access[i].en <== en; access[i].ts <== ts; access[i].T <== tx; access[i].T7 <== T7; access[i].T9 <== T9;
        access[i].newHi <== 0; access[i].newLo <== 0;
        access[i].alpha <== alpha; access[i].p <== p;
        for (var j = 0; j < 7; j++) { o[8 + 7*i + j] <== access[i].o[j]; }
    }
    var senderLives = 1 - access[0].dead, recipientLives = 1 - access[1].dead;
    signal nonceNow <== senderCell[0] * senderLives;
    signal hi <== senderCell[1] * senderLives;
    signal lo <== senderCell[2] * senderLives;

    // Reasons by difference
    signal senderCodeHi <== (senderCell[3] - EMPTY_CODE_HI()) * senderLives;
    signal senderCodeLo <== (senderCell[4] - EMPTY_CODE_LO()) * senderLives;
    signal recipientCodeHi <== (recipientCell[3] - EMPTY_CODE_HI()) * recipientLives;
    signal recipientCodeLo <== (recipientCell[4] - EMPTY_CODE_LO()) * recipientLives;
    signal d0 <== reason[0] * (nonceNow - nonce);
    signal d1 <== reason[1] * senderCodeHi;
    signal d2 <== reason[2] * senderCodeLo;
    signal d7 <== reason[7] * recipientCodeHi;
    signal d8 <== reason[8] * recipientCodeLo;
    var difference = d0 + d1 + d2 + d7 + d8, differs = reason[0] + reason[1] + reason[2] + reason[7] + reason[8];
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

    component limbs = Range(11);
    limbs.en <== en; limbs.limb <== slack; limbs.alpha <== alpha; limbs.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 11; i++) { o[22 + i] <== limbs.o[i]; }
}

// The same where code runs. Reasons 7 and 8 are gone; instead
//   7 code work   the recipient has code, of codeLen bytes, and reserve + WORK_codeByte * codeLen > work - use.
//
// COLUMNS. As above, reason: eight booleans; code: L1's index of the recipient's code, and codeLen, its length; both 0 without reason 7.
// TUPLES. As above, and with reason 7 a look-up of CODEBLOB.
//
// WHY A CHEATING PROVER GAINS NOTHING. Reason 7: CODEBLOB ties codeLen to the hash in the recipient's cell, and only L1 supplies it; not for
// an account destroyed before (dead = 0), whose hash has become keccak(""). All is below 2^130, so the slack is strict as in 6.
// Conversely `transfer` demands the negation of 0 to 6 of a recipient without code, `txbegin` that of 0 to 7 of one with code. L1 lists no
// empty code; if it did, reason 7 would say what 6 says. So a valid transaction has no true reason, and an invalid one no other row.
//
// PADDING: all 0. COST: 118, one of them linear.
template TxSkipCode() {
    signal input en, ts, tx, gasUsed, jrn;
    signal input sender, nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo;
    signal input maxCostHi, maxCostLo, dataLen, use, reserve, limit;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()];
    signal input reason[8], code, codeLen, slack[11], spare[4];
    signal input alpha, p[32];
    signal output o[34];

    en * (en - 1) === 0;
    var chosen = 0;
    for (var i = 0; i < 8; i++) {
        reason[i] * (reason[i] - 1) === 0;
        chosen += reason[i];
    }
    chosen === en;

    // Transaction, block
    signal sender1 <== p[ACCT_addr()] * sender;
    signal to1 <== p[ACCT_addr()] * to;
    signal T7 <== p[ACCT_tx()] * tx;
    signal T9 <== p[ACCT_birth()] * tx;

    component transaction = Transaction(3, 0);
    transaction.en <== en; transaction.ts <== ts; transaction.sender1 <== sender1; transaction.T7 <== T7;
    transaction.gasUsed <== gasUsed; transaction.jrn <== jrn; transaction.spare <== spare;
    transaction.tx <== [nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve];
    transaction.alpha <== alpha; transaction.p <== p;
    for (var i = 0; i < 7; i++) { o[i] <== transaction.o[i]; }

    var f = alpha + limit + p[BLOCK_field()] * 0x45 + BLOCK() * p[TAGPOWER()];
    o[7] <-- -en / f;
    o[7] * f === -en;

    // The recipient's code
    code * (1 - reason[7]) === 0;
    codeLen * (1 - reason[7]) === 0;
    signal code2 <== p[CODEBLOB_code()] * code;
    signal hashHi7 <== p[CODEBLOB_hashHi()] * recipientCell[3];
    signal hashLo8 <== p[CODEBLOB_hashLo()] * recipientCell[4];
    f = alpha + codeLen + code2 + hashHi7 + hashLo8 + CODEBLOB() * p[TAGPOWER()];
    o[33] <-- -reason[7] / f;
    o[33] * f === -reason[7];

    // Accesses
    component access[2];
    access[0] = AccountAccess(1, 0, 0);
    access[1] = AccountAccess(2, 0, 0);
    access[0].cell <== senderCell; access[1].cell <== recipientCell;
    access[0].addr1 <== sender1; access[1].addr1 <== to1;
    for (var i = 0; i < 2; i++) {
        access[i].en <== en; access[i].ts <== ts; access[i].T <== tx; access[i].T7 <== T7; access[i].T9 <== T9;
        access[i].newHi <== 0; access[i].newLo <== 0;
        access[i].alpha <== alpha; access[i].p <== p;
        for (var j = 0; j < 7; j++) { o[8 + 7*i + j] <== access[i].o[j]; }
    }
    var senderLives = 1 - access[0].dead;
    reason[7] * access[1].dead === 0;
    signal nonceNow <== senderCell[0] * senderLives;
    signal hi <== senderCell[1] * senderLives;
    signal lo <== senderCell[2] * senderLives;

    // Reasons by difference
    signal senderCodeHi <== (senderCell[3] - EMPTY_CODE_HI()) * senderLives;
    signal senderCodeLo <== (senderCell[4] - EMPTY_CODE_LO()) * senderLives;
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
    signal s6 <== reason[6] * (reserve - left - 1);
    reason[7] * (reserve + WORK_codeByte() * codeLen - left - 1) === excess - s3 - s4 - s5 - s6;

    component limbs = Range(11);
    limbs.en <== en; limbs.limb <== slack; limbs.alpha <== alpha; limbs.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 11; i++) { o[22 + i] <== limbs.o[i]; }
}
