pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// Statement, when e = 1: AT(X, p), X the leaf of another key => NOKEY(trie, key2 split at p), once: no key2 in pre.
// N = 4: slot leaf, N = 8: account leaf; X = HN(head, tail, v).
// Columns: trie q d (position) X (digest) head tail (the leaf's path from here) v[N-2] (the leaf's content) head2 tail2 (the
// absent key's path from here) e (0 or 1).
// Tuples: -e*AT(X, p), +e*NOKEY(head2, p, tail2).
// Soundness: branch.circom for AT. The leaf is the only thing that stands at p or below, and its path is not key2's: the
// constraint says 256*(head2 - head) + tail2 - tail is not 0 mod r, which holds for no equal pair. (For different keys it is 0
// only when they differ by a multiple of r: at d > 0 impossible, at d = 0 as hard to find as a second preimage of keccak's
// 254 bits.) Also demanded when e = 0, so that the hint is determined in every row.
// Padding: zeros, but tail2 = 1. Cost 306 (N=4), 411 (N=8), none linear: 297 / 402 hash, 1 difference, 8 bus.
template NoKey(N) {
    signal input trie, q, d, X, head, tail, v[N - 2], head2, tail2, e, alpha, p[32];
    signal output o[1];

    component hash = Digest(N);
    hash.in[0] <== head;
    hash.in[1] <== tail;
    for (var k = 2; k < N; k++) { hash.in[k] <== v[k - 2]; }
    hash.out <== X;

    var difference = 256 * (head2 - head) + tail2 - tail;
    signal apart <-- 1 / difference;
    apart * difference === 1;

    signal pTrie <== p[AT_trie()] * trie;
    signal pq <== p[AT_q()] * q;
    signal pd <== p[AT_d()] * d;
    signal pTail2 <== p[NOKEY_tail()] * tail2;
    var here = alpha + pTrie + pq + pd, f;

    f = here + X + AT() * p[TAGPOWER()];
    signal at <-- 1 / f;
    at * f === 1;
    f = here + head2 + pTail2 + NOKEY() * p[TAGPOWER()];
    signal nokey <-- 1 / f;
    nokey * f === 1;
    e * (e - 1) === 0;
    o[0] <== e * (nokey - at);
}
