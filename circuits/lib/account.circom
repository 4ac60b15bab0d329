pragma circom 2.2.0;
include "../bus.circom";
include "range.circom";

// Account cells: one access of a row to an account, shared by every chip that reads or writes accounts.
//
// STATEMENT. The account `addr` is accessed at time t = ts + k in transaction T: the row receives the tuple that the last
// access before it sent, ACCT(tOld, addr, nonce, bal, code, txOld, warm, birth, flags) with tOld < t and txOld <= T, and sends
// ACCT(t, addr, nonce', bal', code', T, warm', birth', flags'). `first` = 1 exactly when txOld < T: the first touch of the account
// in this transaction. Then the account is refreshed before the row sees it:
//   dead = first * flags: it was destroyed at the end of transaction txOld, so it is now nonce 0, balance 0, code keccak(""),
//   birth T (dead = 0: unchanged);  warm := 0, flags := 0.
// The row sees the refreshed account. Sent are nonce' = refreshed nonce + up, bal' = the refreshed balance, or a new one that the
// chip range-checks (writesBalance = 1), everything else as refreshed.
//
// A chip that reads a field after the refresh writes field * (1 - dead), and (code - keccak("")) * (1 - dead) for "has code".
// A chip that changes code, warm, birth or flags one day gets another parameter like writesBalance here.
//
// CELL (ACCESS() committed inputs): nonce, balHi, balLo, codeHi, codeLo, warm, birth, flags as received, flags boolean (checked) and
// words in limbs (their producers checked the ranges); first boolean (checked); three 12-bit limbs of t - tOld - 1; two of
// T - txOld - 1, 0 unless first (checked). tOld and txOld are expressions of these, so no column is linear in others.
//
// WHY A CHEATING PROVER GAINS NOTHING (offline memory).
// (1) ts and T of a row are small integers: they come from BETWEEN, which only transaction rows receive and send, ts growing by
//     3 or 4 and tx by 1. L1 sends the first BETWEEN, (ts 0, tx 1), and receives one. A set of rows that fed itself would have to
//     add up to a multiple of r in ts, far more rows than exist: no island. So the rows with en = 1 are one chain from L1's start,
//     ts < 2^36, T < 2^24, and [ts + 1, ts + step - 1], where a row's accesses lie, belongs to this row alone.
// (2) Hence every ACCT tuple sent carries a small integer as ts (L1's have 0), no two of one address the same one, and every access
//     receives one with tOld = t - 1 - gap, 0 <= gap < 2^36: strictly earlier as integers. Following an address's tuples
//     forward therefore never returns: no island here either, every path begins at a tuple of L1.
// (3) L1 sends exactly one ACCT per address, because its list is strictly ascending. So all accesses of an address are on ONE path
//     in the order of time: each sees exactly what the one before it left. An address outside the list cannot be accessed.
// (4) A path ends at a `cellend` row, the only other receiver; it sends one ACCTEND, and L1 receives exactly one per listed address.
// `first` denied: txOld must be T. `first` claimed at a later touch: T - 1 - txOld = -1 has no two 12-bit limbs.
//
// COST: 22 constraints, and in the chip one for addr1 (Balance: 48, with its range).
// Outputs o: receive, send, five RANGE12 lookups.

function ACCESS() { return 14; }

// The cell's parts by their names.
bus Account() {
    signal nonce, balHi, balLo, codeHi, codeLo, warm, birth, flags, first, gap[3], txGap[2];
}

// COST 0.
template AccountCell() {
    signal input cell[ACCESS()];
    output Account() a;
    a.nonce <== cell[0]; a.balHi <== cell[1]; a.balLo <== cell[2]; a.codeHi <== cell[3]; a.codeLo <== cell[4];
    a.warm <== cell[5]; a.birth <== cell[6]; a.flags <== cell[7]; a.first <== cell[8];
    a.gap <== [cell[9], cell[10], cell[11]];
    a.txGap <== [cell[12], cell[13]];
}

// keccak("") in limbs: the code hash of an account without code.
function EMPTY_CODE_HI() { return 0xc5d2460186f7233c927e7db2dcc703c0; }
function EMPTY_CODE_LO() { return 0xe500b653ca82273b7bfad8045d85a470; }

// T: the transaction. addr1, tx1 (T times ACCT_tx), birth1 (T times ACCT_birth): products that the row shares (lib/step.circom, names). newHi1,
// newLo1 (ACCT_balHi, ACCT_balLo) when writesBalance = 1, else 0 and not read.
template AccountAccess(k, up, writesBalance) {
    signal input en, ts, T, addr1, tx1, birth1, cell[ACCESS()], newHi1, newLo1, alpha, p[32];
    signal output dead, o[7];

    Account() a <== AccountCell()(cell);
    var gap = a.gap[0] + (1 << 12) * a.gap[1] + (1 << 24) * a.gap[2], txGap = a.txGap[0] + (1 << 12) * a.txGap[1];

    a.flags * (a.flags - 1) === 0;
    a.first * (a.first - 1) === 0;
    txGap * (1 - a.first) === 0;
    dead <== a.first * a.flags;

    signal range[5] <== Range(5)(en, [a.gap[0], a.gap[1], a.gap[2], a.txGap[0], a.txGap[1]], alpha, p[TAGPOWER()]);
    for (var i = 0; i < 5; i++) { o[2 + i] <== range[i]; }

    // Every field's share of the received fingerprint is one product; the sent one is made of the same shares.
    signal nonce1 <== p[ACCT_nonce()] * a.nonce;
    signal balHi1 <== p[ACCT_balHi()] * a.balHi;
    signal balLo1 <== p[ACCT_balLo()] * a.balLo;
    signal codeHi1 <== p[ACCT_codeHi()] * a.codeHi;
    signal codeLo1 <== p[ACCT_codeLo()] * a.codeLo;
    signal txOld1 <== p[ACCT_tx()] * (T - a.first - txGap);
    signal warm1 <== p[ACCT_warm()] * a.warm;
    signal birthOld1 <== p[ACCT_birth()] * a.birth;
    signal flags1 <== p[ACCT_flags()] * a.flags;

    // dead = 1 replaces the shares of nonce, balance, code and birth by those of the empty account born in T.
    var kept = nonce1 + codeHi1 + codeLo1 + birthOld1, written = newHi1 + newLo1;
    var empty = p[ACCT_codeHi()] * EMPTY_CODE_HI() + p[ACCT_codeLo()] * EMPTY_CODE_LO() + birth1;
    if (writesBalance == 0) { kept += balHi1 + balLo1; written = 0; }
    signal refresh <== dead * (empty - kept);
    signal marks <== (1 - a.first) * (warm1 + flags1);

    var head = alpha + addr1 + ACCT() * p[TAGPOWER()];
    var old = head + (ts + k - 1 - gap) + nonce1 + balHi1 + balLo1 + codeHi1 + codeLo1 + txOld1 + warm1 + birthOld1 + flags1;
    var new = head + (ts + k) + kept + refresh + up * p[ACCT_nonce()] + written + tx1 + marks;
    o[0] <-- -en / old;
    o[0] * old === -en;
    o[1] <-- en / new;
    o[1] * new === en;
}

// An access that leaves a new balance, in eleven 12-bit limbs a half, range-checked here. The chip says how it follows from the old one:
//   x + gain = y,  both halves at once:  xLo + gainLo = yLo + carry * 2^128,  xHi + gainHi + carry = yHi,
// with x the old and y the new balance, or the other way round when something is taken. `carry` is a boolean, or in limbs where a gain
// is gas times a price in halves (circuits/chips/transfer.circom). Nothing is carried out of yHi: nothing wraps at 2^256.
// COST: 48. Outputs o: AccountAccess, twelve RANGE12 for each half.
template Balance(k, up) {
    signal input en, ts, T, addr1, tx1, birth1, cell[ACCESS()], newHi[11], newLo[11], alpha, p[32];
    signal output dead, o[31];

    var hi = 0, lo = 0;
    for (var i = 10; i >= 0; i--) { hi = 4096 * hi + newHi[i]; lo = 4096 * lo + newLo[i]; }
    signal newHi1 <== p[ACCT_balHi()] * hi;
    signal newLo1 <== p[ACCT_balLo()] * lo;
    signal access[7], high[12] <== Range128()(en, newHi, alpha, p[TAGPOWER()]), low[12] <== Range128()(en, newLo, alpha, p[TAGPOWER()]);
    (dead, access) <== AccountAccess(k, up, 1)(en, ts, T, addr1, tx1, birth1, cell, newHi1, newLo1, alpha, p);
    for (var i = 0; i < 7; i++) { o[i] <== access[i]; }
    for (var i = 0; i < 12; i++) { o[7 + i] <== high[i]; o[19 + i] <== low[i]; }
}
