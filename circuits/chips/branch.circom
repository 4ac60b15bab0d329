pragma circom 2.2.0;
include "../lib/poseidon.circom";
include "../bus.circom";

// ============================================================================================================ the tries
// Ethereum's secure hexary trie with Poseidon digests (src/trie/node.ts): arity tells the kind.
//   branch H16(children, 0 = none) | extension H2(path, child) | slot leaf H4(head, tail, hi, lo)
//   account leaf H8(head, tail, nonce, balHi, balLo, codeHi, codeLo, storage root)          empty trie = 0
// A path of len nibbles is the number 16^len + value; of a leaf's path the last two nibbles are `tail`, the rest `head`.
// Position p = (trie, q, d): q = 1 then d nibbles; pn = (trie, 16q + n, d + 1). Trie 0: accounts; trie i: storage of the
// i-th listed account, i from 1.
//
// X@p is the formal tuple REF(X, trie, q, d) WITH WEIGHT X: a child that is 0 weighs nothing, so "none" needs no flag.
// A row is an identity of formal sums and may be used any number s of times (s any field element, negative: post side):
//   branch      X@p = sum of c_n@pn         slotleaf     X@p = KV(trie, key split at p, value)
//   open        X@p = Y@pn                  accountleaf  X@p = AKV(i, fields) + S@(i, 1, 0), where ID(i, key split at p)
//   ext         X@p = C@(p.path), where BRANCH(C)
// L1 adds pre@(0,1,0) - post@(0,1,0), and -KV/-AKV old, +KV/+AKV new of what the access list changes. One row per real node
// and side; what did not change cancels between the sides.
//
// Why a balanced bus means: the states differ at exactly the listed places, by the listed values (pre is canonical).
//  1. A digest has one known preimage (collision resistance), of one arity, so "the node X" is well defined.
//  2. phi maps X@p into the free module over the generators named below, by expanding preimages:
//       branch with >= 2 children at d <= 62 -> sum of phi(c_n@pn)
//       extension, canonical path of 1..62 nibbles, onto a branch C of >= 2 children -> phi(C@(p.path)); onto anything else ->
//         the generator (ext, trie, q*16^len + path - 16^len, d + len, C)
//       slot leaf, canonical head of len <= 62 -> the generator (trie, q*16^len + head - 16^len, d + len, tail, value)
//       account leaf -> the like with its fields and storage root; but AKV(i) + phi(S@(i,1,0)) when it is listed account i
//         at its place in trie 0
//       all else (one child, a branch below depth 62, a path out of range, unknown preimage) -> a generator of its own
//       phi(0@p) = 0;  KV(key split at p, value) -> the generator of the slot leaf it splits;  AKV(i) -> itself.
//     Every row maps to 0 under phi for every s and at any field elements q, d: by the row's own constraints and by its
//     lookups of ID and BRANCH. Lookups weigh -en with en boolean and s(1 - en) = 0, so none is cancelled by another row
//     (there are fewer than r rows); ID is L1's; a BRANCH row is true whatever its multiplicity.
//  3. So phi(pre) - phi(post) = sum of old - sum of new in a free module. pre is canonical and honest: at most 16^63 < r paths,
//     so no count wraps around r and q is unique. The generators that post contributes count positively, hence none of them
//     is ill-shaped or of a wrong length (L1's all have d + len = 62): the whole post trie, opened or not, is canonical.
//     A key determines one path, so post has it once: every listed key had its old and has its new value, all else agrees.
//  4. ID ties trie i to its account; without it a storage change could be booked on another account.
//
// The bound d <= 62 holds in EVERY branch row, s = 0 included. Without it q wraps, paths merge, and a subtree whose number of
// paths to its only unopened node is a multiple of r weighs nothing: such a "ghost" of 2,299 rows proves a wrong root with
// nothing listed. It is a permanent test (test/trace/ghost.test.ts).
//
// Reads. AT(X, p) is a table: "X stands at p in pre" (X = 0: nothing does). L1 gives the root `uses` times; a row with e = 1
// takes AT of its node once and gives AT of what hangs below as often as it is used (branch a_n; ext m; accountleaf ms for
// the root of trie i; void m for X = 0), or ends the chain: RKV, RAKV(i) (mr), NOKEY. e is boolean and multiplies all AT terms
// of a row, so a row with e = 0 gives nothing. Why every AT that is used is true in pre: uses are counted with weight -1 and
// are fewer than r, so a used AT is given by some row with e = 1 or by L1; that row itself used an AT at a depth smaller by
// 1..61, or, for d = 0 of trie i, at an account leaf in trie 0; only L1 gives AT at trie 0 and d = 0. d falls with every step
// and the steps are fewer than r/61, so there is no cycle.
// ====================================================================================================================

// STATEMENT, s times for any s: X@p = sum of c_n@pn over n = 0..15, where X = H16(c), at least two c_n are not 0, d <= 62.
// Gives BRANCH(X), m times. When e = 1: AT(X, p) => AT(c_n, pn), a_n times each.
// COLUMNS. trie q d (position) X (digest) c[16] (children, 0 = none) s (any) m (any) e (0 or 1) a[16] (any).
// TUPLES. -s*X*REF(X, p), +s*c_n*REF(c_n, pn), +m*BRANCH(X), -e*AT(X, p), +e*a_n*AT(c_n, pn).
// WHY A CHEATING PROVER GAINS NOTHING. above. Why m needs no flag: BRANCH(X) is true in every row that satisfies the constraints, padding included.
// Two children: with S_k = sum n^k c_n, S0*S2 - S1^2 = sum over i<j of (i-j)^2 c_i c_j, which is 0 for fewer than two. (For
// honest digests it is 0 with probability 1/r, and making it so takes more work than a collision.)
// PADDING: c = (1, 1, 0...), all else 0. COST: 659, none linear: 609 hash, 6 depth, 3 children, 41 bus.
template Branch() {
    signal input trie, q, d, X, c[16], s, m, e, a[16], alpha, p[32];
    signal output o[3];

    Digest(16)(c, X);

    // 62 - d has six bits; the last one is an expression.
    signal bit[5];
    var rest = 62 - d;
    for (var j = 0; j < 5; j++) {
        bit[j] <-- ((62 - d) >> j) & 1;
        bit[j] * (bit[j] - 1) === 0;
        rest -= bit[j] * (1 << j);
    }
    (rest / 32) * (rest / 32 - 1) === 0;

    var S0 = 0, S1 = 0, S2 = 0;
    for (var n = 0; n < 16; n++) { S0 += c[n]; S1 += n * c[n]; S2 += n * n * c[n]; }
    signal S02 <== S0 * S2;
    signal S11 <== S1 * S1;
    signal apart <-- 1 / (S02 - S11);
    apart * (S02 - S11) === 1;

    signal trie1 <== p[REF_trie()] * trie;
    signal q1 <== p[REF_q()] * q;
    signal d1 <== p[REF_d()] * d;
    var here = alpha + trie1 + q1 + d1 + X;                  // without the tag
    var below = alpha + trie1 + 16 * q1 + d1 + p[REF_d()];   // without tag, n and digest
    var REFTAG = REF() * p[TAGPOWER()], ATTAG = AT() * p[TAGPOWER()], f;

    f = here + REFTAG;
    signal refHere <-- X / f;
    refHere * f === X;
    signal refBelow[16];
    var refs = -refHere;
    for (var n = 0; n < 16; n++) {
        f = below + n * p[REF_q()] + c[n] + REFTAG;
        refBelow[n] <-- c[n] / f;
        refBelow[n] * f === c[n];
        refs += refBelow[n];
    }
    o[0] <== s * refs;

    f = alpha + X + BRANCH() * p[TAGPOWER()];
    o[1] <-- m / f;
    o[1] * f === m;

    f = here + ATTAG;
    signal atHere <-- 1 / f;
    atHere * f === 1;
    signal atBelow[16];
    var ats = -atHere;
    for (var n = 0; n < 16; n++) {
        f = below + n * p[AT_q()] + c[n] + ATTAG;
        atBelow[n] <-- a[n] / f;
        atBelow[n] * f === a[n];
        ats += atBelow[n];
    }
    e * (e - 1) === 0;
    o[2] <== e * ats;
}
