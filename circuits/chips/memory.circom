pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";
include "../lib/memory.circom";

// STATEMENT. MLOAD (store = 0), MSTORE (store = 1) of an offset divisible by 32: the word is pushed, or becomes the second item. Memory grows by
// what the word needs. Gas 3 + expansion. Other offsets: chip `unaligned`.
//
// COLUMNS. en, store booleans (checked), store <= en (checked); exec: the machine before the step (lib/stack.circom); grow, cost:
// circuits/lib/expand.circom; offset: the first item without its high half, which is 0; value: the word afterwards, hi, lo, and the age of the
// item that is popped (store), three limbs; old: the word's halves before; gap: its age, three limbs.
//
// TUPLES. Times en: receives EXEC, STACK, MEM; sends EXEC, MEM; looks up CODE, RANGE12 nine times. MLOAD sends STACK, MSTORE receives another one.
// Times grow: sends MEMNEW, looks up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING. The word accessed is offset / 32 in the field. Only words that are integers below 2^44 exist
// (circuits/lib/memory.circom, 1), and offset is an integer below 2^128, so offset = 32 word in integers. If the word existed before the row,
// grow = 1 is impossible: `to` = word + 1 <= mem. If it did not, grow = 0 is: there is no MEM to receive. An MLOAD leaves the word as it was
// (checked), so the word pushed is in 128-bit halves; an MSTORE's item is so too. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 51.
template MemoryChip() {
    signal input en, exec[STEP()], store, grow, cost, offset[POP() - 1], value[POP()], old[2], gap[3];
    signal input alpha, p[32];
    signal output o[19];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    store * (store - 1) === 0;
    store * (1 - en) === 0;
    var word = offset[0] / 32, f;

    signal delta <== grow * (word + 1 - m.mem);
    signal grown <== p[EXEC_mem()] * delta;
    signal spent <== p[EXEC_gas()] * cost;
    signal taken <== p[EXEC_work()] * (WORK_memoryWord() * delta + WORK_expansion() * grow);
    signal item <== p[EXEC_sp()] * store;
    component step = Step(1, 1, 0, GAS_MLOAD(), WORK_memory());
    step.en <== en; step.exec <== exec; step.op <== OP_MLOAD() + (OP_MSTORE() - OP_MLOAD()) * store; step.extra <== grown - spent - taken - 2 * item;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal at[4];
    (_, _, at) <== Pop(1)(en, exec, step.call1, step.sp1, [0, offset[0], offset[1], offset[2], offset[3]], alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== at[i]; }

    signal hi1 <== p[STACK_hi()] * value[0];
    signal lo1 <== p[STACK_lo()] * value[1];
    f = alpha + step.call1 + step.sp1 - p[STACK_idx()] + m.ts + hi1 + lo1 + STACK() * p[TAGPOWER()];
    o[7] <-- (en - store) / f;
    o[7] * f === en - store;
    f += -p[STACK_idx()] - 1 - value[2] - (1 << 12) * value[3] - (1 << 24) * value[4];
    o[8] <-- -store / f;
    o[8] * f === -store;
    signal age[3] <== Range(3)(en, [value[2], value[3], value[4]], alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[9 + i] <== age[i]; }

    signal word1 <== p[MEM_word()] * word;
    signal oldHi1 <== p[MEM_hi()] * old[0];
    signal oldLo1 <== p[MEM_lo()] * old[1];
    for (var i = 0; i < 2; i++) { (1 - store) * (value[i] - old[i]) === 0; }
    signal cell[5] <== MemoryWord()(en, m.ts, step.call1, word1, oldHi1, oldLo1, hi1, lo1, gap, alpha, p);
    for (var i = 0; i < 5; i++) { o[12 + i] <== cell[i]; }

    signal growth[2] <== Grow(1)(en, exec, step.call1, step.mem1, grow, cost, delta, alpha, p);
    for (var i = 0; i < 2; i++) { o[17 + i] <== growth[i]; }
}
