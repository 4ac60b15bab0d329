pragma circom 2.2.0;
include "../lib/canonical.circom";
include "../lib/poseidon.circom";
include "../bus.circom";

// An extension, whole. STATEMENT, s times for any s: X@p = C@(p.path), where X = H2(path, C), path canonical of 1..61 nibbles and
// C is a branch (looked up: BRANCH(C)). When e = 1: AT(X, p) => AT(C, p.path), m times.
// COLUMNS. trie q d (position) X (digest) path w (16^len) len C (child) s (any) e en (0 or 1) m (any).
// TUPLES. -en*BRANCH(C), -s*X*REF(X, p), +s*C*REF(C, p.path), -e*AT(X, p), +e*m*AT(C, p.path), with
// p.path = (trie, q*w + path - w, d + len).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom. The lookup keeps an extension from hanging on a leaf or another extension: s(1 - en) = 0, en is
// boolean, so a used row looks up, and lookups never cancel each other. Reads (e) need none: pre is canonical.
// PADDING: zeros, with path = w = 16, len = 1. COST: 564, 3 of them linear: 240 hash, 308 path, 3 flags, 13 bus.
template Ext() {
    signal input trie, q, d, X, path, w, len, C, s, e, en, m, alpha, p[32];
    signal output o[3];

    signal sel[60] <== Length(1)(w);
    Digits(1)(path, w, sel);
    var nibbles = 1;
    for (var k = 0; k < 60; k++) { nibbles += (k + 1) * sel[k]; }
    len === nibbles;

    Digest(2)([path, C], X);

    e * (e - 1) === 0;
    en * (en - 1) === 0;
    s * (1 - en) === 0;

    signal qw <== q * w;
    signal trie1 <== p[REF_trie()] * trie;
    signal q1 <== p[REF_q()] * q;
    signal d1 <== p[REF_d()] * d;
    signal qBelow1 <== p[REF_q()] * (qw + path - w);
    signal len1 <== p[REF_d()] * len;
    var here = alpha + trie1 + q1 + d1 + X;
    var below = alpha + trie1 + qBelow1 + d1 + len1 + C, f;

    f = alpha + C + BRANCH() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;

    f = here + REF() * p[TAGPOWER()];
    signal refHere <-- X / f;
    refHere * f === X;
    f = below + REF() * p[TAGPOWER()];
    signal refBelow <-- C / f;
    refBelow * f === C;
    o[1] <== s * (refBelow - refHere);

    f = here + AT() * p[TAGPOWER()];
    signal atHere <-- 1 / f;
    atHere * f === 1;
    f = below + AT() * p[TAGPOWER()];
    signal atBelow <-- m / f;
    atBelow * f === m;
    o[2] <== e * (atBelow - atHere);
}
