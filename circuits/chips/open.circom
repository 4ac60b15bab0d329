pragma circom 2.2.0;
include "../lib/canonical.circom";
include "../lib/poseidon.circom";
include "../bus.circom";

// A leaf or an extension without its first nibble n. Statement, s times for any s: X@p = Y@pn, where Y = HN(path, second, more),
// X = HN(n|path, second, more), n a nibble, path canonical of at most 61 nibbles.
// N = 2: extension (path not empty, second is the child); N = 4: slot leaf; N = 8: account leaf (path is the head, second the tail).
// Columns: trie q d (position of X) n X Y path (of Y) w (16^length of path) second more[N-2] s (any).
// Tuples: -s*X*REF(X, p), +s*Y*REF(Y, pn).
// Soundness: branch.circom. The range checks are what keeps a moved leaf from standing next door with a path that is too long:
// with n or path out of range, (n, path) and (n - 1, path + w) would be the same number behind X.
// Padding: zeros, with w = path = 1 (N = 2: 16). Cost 800 (N=2), 915 (N=4), 1125 (N=8), 3 of them linear: 2*240 / 2*297 /
// 2*402 hash, 308 path (N=2: 307), 6 first nibble, 7 bus.
template Open(N) {
    signal input trie, q, d, n, X, Y, path, w, second, more[N - 2], s, alpha, p[32];
    signal output o[1];
    var min = N == 2 ? 1 : 0;

    component length = Length(min);
    length.w <== w;
    component digits = Digits(min);
    digits.path <== path;
    digits.w <== w;
    digits.sel <== length.sel;

    // n has four bits; the last one is an expression.
    signal bit[3];
    var rest = n;
    for (var j = 0; j < 3; j++) {
        bit[j] <-- (n >> j) & 1;
        bit[j] * (bit[j] - 1) === 0;
        rest -= bit[j] * (1 << j);
    }
    (rest / 8) * (rest / 8 - 1) === 0;

    signal nw <== n * w;
    component above = Digest(N);
    component under = Digest(N);
    above.in[0] <== path + 15 * w + nw;                      // 16w + n*w + (path - w)
    under.in[0] <== path;
    above.in[1] <== second;
    under.in[1] <== second;
    for (var k = 2; k < N; k++) { above.in[k] <== more[k - 2]; under.in[k] <== more[k - 2]; }
    above.out <== X;
    under.out <== Y;

    signal pTrie <== p[REF_trie()] * trie;
    signal pq <== p[REF_q()] * q;
    signal pd <== p[REF_d()] * d;
    signal pn <== p[REF_q()] * n;
    var REFTAG = REF() * p[TAGPOWER()], f;

    f = alpha + pTrie + pq + pd + X + REFTAG;
    signal refHere <-- X / f;
    refHere * f === X;
    f = alpha + pTrie + 16 * pq + pn + pd + p[REF_d()] + Y + REFTAG;
    signal refBelow <-- Y / f;
    refBelow * f === Y;
    o[0] <== s * (refBelow - refHere);
}
