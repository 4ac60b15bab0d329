pragma circom 2.2.0;
include "../lib/memory.circom";

// STATEMENT. Word i of a hash's input, if it is one whole word of memory: `left` >= 32 bytes are still to be read, from 32 word on.
//
// COLUMNS. en boolean (checked); last boolean, at most en (checked): left = 32 (checked); ts, call, id, left, i, word: what HASHING carries, its offset
// being 32 word; hi, lo: the word; age: its age, three limbs.
//
// TUPLES. Times en: receives HASHING, MEM; sends MEM; looks up KWORD, RANGE12 three times. Times en - last: sends HASHING.
//
// WHY A CHEATING PROVER GAINS NOTHING. The word exists, so it is an integer (circuits/lib/memory.circom) and HASHING's offset, an integer below 2^128,
// is 32 word. If last = 0 and left <= 32 the walk goes on with left <= 0, from where no row ends it. The walk and its meaning: chip `keccak256`.
//
// PADDING: all 0. COST: 19.
template KeccakWord() {
    signal input en, last, ts, call, id, left, i, word, hi, lo, age[3];
    signal input alpha, p[32];
    signal output o[8];

    en * (en - 1) === 0;
    last * (last - 1) === 0;
    last * (1 - en) === 0;
    last * (left - 32) === 0;

    signal call1 <== p[MEM_call()] * call;
    signal id1 <== p[HASHING_id()] * id;
    signal left1 <== p[HASHING_left()] * left;
    signal i1 <== p[HASHING_i()] * i;
    signal word1 <== p[MEM_word()] * word;             // HASHING's offset has the same power
    signal hi1 <== p[MEM_hi()] * hi;
    signal lo1 <== p[MEM_lo()] * lo;
    var f = alpha + ts + call1 + id1 + left1 + i1 + 32 * word1 + HASHING() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += 1 - 32 * p[HASHING_left()] + p[HASHING_i()] + 32 * p[HASHING_offset()];
    o[1] <-- (en - last) / f;
    o[1] * f === en - last;
    f = alpha + i + id1 + hi1 + lo1 + KWORD() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;

    signal cell[5] <== MemoryWord()(en, ts, call1, word1, hi1, lo1, hi1, lo1, age, alpha, p);
    for (var k = 0; k < 5; k++) { o[3 + k] <== cell[k]; }
}
