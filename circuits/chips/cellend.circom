pragma circom 2.2.0;
include "../lib/account.circom";

// STATEMENT. The last cell of the account addr becomes its state after the batch: receives ACCT(ts, addr, nonce, bal, code, tx, warm,
// birth, flags) of any time, sends ACCTEND(addr, nonce, bal, code), emptied (nonce 0, balance 0, code keccak("")) when flags = 1: the
// account is destroyed at the end of the last transaction that touched it.
//
// COLUMNS. en boolean; flags boolean (checked); the rest as received.
//
// WHY A CHEATING PROVER GAINS NOTHING. An address's accesses form one path from L1's one ACCT (circuits/lib/account.circom, 3); a path
// can only end here, and L1 receives exactly one ACCTEND per listed address: one row per address, and it takes the last cell, as
// every earlier one is the only thing that the access after it can receive. No island: nothing that this row sends is received by rows.
//
// PADDING: all 0. COST: 15, none linear.
template CellEnd() {
    signal input en, ts, addr, nonce, balHi, balLo, codeHi, codeLo, tx, warm, birth, flags;
    signal input alpha, p[32];
    signal output o[2];

    en * (en - 1) === 0;
    flags * (flags - 1) === 0;

    signal addr1 <== p[ACCT_addr()] * addr;
    signal nonce1 <== p[ACCT_nonce()] * nonce;
    signal balHi1 <== p[ACCT_balHi()] * balHi;
    signal balLo1 <== p[ACCT_balLo()] * balLo;
    signal codeHi1 <== p[ACCT_codeHi()] * codeHi;
    signal codeLo1 <== p[ACCT_codeLo()] * codeLo;
    signal tx1 <== p[ACCT_tx()] * tx;
    signal warm1 <== p[ACCT_warm()] * warm;
    signal birth1 <== p[ACCT_birth()] * birth;
    signal flags1 <== p[ACCT_flags()] * flags;
    var f = alpha + ts + addr1 + nonce1 + balHi1 + balLo1 + codeHi1 + codeLo1 + tx1 + warm1 + birth1 + flags1 + ACCT() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;

    // ACCTEND's shares are ACCT's (same powers) except for the nonce, which has power 0 there.
    var account = nonce + balHi1 + balLo1 + codeHi1 + codeLo1, empty = p[ACCTEND_codeHi()] * EMPTY_CODE_HI() + p[ACCTEND_codeLo()] * EMPTY_CODE_LO();
    signal emptied <== flags * (empty - account);
    f = alpha + addr1 + account + emptied + ACCTEND() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
}
