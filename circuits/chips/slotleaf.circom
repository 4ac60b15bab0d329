pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// Statement, s times for any s: X@p = KV(trie, key split at p, value), where X = H4(head, tail, hi, lo).
// When e = 1: AT(X, p) => RKV(trie, key split at p, value), once.
// Columns: trie q d (position) X (digest) head tail (path from here) hi lo (value) s (any) e (0 or 1).
// Tuples: -s*X*REF(X, p), +s*KV(head, p, tail, hi, lo), -e*AT(X, p), +e*RKV(head, p, tail, hi, lo).
// Soundness: branch.circom. Nothing is range-checked here: L1 splits the key and knows the value, so a KV or RKV of an
// ill-shaped leaf is received by nobody.
// Padding: zeros. Cost 310, none linear: 297 hash, 13 bus.
template SlotLeaf() {
    signal input trie, q, d, X, head, tail, hi, lo, s, e, alpha, p[32];
    signal output o[2];

    component hash = Digest(4);
    hash.in <== [head, tail, hi, lo];
    hash.out <== X;

    signal pTrie <== p[REF_trie()] * trie;
    signal pq <== p[REF_q()] * q;
    signal pd <== p[REF_d()] * d;
    signal pTail <== p[KV_tail()] * tail;
    signal pHi <== p[KV_hi()] * hi;
    signal pLo <== p[KV_lo()] * lo;
    var here = alpha + pTrie + pq + pd + X;
    var leaf = alpha + pTrie + pq + pd + head + pTail + pHi + pLo, f;

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
