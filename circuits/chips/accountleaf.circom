pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// STATEMENT, s times for any s: X@p = AKV(i, fields) + S@(trie i, its root), where p is in trie 0, X is the digest of the leaf
// and L1's table ID says that listed account i has the key that the leaf stands for.
// When e = 1: AT(X, p) => RAKV(i, fields), mr times, and AT(S, (i, 1, 0)), ms times.
// (An account that L1 does not list never ends in this row: it only moves, by open8.)
// COLUMNS. q d (position) X (digest) i head tail (path from here) nonce balHi balLo codeHi codeLo S (storage root) s (any)
// e en (0 or 1) mr ms (any).
// TUPLES. -en*ID(head, i, q, d, tail), -s*X*REF(X, p), +s*AKV(i, fields), +s*S*REF(S, i, 1, 0), -e*AT(X, p),
// +e*mr*RAKV(i, fields), +e*ms*AT(S, i, 1, 0).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom. s(1 - en) = e(1 - en) = 0 and en is boolean: the row says nothing without its lookup, and lookups
// never cancel each other.
// PADDING: zeros. COST: 423, none linear: 402 hash, 21 bus.
template AccountLeaf() {
    signal input q, d, X, i, head, tail, nonce, balHi, balLo, codeHi, codeLo, S, s, e, en, mr, ms, alpha, p[32];
    signal output o[3];

    Digest(8)([head, tail, nonce, balHi, balLo, codeHi, codeLo, S], X);

    e * (e - 1) === 0;
    en * (en - 1) === 0;
    s * (1 - en) === 0;
    e * (1 - en) === 0;

    signal q1 <== p[REF_q()] * q;
    signal d1 <== p[REF_d()] * d;
    signal i1 <== p[AKV_i()] * i;                            // also the trie of S: AKV_i = ID_i = REF_trie
    signal tail1 <== p[ID_tail()] * tail;
    signal balHi1 <== p[AKV_balHi()] * balHi;
    signal balLo1 <== p[AKV_balLo()] * balLo;
    signal codeHi1 <== p[AKV_codeHi()] * codeHi;
    signal codeLo1 <== p[AKV_codeLo()] * codeLo;
    assert(AKV_i() == REF_trie() && ID_i() == REF_trie() && ID_q() == REF_q() && ID_d() == REF_d());
    var here = alpha + q1 + d1 + X;
    var fields = alpha + nonce + i1 + balHi1 + balLo1 + codeHi1 + codeLo1;
    var root = alpha + i1 + p[REF_q()] + S, f;

    f = alpha + head + i1 + q1 + d1 + tail1 + ID() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;

    f = here + REF() * p[TAGPOWER()];
    signal ref <-- X / f;
    ref * f === X;
    f = fields + AKV() * p[TAGPOWER()];
    signal akv <-- 1 / f;
    akv * f === 1;
    f = root + REF() * p[TAGPOWER()];
    signal refRoot <-- S / f;
    refRoot * f === S;
    o[1] <== s * (akv + refRoot - ref);

    f = here + AT() * p[TAGPOWER()];
    signal at <-- 1 / f;
    at * f === 1;
    f = fields + RAKV() * p[TAGPOWER()];
    signal rakv <-- mr / f;
    rakv * f === mr;
    f = root + AT() * p[TAGPOWER()];
    signal atRoot <-- ms / f;
    atRoot * f === ms;
    o[2] <== e * (rakv + atRoot - at);
}
