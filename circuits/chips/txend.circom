pragma circom 2.2.0;
include "../lib/account.circom";

// STATEMENT. Transaction T, begun by txbegin at `call`, ends as its frame ended: unused gas is given back, the tip paid, after a failure
// the value too goes back.
//   used = gasLimit - gas;  refunded = min(refund, used / 5 rounded down)  (after a failure END's refund is 0);  paid = used - refunded
//   effect: sender     (ts + 1): balance + (gasLimit - paid) * price, and + value when ok = 0
//           recipient  (ts + 2): balance - value when ok = 0
//           coinbase   (ts + 3): balance + paid * tip
//           END(ts, call, ok, gas, work, jrn, refund) -> BETWEEN(ts + 4, T + 1, gasUsed + paid, work, jrn)
//   When ok = 0 the journal is undone: its length is what it was at the begin.
// The three may be one account: they chain through its cell in time. Tip 0 leaves the coinbase as it is.
//
// COLUMNS. en boolean; ts, call, ok, gas, work, jrn as in END; the fields of SAVED (tx is T, jrnSaved its jrn); coinbase, and its part above
// 2^128; three cells (circuits/lib/account.circom); three new balances, eleven 12-bit limbs per half; senderCarry, coinbaseCarry (6 limbs),
// recipientCarry (boolean): what goes between the halves; fifth: used / 5 (6 limbs); capped (boolean): refund > fifth, and
// excess (6 limbs): refund - fifth - 1 when capped, else fifth - refund.
//
// TUPLES, each times en. Receives END, SAVED, three ACCT; sends BETWEEN, three ACCT; looks up BLOCK(COINBASE), RANGE12 113 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. SAVED is linear, one per call (txbegin.circom), and so is END: rows of one call are one chain from EXEC
// to END. So T ends once, with its own terms, at the end of its own frame.
// ok is 0 or 1, gas in [0, 2^64), refund 0 with ok = 0: by the rows that send END (stop, return, halts, undo). Gas only falls, so used is an integer in
// [intrinsic, gasLimit]; refund is one in [0, 2^51) (lib/step.circom, gas, refund).
// Refund: used - 5 * fifth in [0, 4] by two lookups, 5 * fifth < 2^75: fifth is the quotient. refund is the expression fifth - excess, or
// fifth + excess + 1 when capped; excess >= 0, so capped tells which is smaller, and refunded = fifth - (1 - capped) * excess is the minimum.
// Balances, as integers (words < 2^128, gas < 2^65, carries < 2^72: both sides stay below 2^201 < r), as argued in transfer.circom:
//   sender     lo + left*priceLo + back*valueLo = newLo + carry*2^128;  hi + left*priceHi + back*valueHi + carry = newHi
//   recipient  newLo + back*valueLo = lo + carry*2^128;                 newHi + back*valueHi + carry = hi
//   coinbase   as in transfer.circom, with paid for intrinsic
// The sender gets back at most what txbegin took; the recipient has the value that it got (its frame calls nothing, and sends nothing).
// Both were touched in T by txbegin, so their cells come with tx = T, first = 0, and no refresh: `dead` is only the coinbase's.
// Order, time, islands: lib/account.circom, lib/step.circom.
//
// PADDING: all 0. COST: 214, two of them linear.
template TxEnd() {
    signal input en, ts, call, ok, gas, work, jrn, fifth[6], capped, excess[6];
    signal input tx, gasUsed, sender, to, valueHi, valueLo, gasLimit, priceHi, priceLo, tipHi, tipLo, jrnSaved;
    signal input coinbase, coinbaseHi;
    signal input senderCell[ACCESS()], recipientCell[ACCESS()], coinbaseCell[ACCESS()];
    signal input senderNewHi[11], senderNewLo[11], recipientNewHi[11], recipientNewLo[11], coinbaseNewHi[11], coinbaseNewLo[11];
    signal input senderCarry[6], recipientCarry, coinbaseCarry[6];
    signal input alpha, p[32];
    signal output o[123];

    en * (en - 1) === 0;
    signal p31 <== p[TAGPOWER()];
    var f;

    // Gas
    capped * (capped - 1) === 0;
    var quotient = 0, distance = 0;
    for (var i = 5; i >= 0; i--) { quotient = 4096 * quotient + fifth[i]; distance = 4096 * distance + excess[i]; }
    signal below <== (1 - capped) * distance;
    var refund = quotient + distance - 2 * below + capped, refunded = quotient - below;
    var used = gasLimit - gas, left = gas + refunded, paid = used - refunded, rest = used - 5 * quotient;
    f = alpha + rest + RANGE12() * p31;
    o[0] <-- -en / f;
    o[0] * f === -en;
    f = alpha + 4 - rest + RANGE12() * p31;
    o[1] <-- -en / f;
    o[1] * f === -en;

    // The end, what the begin saved, the state after it
    signal call1 <== p[END_call()] * call;
    signal ok1 <== p[END_ok()] * ok;
    signal gas1 <== p[END_gas()] * gas;
    signal work1 <== p[END_work()] * work;
    signal jrn1 <== p[END_jrn()] * jrn;
    signal refund1 <== p[END_refund()] * refund;
    f = alpha + ts + call1 + ok1 + gas1 + work1 + jrn1 + refund1 + END() * p31;
    o[2] <-- -en / f;
    o[2] * f === -en;

    signal sender1 <== p[SAVED_sender()] * sender;
    signal savedCall1 <== p[SAVED_call()] * call;
    signal valueHi1 <== p[SAVED_valueHi()] * valueHi;
    signal valueLo1 <== p[SAVED_valueLo()] * valueLo;
    signal savedTo1 <== p[SAVED_to()] * to;
    signal gasLimit1 <== p[SAVED_gasLimit()] * gasLimit;
    signal tx1 <== p[SAVED_tx()] * tx;
    signal priceHi1 <== p[SAVED_priceHi()] * priceHi;
    signal priceLo1 <== p[SAVED_priceLo()] * priceLo;
    signal tipHi1 <== p[SAVED_tipHi()] * tipHi;
    signal tipLo1 <== p[SAVED_tipLo()] * tipLo;
    signal savedJrn1 <== p[SAVED_jrn()] * jrnSaved;
    f = alpha + gasUsed + sender1 + savedCall1 + valueHi1 + valueLo1 + savedTo1 + gasLimit1 + tx1 + priceHi1 + priceLo1 + tipHi1 + tipLo1 + savedJrn1;
    f += SAVED() * p31;
    o[3] <-- -en / f;
    o[3] * f === -en;

    signal gasUsed1 <== p[BETWEEN_gasUsed()] * (gasUsed + paid);
    signal betweenWork1 <== p[BETWEEN_work()] * work;
    signal betweenJrn1 <== p[BETWEEN_jrn()] * jrn;
    f = alpha + ts + 4 + tx1 + p[BETWEEN_tx()] + gasUsed1 + betweenWork1 + betweenJrn1 + BETWEEN() * p31;
    o[4] <-- en / f;
    o[4] * f === en;

    signal coinbaseHi1 <== p[BLOCK_hi()] * coinbaseHi;
    f = alpha + (coinbase - (1 << 128) * coinbaseHi) + coinbaseHi1 + p[BLOCK_field()] * OP_COINBASE() + BLOCK() * p31;
    o[5] <-- -en / f;
    o[5] * f === -en;

    (1 - ok) * (jrn - jrnSaved) === 0;

    // Accesses
    signal to1 <== p[ACCT_addr()] * to;
    signal coinbase1 <== p[ACCT_addr()] * coinbase;
    signal birth1 <== p[ACCT_birth()] * tx;
    signal senderAccess[31], recipientAccess[31], coinbaseDead, coinbaseAccess[31];
    (_, senderAccess) <== Balance(1, 0)(en, ts, tx, sender1, tx1, birth1, senderCell, senderNewHi, senderNewLo, alpha, p);
    (_, recipientAccess) <== Balance(2, 0)(en, ts, tx, to1, tx1, birth1, recipientCell, recipientNewHi, recipientNewLo, alpha, p);
    (coinbaseDead, coinbaseAccess) <== Balance(3, 0)(en, ts, tx, coinbase1, tx1, birth1, coinbaseCell, coinbaseNewHi, coinbaseNewLo, alpha, p);
    var coinbaseLives = 1 - coinbaseDead;
    for (var i = 0; i < 31; i++) { o[6 + i] <== senderAccess[i]; o[37 + i] <== recipientAccess[i]; o[68 + i] <== coinbaseAccess[i]; }

    Account() senderWas <== AccountCell()(senderCell);
    Account() recipientWas <== AccountCell()(recipientCell);
    Account() coinbaseWas <== AccountCell()(coinbaseCell);

    // Effects
    var newHi[3] = [0, 0, 0], newLo[3] = [0, 0, 0];
    for (var i = 10; i >= 0; i--) {
        newHi[0] = 4096 * newHi[0] + senderNewHi[i]; newHi[1] = 4096 * newHi[1] + recipientNewHi[i]; newHi[2] = 4096 * newHi[2] + coinbaseNewHi[i];
        newLo[0] = 4096 * newLo[0] + senderNewLo[i]; newLo[1] = 4096 * newLo[1] + recipientNewLo[i]; newLo[2] = 4096 * newLo[2] + coinbaseNewLo[i];
    }
    var senderUp = 0, coinbaseUp = 0;
    for (var i = 5; i >= 0; i--) { senderUp = 4096 * senderUp + senderCarry[i]; coinbaseUp = 4096 * coinbaseUp + coinbaseCarry[i]; }
    signal backHi <== (1 - ok) * valueHi;
    signal backLo <== (1 - ok) * valueLo;
    left * priceLo === newLo[0] + (1 << 128) * senderUp - senderWas.balLo - backLo;
    left * priceHi === newHi[0] - senderUp - senderWas.balHi - backHi;

    recipientCarry * (recipientCarry - 1) === 0;
    recipientWas.balLo === newLo[1] + backLo - (1 << 128) * recipientCarry;
    recipientWas.balHi === newHi[1] + backHi + recipientCarry;

    signal coinbaseWasHi <== coinbaseWas.balHi * coinbaseLives;
    signal coinbaseWasLo <== coinbaseWas.balLo * coinbaseLives;
    paid * tipLo === newLo[2] + (1 << 128) * coinbaseUp - coinbaseWasLo;
    paid * tipHi === newHi[2] - coinbaseUp - coinbaseWasHi;

    // Range of the carries, quotient and excess
    signal fifths[6] <== Range(6)(en, fifth, alpha, p31), excesses[6] <== Range(6)(en, excess, alpha, p31);
    signal senderCarries[6] <== Range(6)(en, senderCarry, alpha, p31), coinbaseCarries[6] <== Range(6)(en, coinbaseCarry, alpha, p31);
    for (var i = 0; i < 6; i++) {
        o[99 + i] <== fifths[i]; o[105 + i] <== excesses[i];
        o[111 + i] <== senderCarries[i]; o[117 + i] <== coinbaseCarries[i];
    }
}
