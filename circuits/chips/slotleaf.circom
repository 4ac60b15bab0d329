pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// STATEMENT, s times for any s: X@p = KV(trie, key split at p, value), where X = H4(head, tail, hi, lo).
// When e = 1: AT(X, p) => RKV(trie, key split at p, value), once.
// COLUMNS. trie q d (position) X (digest) head tail (path from here) hi lo (value) s (any) e (0 or 1).
// TUPLES. -s*X*REF(X, p), +s*KV(head, p, tail, hi, lo), -e*AT(X, p), +e*RKV(head, p, tail, hi, lo).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom. Nothing is range-checked here: L1 splits the key and knows the value, so a KV or RKV of an
// ill-shaped leaf is received by nobody.
// PADDING: zeros. COST: 310, none linear: 297 hash, 13 bus.
template SlotLeaf() {
    signal input trie, q, d, X, head, tail, hi, lo, s, e, alpha, p[32];
    signal output o[2];

    Digest(4)([head, tail, hi, lo], X);

    signal trie1 <== p[REF_trie()] * trie;
    signal q1 <== p[REF_q()] * q;
    signal d1 <== p[REF_d()] * d;
    signal tail1 <== p[KV_tail()] * tail;
    signal hi1 <== p[KV_hi()] * hi;
    signal lo1 <== p[KV_lo()] * lo;
    var here = alpha + trie1 + q1 + d1 + X;
    var leaf = alpha + trie1 + q1 + d1 + head + tail1 + hi1 + lo1, f;

    f = here + REF() * p[TAGPOWER()];
    signal ref <-- X / f;
    ref * f === X;
    f = leaf + KV() * p[TAGPOWER()];
    signal kv <-- 1 / f;
    kv * f === 1;
    o[0] <== s * (kv - ref);

    f = here + AT() * p[TAGPOWER()];
    signal at <-- 1 / f;
    at * f === 1;
    f = leaf + RKV() * p[TAGPOWER()];
    signal rkv <-- 1 / f;
    rkv * f === 1;
    e * (e - 1) === 0;
    o[1] <== e * (rkv - at);
}
