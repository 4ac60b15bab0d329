pragma circom 2.2.0;
include "../bus.circom";

// STATEMENT. What nobody will pop leaves the bus: a stack item of a frame that has ended (Drain), a journal entry of a change that stays
// (DrainJournal).
//
// COLUMNS. en boolean (checked); the fields of STACK, or those of JRN (kind is 0).
//
// TUPLES, times en. Receives STACK, or JRN.
//
// WHY A CHEATING PROVER GAINS NOTHING. The row has no condition at all, so what matters is what it cannot take (lib/stack.circom, Pop). Pushes and pops
// of one place (call, idx), or of one journal index, take turns in time (lib/stack.circom, Pop; circuits/chips/undo.circom, 1), and a pop takes
// a push from before it. Count: before the k-th pop there are k pushes, and the k pops up to it take k different ones of them. So a
// push that some pop follows is always taken by a pop, and if a drain took it, too few would be left for the pops: the bus could not
// balance. A drain takes exactly the pushes after the last pop: at most one per place. It sends nothing: no island.
//
// PADDING: all 0. COST: 6 (Drain), 8 (DrainJournal).
template Drain() {
    signal input en, ts, call, idx, hi, lo;
    signal input alpha, p[32];
    signal output o[1];

    en * (en - 1) === 0;
    signal call1 <== p[STACK_call()] * call;
    signal idx1 <== p[STACK_idx()] * idx;
    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    var f = alpha + ts + call1 + idx1 + hi1 + lo1 + STACK() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
}

template DrainJournal() {
    signal input en, ts, idx, oldHi, oldLo, addr, keyHi, keyLo;
    signal input alpha, p[32];
    signal output o[1];

    en * (en - 1) === 0;
    signal idx1 <== p[JRN_idx()] * idx;
    signal oldHi1 <== p[JRN_oldHi()] * oldHi;
    signal oldLo1 <== p[JRN_oldLo()] * oldLo;
    signal addr1 <== p[JRN_addr()] * addr;
    signal keyHi1 <== p[JRN_keyHi()] * keyHi;
    signal keyLo1 <== p[JRN_keyLo()] * keyLo;
    var f = alpha + ts + idx1 + oldHi1 + oldLo1 + addr1 + keyHi1 + keyLo1 + JRN() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
}
