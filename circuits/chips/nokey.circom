pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// STATEMENT, when e = 1: AT(X, p), X the leaf of another key => NOKEY(trie, key2 split at p), once: no key2 in pre.
// N = 4: slot leaf, N = 8: account leaf; X = HN(head, tail, v).
// COLUMNS. trie q d (position) X (digest) head tail (the leaf's path from here) v[N-2] (the leaf's content) head2 tail2 (the
// absent key's path from here) e (0 or 1).
// TUPLES. -e*AT(X, p), +e*NOKEY(head2, p, tail2).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom for AT. The leaf is the only thing that stands at p or below, and its path is not key2's: the
// constraint says 256*(head2 - head) + tail2 - tail is not 0 mod r, which holds for no equal pair. (For different keys it is 0
// only when they differ by a multiple of r: at d > 0 impossible, at d = 0 as hard to find as a second preimage of keccak's
// 254 bits.) Also demanded when e = 0, so that the hint is determined in every row.
// PADDING: zeros, but tail2 = 1. COST: 306 (N=4), 411 (N=8), none linear: 297 / 402 hash, 1 difference, 8 bus.
template NoKey(N) {
    signal input trie, q, d, X, head, tail, v[N - 2], head2, tail2, e, alpha, p[32];
    signal output o[1];

    signal content[N];
    content[0] <== head;
    content[1] <== tail;
    for (var k = 2; k < N; k++) { content[k] <== v[k - 2]; }
    Digest(N)(content, X);

    var difference = 256 * (head2 - head) + tail2 - tail;
    signal apart <-- 1 / difference;
    apart * difference === 1;

    signal trie1 <== p[AT_trie()] * trie;
    signal q1 <== p[AT_q()] * q;
    signal d1 <== p[AT_d()] * d;
    signal otherTail1 <== p[NOKEY_tail()] * tail2;
    var here = alpha + trie1 + q1 + d1, f;

    f = here + X + AT() * p[TAGPOWER()];
    signal at <-- 1 / f;
    at * f === 1;
    f = here + head2 + otherTail1 + NOKEY() * p[TAGPOWER()];
    signal nokey <-- 1 / f;
    nokey * f === 1;
    e * (e - 1) === 0;
    o[0] <== e * (nokey - at);
}
