pragma circom 2.2.0;
include "../bus.circom";

// STATEMENT. Word `word` of frame `call` is born at time ts, as 0, and ends as (hi, lo), last accessed at time t. It is one of the words up to `to`
// (exclusive) that one expansion adds: the row takes MEMNEW(call, word, to, ts) and leaves MEMNEW(call, word + 1, to, ts), or nothing when it
// is the last one.
//
// COLUMNS. en boolean (checked); last boolean, at most en (checked): word + 1 = to (checked); the rest as in the tuples.
//
// TUPLES. Times en: receives MEMNEW, MEM; sends MEM. Times en - last: sends MEMNEW.
//
// WHY A CHEATING PROVER GAINS NOTHING. Every MEMNEW that a row of an opcode sends, (call, from, to, ts) with from < to <= 2^44 (table EXPANSION), is
// received here, and all that follows has the same call, to and ts and a word greater by 1. Only word + 1 = to ends the walk, and a walk past
// `to` would take r rows; so it has one row for each word in [from, to), which sends the word's one birth and receives its one end.
// No island: a set of rows that fed itself would need r rows as well. What the words mean: circuits/lib/memory.circom.
//
// PADDING: all 0. COST: 13.
template MemCell() {
    signal input en, last, call, word, to, ts, t, hi, lo;
    signal input alpha, p[32];
    signal output o[4];

    en * (en - 1) === 0;
    last * (last - 1) === 0;
    last * (1 - en) === 0;
    last * (word + 1 - to) === 0;

    signal call1 <== p[MEM_call()] * call;
    signal word1 <== p[MEM_word()] * word;             // MEM's word and MEMNEW's from have one power
    signal to1 <== p[MEMNEW_to()] * to;
    signal hi1 <== p[MEM_hi()] * hi;
    signal lo1 <== p[MEM_lo()] * lo;
    var f = alpha + ts + call1 + word1 + to1 + MEMNEW() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += p[MEMNEW_from()];
    o[1] <-- (en - last) / f;
    o[1] * f === en - last;
    f = alpha + ts + call1 + word1 + MEM() * p[TAGPOWER()];
    o[2] <-- en / f;
    o[2] * f === en;
    f += t - ts + hi1 + lo1;
    o[3] <-- -en / f;
    o[3] * f === -en;
}
