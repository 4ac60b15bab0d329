pragma circom 2.2.0;
include "../lib/memory.circom";
include "../lib/bytes.circom";

// STATEMENT. A copy (COPY) from the memory of frame `call` to the input `id` of a hash goes on by its word i, wherever it stands in memory: `left` bytes
// are still to be read, from byte 32 w + 16 second + c on, 0 <= c < 16; the word is their first 32, or all of them with zeros behind.
//
// COLUMNS. en, second booleans (checked); last, two booleans, at most en (checked): the input ends in this word; word w + 1 is read too. ts, call, id,
// left: what COPY carries; i, word (= w): where it is, `to` = 32 i; shift[15]: shift[c - 1] = 1 if c > 0, all else 0 (checked). Of the four halves
// of the words w and w + 1, the bytes begin in half `second`: z0, z1, z2 are that half and the two after it, in bytes; other: the fourth; the halves
// of a word w + 1 that is not read are not used: `other`, if it is one of them, is 0 (checked). ages[6]: ages of the two words, 0 of
// one that is not read (checked). cut boolean (checked): more than 16
// bytes are kept; M = 256^(bytes of the half at the end that are not kept), kept[11], gone[11], short[11]: 12-bit limbs of that half divided by M, of
// the rest, and of M - 1 - rest; slack: how many bytes word w has behind the last one that is kept, if two = 0, else 0 (checked).
//
// TUPLES. Times en: receives COPY, MEM; sends MEM; looks up KWORD, POW2, BYTE 48 times, RANGE12 40 times (times two: three of them, and MEM received
// and sent for the second word). Times en - last: sends COPY.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) Place: word w exists, so w is an integer and COPY's `from`, an integer below 2^128, is 32 w + 16 second + c in one way only.
// (2) The 32 bytes from there on are v0, v1: with P = 256^c, Q = 256^(16 - c), low(z) the lower 16 - c bytes of z (circuits/lib/bytes.circom),
//       v0 = P low(z0) + (z1 - low(z1)) / Q,    v1 = P low(z1) + (z2 - low(z2)) / Q,    1 / Q = P / 2^128.
// (3) Kept are n = left bytes if last = 1, else n = 32. e = n - 16 cut; POW2 holds (8 (16 - e), M) only for an integer of [0, 127], and left is an
//     integer: so e is in [1, 16], n in [1, 32], and cut and e are those of n. The half x = v0 (cut = 0) or v1 (cut = 1) is kept * M + gone
//     with gone < M, all integers below 2^252: kept * M is x without its last 16 - e bytes. The word is (kept * M, 0) or (v0, kept * M).
// (4) two = 0: 32 - 16 second - c - n = slack >= 0, so no byte that is kept stands in w + 1. two = 1: the word w + 1 exists and is read.
// (5) last = 0 and left <= 32: the walk goes on with left <= 0, and (3) lets no row end it. What a copy is for: chip
//     `keccak256`; its kinds are constants, as in chip `copyword`. The two words are different cells at one time.
//
// PADDING: M = 1, all else 0. COST: 197.
template CopyBytes() {
    signal input en, last, two, ts, call, id, left, i, word, second, shift[15], z0[16], z1[16], z2[16], other, ages[6];
    signal input cut, M, kept[11], gone[11], short[11], slack;
    signal input alpha, p[32];
    signal output o[96];

    en * (en - 1) === 0;
    last * (last - 1) === 0;
    last * (1 - en) === 0;
    two * (two - 1) === 0;
    two * (1 - en) === 0;
    second * (second - 1) === 0;
    cut * (cut - 1) === 0;
    var c = 0, some = 0, P = 1, f;
    for (var k = 0; k < 15; k++) {
        shift[k] * (shift[k] - 1) === 0;
        some += shift[k]; c += (k + 1) * shift[k]; P += ((1 << 8 * (k + 1)) - 1) * shift[k];
    }
    some * (some - 1) === 0;

    // The 32 bytes from the offset on
    var whole[3] = [0, 0, 0], low[3] = [0, 0, 0];
    signal part[3][16], bytes[3][16];
    (part[0], bytes[0]) <== SplitBytes(1)(en, shift, z0, alpha, p[TAGPOWER()]);
    (part[1], bytes[1]) <== SplitBytes(1)(en, shift, z1, alpha, p[TAGPOWER()]);
    (part[2], bytes[2]) <== SplitBytes(1)(en, shift, z2, alpha, p[TAGPOWER()]);
    for (var k = 0; k < 16; k++) {
        whole[0] += (1 << 8 * k) * z0[k]; whole[1] += (1 << 8 * k) * z1[k]; whole[2] += (1 << 8 * k) * z2[k];
        for (var j = 0; j < 3; j++) { low[j] += part[j][k]; o[16*j + k] <== bytes[j][k]; }
    }
    signal v0 <== P * (low[0] + (whole[1] - low[1]) / (1 << 128));
    signal v1 <== P * (low[1] + (whole[2] - low[2]) / (1 << 128));

    // Those that are kept
    signal n <== last * (left - 32) + 32;
    signal x <== cut * (v1 - v0) + v0;
    var keeps = 0, rest = 0, missing = 0;
    for (var k = 10; k >= 0; k--) { keeps = 4096 * keeps + kept[k]; rest = 4096 * rest + gone[k]; missing = 4096 * missing + short[k]; }
    signal head <== keeps * M;
    x === head + rest;
    M - 1 === rest + missing;
    signal lo <== cut * head;
    signal hi <== cut * v0 + head - lo;
    signal M1 <== p[POW2_p()] * M;
    f = alpha + 8 * (16 - n + 16 * cut) + M1 + POW2() * p[TAGPOWER()];
    o[48] <-- -en / f;
    o[48] * f === -en;
    (en - two) * (32 - 16 * second - c - n) === slack;

    // The walk
    var kinds = PLACE_memory() * p[COPY_fromKind()] + PLACE_hash() * p[COPY_toKind()];
    signal call1 <== p[MEM_call()] * call;
    signal id1 <== p[COPY_toId()] * id;
    signal left1 <== p[COPY_left()] * left;
    signal i1 <== p[COPY_to()] * i;
    signal word1 <== p[MEM_word()] * word;             // COPY's `from` has the power of MEM's word, its ids those of MEM's call and KWORD's id
    signal start1 <== p[COPY_from()] * (16 * second + c);
    f = alpha + ts + call1 + id1 + left1 + 32 * i1 + 32 * word1 + start1 + kinds + COPY() * p[TAGPOWER()];
    o[49] <-- -en / f;
    o[49] * f === -en;
    f += 1 - 32 * p[COPY_left()] + 32 * p[COPY_to()] + 32 * p[COPY_from()];
    o[50] <-- (en - last) / f;
    o[50] * f === en - last;
    signal hi1 <== p[KWORD_hi()] * hi;
    signal lo1 <== p[KWORD_lo()] * lo;
    f = alpha + i + id1 + hi1 + lo1 + KWORD() * p[TAGPOWER()];
    o[51] <-- -en / f;
    o[51] * f === -en;

    // The two words: halves 0 to 3 are z0, z1, z2, other moved on by `second`
    signal hidden <== (1 - two) * (1 - second);
    hidden * other === 0;
    for (var k = 3; k < 6; k++) { (1 - two) * ages[k] === 0; }
    var z[4] = [whole[0], whole[1], whole[2], other];
    signal moved[4], share[4];
    for (var k = 0; k < 4; k++) {
        var before = (k + 3) % 4;
        moved[k] <== second * (z[before] - z[k]);
        share[k] <== p[k % 2 == 0 ? MEM_hi() : MEM_lo()] * (z[k] + moved[k]);
    }
    signal first[5] <== MemoryWord()(en, ts, call1, word1, share[0], share[1], share[0], share[1], [ages[0], ages[1], ages[2]], alpha, p);
    signal next[5] <== MemoryWord()(two, ts, call1, word1 + p[MEM_word()], share[2], share[3], share[2], share[3], [ages[3], ages[4], ages[5]], alpha, p);
    for (var j = 0; j < 5; j++) { o[52 + j] <== first[j]; o[57 + j] <== next[j]; }

    signal keeping[11] <== Range(11)(en, kept, alpha, p[TAGPOWER()]), going[11] <== Range(11)(en, gone, alpha, p[TAGPOWER()]);
    signal lacking[11] <== Range(11)(en, short, alpha, p[TAGPOWER()]);
    for (var k = 0; k < 11; k++) { o[62 + k] <== keeping[k]; o[73 + k] <== going[k]; o[84 + k] <== lacking[k]; }
    f = alpha + slack + RANGE12() * p[TAGPOWER()];
    o[95] <-- -en / f;
    o[95] * f === -en;
}
