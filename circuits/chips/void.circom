pragma circom 2.2.0;
include "../lib/canonical.circom";
include "../lib/poseidon.circom";
include "../bus.circom";

// Nothing stands beside an extension. STATEMENT, when e = 1: AT(X, p), X = H2(path, C), and path2 is as long but another =>
// AT(0, p.path2), m times.
// COLUMNS. trie q d (position) X (digest) path path2 w (16^len) len C (child) e (0 or 1) m (any).
// TUPLES. -e*AT(X, p), +e*m*AT(0, trie, q*w + path2 - w, d + len).
// WHY A CHEATING PROVER GAINS NOTHING. branch.circom for AT. All keys below p go along path, so none goes along another path of the same length; both
// paths are canonical of one length (1..61). path <> path2 is demanded of every row, so that the hint is determined.
// PADDING: zeros, with path = w = 16, path2 = 17, len = 1. COST: 804, 4 of them linear: 240 hash, 553 paths, 1 difference, 10 bus.
template Void() {
    signal input trie, q, d, X, path, path2, w, len, C, e, m, alpha, p[32];
    signal output o[1];

    signal sel[60] <== Length(1)(w);
    Digits(1)(path, w, sel);
    Digits(1)(path2, w, sel);
    var nibbles = 1;
    for (var k = 0; k < 60; k++) { nibbles += (k + 1) * sel[k]; }
    len === nibbles;

    signal apart <-- 1 / (path - path2);
    apart * (path - path2) === 1;

    Digest(2)([path, C], X);

    signal qw <== q * w;
    signal trie1 <== p[AT_trie()] * trie;
    signal q1 <== p[AT_q()] * q;
    signal d1 <== p[AT_d()] * d;
    signal qBeside1 <== p[AT_q()] * (qw + path2 - w);
    signal len1 <== p[AT_d()] * len;
    var ATTAG = AT() * p[TAGPOWER()], f;

    f = alpha + trie1 + q1 + d1 + X + ATTAG;
    signal atHere <-- 1 / f;
    atHere * f === 1;
    f = alpha + trie1 + qBeside1 + d1 + len1 + ATTAG;
    signal atBeside <-- m / f;
    atBeside * f === m;
    e * (e - 1) === 0;
    o[0] <== e * (atBeside - atHere);
}
