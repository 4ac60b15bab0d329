pragma circom 2.2.0;
include "range.circom";

// Words of a frame's memory. Its mirror: src/chips/lib/memory.ts.
//
// STATEMENT. Word `word` (bytes [32 word, 32 word + 32)) of frame `call` is accessed at time ts: receives MEM(call, word, tOld, hi, lo) with
// tOld < ts, what the last access before left, and sends MEM(call, word, ts, hi', lo').
//
// WHY A CHEATING PROVER GAINS NOTHING (offline memory).
// (1) Which words exist, and since when. Only `memcell` rows send a MEM at a word's birth: one for each word of [from, to) of a MEMNEW(call,
//     from, to, t), since they walk from `from` to `to` by steps of 1 (circuits/chips/memcell.circom). MEMNEW is sent by the row at time t + 1 of
//     frame `call` whose memory grows from mem = from to mem' = to > from (circuits/lib/expand.circom). mem starts at 0, so these intervals
//     follow each other without a gap or overlap: every word below mem, and no other, is born exactly once in its frame.
// (2) tOld < ts as integers: tOld = ts - 1 - gap, three 12-bit limbs. A word is born at t, just before the row that adds it; so an access at ts
//     sees it only if ts > t, that is in that row or after it. Receiving a word therefore proves that it is below the memory's size after
//     the row: an access that the memory is too small for has no tuple to receive, whatever is expanded later. `word` need not be
//     range-checked: it is an integer below 2^44 because a memcell row counted up to it.
// (3) Times of one word are distinct (circuits/lib/step.circom, time: a row's accesses are at times of its own; a row that accesses two words at
//     one time accesses different ones) and grow along its tuples, so there is no island: following them forward never returns. One
//     birth, one end (the memcell row's other side): all accesses of a word are on ONE path in the order of time, each sees what the
//     one before it left. An end taken too early would leave the next access without a tuple.
//
// Shares (lib/step.circom, names): hi1, lo1 and newHi1, newLo1 of the halves before and after; word1. New halves are 128-bit: the chip's duty.
// en: a boolean of the chip. COST 5. Outputs o: MEM received, MEM sent, RANGE12 of the gap's limbs.
template MemoryWord() {
    signal input en, ts, call1, word1, hi1, lo1, newHi1, newLo1, gap[3], alpha, p[32];
    signal output o[5];

    var head = alpha + call1 + word1 + MEM() * p[TAGPOWER()];
    var f = head + ts - 1 - gap[0] - (1 << 12) * gap[1] - (1 << 24) * gap[2] + hi1 + lo1;
    o[0] <-- -en / f;
    o[0] * f === -en;
    f = head + ts + newHi1 + newLo1;
    o[1] <-- en / f;
    o[1] * f === en;
    signal age[3] <== Range(3)(en, gap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[2 + i] <== age[i]; }
}
