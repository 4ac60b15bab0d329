pragma circom 2.2.0;
include "../bus.circom";
include "range.circom";

// The machine before a step, and its stack. Its mirror: src/chips/lib/step.ts.
bus Exec() {
    signal ts, call, code, pc, sp, gas, work, mem, jrn, refund;
}

// Cells of the machine before a step, in the order of Exec.
function STEP() { return 10; }

// The cells by their names. COST 0.
template Machine() {
    signal input exec[STEP()];
    output Exec() m;
    m.ts <== exec[0]; m.call <== exec[1]; m.code <== exec[2]; m.pc <== exec[3]; m.sp <== exec[4];
    m.gas <== exec[5]; m.work <== exec[6]; m.mem <== exec[7]; m.jrn <== exec[8]; m.refund <== exec[9];
}

// Cells of one pop, in the order of Item: the word's halves, three 12-bit limbs of ts - tOld - 1.
function POP() { return 5; }

bus Item() {
    signal hi, lo, gap[3];
}

// Receives STACK(call, sp - k, tOld, hi, lo) with tOld < ts; the word is whatever was pushed (its producer checked it: two 128-bit halves).
//
// WHY THE WORD IS THE RIGHT ONE. Items at an index are pushed and popped in turn, since sp moves by exactly what rows push
// and pop. Times of one index are distinct. The first pop of idx can only take a push before it, there is one; by induction the
// k-th pop takes the k-th push, all pushes before it being used up. What is left at the end goes to `drain`, which cannot take an item
// that is popped later: that pop would then lack its push. No island: tOld < ts, and rows that push are rows of the chain.
//
// COST 6. Outputs: the shares hi1, lo1 (lib/step.circom, names); o: STACK received, three RANGE12.
template Pop(k) {
    signal input en, exec[STEP()], call1, sp1, cell[POP()], alpha, p[32];
    signal output hi1, lo1, o[4];

    Exec() m <== Machine()(exec);
    Item() item;
    item.hi <== cell[0]; item.lo <== cell[1]; item.gap <== [cell[2], cell[3], cell[4]];
    hi1 <== p[STACK_hi()] * item.hi;
    lo1 <== p[STACK_lo()] * item.lo;
    signal range[3] <== Range(3)(en, item.gap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[1 + i] <== range[i]; }
    var gap = item.gap[0] + (1 << 12) * item.gap[1] + (1 << 24) * item.gap[2];
    var f = alpha + (m.ts - 1 - gap) + call1 + sp1 - k * p[STACK_idx()] + hi1 + lo1 + STACK() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
}

// Sends STACK(call, sp - k, ts, hi, lo), given the shares hi1 and lo1 of a word whose halves are 128-bit (the chip's duty). COST 1.
template Push(k) {
    signal input en, exec[STEP()], call1, sp1, hi1, lo1, alpha, p[32];
    signal output o;
    Exec() m <== Machine()(exec);
    var f = alpha + m.ts + call1 + sp1 - k * p[STACK_idx()] + hi1 + lo1 + STACK() * p[TAGPOWER()];
    o <-- en / f;
    o * f === en;
}

// A row that makes the stack higher by one: sp <= 1023, by RANGE12(1023 - sp). COST 1.
template Room() {
    signal input en, exec[STEP()], alpha, p31;
    signal output o;
    Exec() m <== Machine()(exec);
    var f = alpha + 1023 - m.sp + RANGE12() * p31;
    o <-- -en / f;
    o * f === -en;
}
