pragma circom 2.2.0;
include "../lib/canonical.circom";
include "../lib/poseidon.circom";
include "../bus.circom";

// A leaf or an extension without its first nibble n. STATEMENT, s times for any s: X@p = Y@pn, where Y = HN(path, second, more),
// X = HN(n|path, second, more), n a nibble, path canonical of at most 61 nibbles.
// N = 2: extension (path not empty, second is the child); N = 4: slot leaf; N = 8: account leaf (path is the head, second the tail).
// COLUMNS. trie q d (position of X) n X Y path (of Y) w (16^length of path) second more[N-2] s (any).
// TUPLES. -s*X*REF(X, p), +s*Y*REF(Y, pn).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom. The range checks are what keeps a moved leaf from standing next door with a path that is too long:
// with n or path out of range, (n, path) and (n - 1, path + w) would be the same number behind X.
// PADDING: zeros, with w = path = 1 (N = 2: 16). COST: 800 (N=2), 915 (N=4), 1125 (N=8), 3 of them linear: 2*240 / 2*297 /
// 2*402 hash, 308 path (N=2: 307), 6 first nibble, 7 bus.
template Open(N) {
    signal input trie, q, d, n, X, Y, path, w, second, more[N - 2], s, alpha, p[32];
    signal output o[1];
    var min = N == 2 ? 1 : 0;

    signal sel[61 - min] <== Length(min)(w);
    Digits(min)(path, w, sel);

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
    signal above[N], under[N];
    above[0] <== path + 15 * w + nw;                         // 16w + n*w + (path - w)
    under[0] <== path;
    above[1] <== second;
    under[1] <== second;
    for (var k = 2; k < N; k++) { above[k] <== more[k - 2]; under[k] <== more[k - 2]; }
    Digest(N)(above, X);
    Digest(N)(under, Y);

    signal trie1 <== p[REF_trie()] * trie;
    signal q1 <== p[REF_q()] * q;
    signal d1 <== p[REF_d()] * d;
    signal n1 <== p[REF_q()] * n;
    var REFTAG = REF() * p[TAGPOWER()], f;

    f = alpha + trie1 + q1 + d1 + X + REFTAG;
    signal refHere <-- X / f;
    refHere * f === X;
    f = alpha + trie1 + 16 * q1 + n1 + d1 + p[REF_d()] + Y + REFTAG;
    signal refBelow <-- Y / f;
    refBelow * f === Y;
    o[0] <== s * (refBelow - refHere);
}
