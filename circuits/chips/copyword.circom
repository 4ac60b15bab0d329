pragma circom 2.2.0;
include "../lib/memory.circom";

// STATEMENT. A copy (COPY) from the memory of a frame to the input of a hash goes on by one word that stands whole in both: `left` >= 32 bytes are
// still to be read, from byte 32 word of frame `call` on, to byte 32 i of entry `id`, which is word i of L1's (KWORD).
//
// COLUMNS. en boolean (checked); last boolean, at most en (checked): left = 32 (checked); ts, call, id, left: what COPY carries; word, i: its places are
// `from` = 32 word, `to` = 32 i; hi, lo: the word; age: its age, three limbs.
//
// TUPLES. Times en: receives COPY, MEM; sends MEM; looks up KWORD, RANGE12 three times. Times en - last: sends COPY.
//
// WHY A CHEATING PROVER GAINS NOTHING. The word exists, so it is an integer (circuits/lib/memory.circom) and COPY's offset, an integer below 2^128,
// is 32 word; KWORD has words of integer i only. The kinds of both places are constants, so no row takes a copy between others. If last = 0 and
// left <= 32 the walk goes on with left <= 0, from where no row ends it. What a copy is for: the row that sends it (chip `keccak256`).
//
// PADDING: all 0. COST: 19.
template CopyWord() {
    signal input en, last, ts, call, id, left, i, word, hi, lo, age[3];
    signal input alpha, p[32];
    signal output o[8];

    en * (en - 1) === 0;
    last * (last - 1) === 0;
    last * (1 - en) === 0;
    last * (left - 32) === 0;

    var kinds = PLACE_memory() * p[COPY_fromKind()] + PLACE_hash() * p[COPY_toKind()];
    signal call1 <== p[MEM_call()] * call;
    signal id1 <== p[COPY_toId()] * id;
    signal left1 <== p[COPY_left()] * left;
    signal i1 <== p[COPY_to()] * i;
    signal word1 <== p[MEM_word()] * word;             // COPY's `from` has the power of MEM's word, its ids those of MEM's call and KWORD's id
    signal hi1 <== p[MEM_hi()] * hi;
    signal lo1 <== p[MEM_lo()] * lo;
    var f = alpha + ts + call1 + id1 + left1 + 32 * i1 + 32 * word1 + kinds + COPY() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += 1 - 32 * p[COPY_left()] + 32 * p[COPY_to()] + 32 * p[COPY_from()];
    o[1] <-- (en - last) / f;
    o[1] * f === en - last;
    f = alpha + i + id1 + hi1 + lo1 + KWORD() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;

    signal cell[5] <== MemoryWord()(en, ts, call1, word1, hi1, lo1, hi1, lo1, age, alpha, p);
    for (var k = 0; k < 5; k++) { o[3 + k] <== cell[k]; }
}
