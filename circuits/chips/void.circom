pragma circom 2.2.0;
include "../lib/canonical.circom";
include "../lib/poseidon.circom";
include "../bus.circom";

// Nothing stands beside an extension. Statement, when e = 1: AT(X, p), X = H2(path, C), and path2 is as long but another =>
// AT(0, p.path2), m times.
// Columns: trie q d (position) X (digest) path path2 w (16^len) len C (child) e (0 or 1) m (any).
// Tuples: -e*AT(X, p), +e*m*AT(0, trie, q*w + path2 - w, d + len).
// Soundness: branch.circom for AT. All keys below p go along path, so none goes along another path of the same length; both
// paths are canonical of one length (1..61). path <> path2 is demanded of every row, so that the hint is determined.
// Padding: zeros, with path = w = 16, path2 = 17, len = 1. Cost 804, 4 of them linear: 240 hash, 553 paths, 1 difference, 10 bus.
template Void() {
    signal input trie, q, d, X, path, path2, w, len, C, e, m, alpha, p[32];
    signal output o[1];

    component length = Length(1);
    length.w <== w;
    component digits = Digits(1);
    digits.path <== path;
    digits.w <== w;
    digits.sel <== length.sel;
    component digits2 = Digits(1);
    digits2.path <== path2;
    digits2.w <== w;
    digits2.sel <== length.sel;
    var nibbles = 1;
    for (var k = 0; k < 60; k++) { nibbles += (k + 1) * length.sel[k]; }
    len === nibbles;

    signal apart <-- 1 / (path - path2);
    apart * (path - path2) === 1;

    component hash = Digest(2);
    hash.in <== [path, C];
    hash.out <== X;

    signal qw <== q * w;
    signal pTrie <== p[AT_trie()] * trie;
    signal pq <== p[AT_q()] * q;
    signal pd <== p[AT_d()] * d;
    signal pqBeside <== p[AT_q()] * (qw + path2 - w);
    signal pLen <== p[AT_d()] * len;
    var ATTAG = AT() * p[TAGPOWER()], f;

    f = alpha + pTrie + pq + pd + X + ATTAG;
    signal atHere <-- 1 / f;
    atHere * f === 1;
    f = alpha + pTrie + pqBeside + pd + pLen + ATTAG;
    signal atBeside <-- m / f;
    atBeside * f === m;
    e * (e - 1) === 0;
    o[0] <== e * (atBeside - atHere);
}
