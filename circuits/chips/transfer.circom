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
    signal T7 <== p[ACCT_tx()] * tx;
    signal T9 <== p[ACCT_birth()] * tx;

    component transaction = Transaction(4, 1);
    transaction.en <== en; transaction.ts <== ts; transaction.sender1 <== sender1; transaction.T7 <== T7;
    transaction.gasUsed <== gasUsed; transaction.jrn <== jrn; transaction.spare <== spare;
    transaction.tx <== [nonce, valueHi, valueLo, to, gasLimit, intrinsic, priceHi, priceLo, tipHi, tipLo, maxCostHi, maxCostLo, dataLen, use, reserve];
    transaction.alpha <== alpha; transaction.p <== p;
    for (var i = 0; i < 7; i++) { o[i] <== transaction.o[i]; }

    var limit = 0;
    for (var i = 5; i >= 0; i--) { limit = 4096 * limit + spareGas[i]; }
    limit += gasUsed + gasLimit;
    var f = alpha + limit + p[BLOCK_field()] * 0x45 + BLOCK() * p31;
    o[7] <-- -en / f;
    o[7] * f === -en;
    signal high <== p[BLOCK_hi()] * coinbaseHi;
    f = alpha + (coinbase - (1 << 128) * coinbaseHi) + high + p[BLOCK_field()] * 0x41 + BLOCK() * p31;
    o[8] <-- -en / f;
    o[8] * f === -en;

    // New balances: range, shares in the tuples sent
    component half[6];
    for (var i = 0; i < 6; i++) {
        half[i] = Range128();
        half[i].en <== en; half[i].alpha <== alpha; half[i].p31 <== p31;
    }
    half[0].limb <== senderNewHi; half[1].limb <== recipientNewHi; half[2].limb <== coinbaseNewHi;
    half[3].limb <== senderNewLo; half[4].limb <== recipientNewLo; half[5].limb <== coinbaseNewLo;
    var newHi[3] = [0, 0, 0], newLo[3] = [0, 0, 0];
    for (var i = 10; i >= 0; i--) {
        newHi[0] = 4096 * newHi[0] + senderNewHi[i]; newHi[1] = 4096 * newHi[1] + recipientNewHi[i]; newHi[2] = 4096 * newHi[2] + coinbaseNewHi[i];
        newLo[0] = 4096 * newLo[0] + senderNewLo[i]; newLo[1] = 4096 * newLo[1] + recipientNewLo[i]; newLo[2] = 4096 * newLo[2] + coinbaseNewLo[i];
    }
    signal newHi3[3], newLo4[3];
    for (var i = 0; i < 3; i++) {
        newHi3[i] <== p[ACCT_balHi()] * newHi[i];
        newLo4[i] <== p[ACCT_balLo()] * newLo[i];
    }

    // Accesses
    component access[3];
    access[0] = AccountAccess(1, 1, 1);
    access[1] = AccountAccess(2, 0, 1);
    access[2] = AccountAccess(3, 0, 1);
    access[0].cell <== senderCell; access[1].cell <== recipientCell; access[2].cell <== coinbaseCell;
    access[0].addr1 <== sender1; access[1].addr1 <== to1; access[2].addr1 <== coinbase1;
    for (var i = 0; i < 3; i++) {
        access[i].en <== en; access[i].ts <== ts; access[i].T <== tx; access[i].T7 <== T7; access[i].T9 <== T9;
        access[i].newHi <== newHi3[i]; access[i].newLo <== newLo4[i];
        access[i].alpha <== alpha; access[i].p <== p;
    }
    var senderLives = 1 - access[0].dead, recipientLives = 1 - access[1].dead, coinbaseLives = 1 - access[2].dead;

    // Validity: nonce, codes, balance >= maxCost
    senderCell[0] * senderLives === nonce;
    (senderCell[3] - EMPTY_CODE_HI()) * senderLives === 0;
    (senderCell[4] - EMPTY_CODE_LO()) * senderLives === 0;
    (recipientCell[3] - EMPTY_CODE_HI()) * recipientLives === 0;
    (recipientCell[4] - EMPTY_CODE_LO()) * recipientLives === 0;
    signal hi <== senderCell[1] * senderLives;
    signal lo <== senderCell[2] * senderLives;
    var enough = 0;
    for (var i = 10; i >= 0; i--) { enough = 4096 * enough + slack[i]; }
    same * (same - 1) === 0;
    same * (hi - maxCostHi) === 0;
    same * ((lo - maxCostLo) - (hi - maxCostHi - 1)) === enough - (hi - maxCostHi - 1);

    // Effects
    var senderUp = 0, coinbaseUp = 0;
    for (var i = 5; i >= 0; i--) { senderUp = 4096 * senderUp + senderCarry[i]; coinbaseUp = 4096 * coinbaseUp + coinbaseCarry[i]; }
    intrinsic * priceLo === lo + (1 << 128) * senderUp - newLo[0] - valueLo;
    intrinsic * priceHi === hi - senderUp - newHi[0] - valueHi;

    recipientCarry * (recipientCarry - 1) === 0;
    recipientCell[2] * recipientLives === newLo[1] + (1 << 128) * recipientCarry - valueLo;
    recipientCell[1] * recipientLives === newHi[1] - recipientCarry - valueHi;

    signal coinbaseWasHi <== coinbaseCell[1] * coinbaseLives;
    signal coinbaseWasLo <== coinbaseCell[2] * coinbaseLives;
    intrinsic * tipLo === newLo[2] + (1 << 128) * coinbaseUp - coinbaseWasLo;
    intrinsic * tipHi === newHi[2] - coinbaseUp - coinbaseWasHi;

    // Range of the carries, slack and spareGas; the outputs
    component limbs = Range(29);
    limbs.en <== en; limbs.alpha <== alpha; limbs.p31 <== p31;
    for (var i = 0; i < 11; i++) { limbs.limb[i] <== slack[i]; }
    for (var i = 0; i < 6; i++) {
        limbs.limb[11 + i] <== spareGas[i];
        limbs.limb[17 + i] <== senderCarry[i];
        limbs.limb[23 + i] <== coinbaseCarry[i];
    }
    for (var i = 0; i < 3; i++) { for (var j = 0; j < 7; j++) { o[9 + 7*i + j] <== access[i].o[j]; } }
    for (var i = 0; i < 6; i++) { for (var j = 0; j < 12; j++) { o[30 + 12*i + j] <== half[i].o[j]; } }
    for (var i = 0; i < 29; i++) { o[102 + i] <== limbs.o[i]; }
}
