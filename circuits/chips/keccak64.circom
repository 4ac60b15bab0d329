pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";
include "../lib/memory.circom";

// STATEMENT. KECCAK256 of two words: an offset divisible by 32 and the length 64 leave the stack, the digest of the two words from the offset on is
// pushed. Memory grows by what they need. Gas 30 + 6 * 2 + expansion. Other lengths and offsets: chip `keccak256`.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); grow, cost: circuits/lib/expand.circom; offset: the first
// item without its high half, which is 0; lengthAge: age of the second item, three limbs; a, b: the words' halves; ages[6]: their ages; hi, lo: the
// digest; spare[4]: 12-bit limbs of the work that is left beyond the reserve.
//
// TUPLES. Times en: receives EXEC, STACK twice, MEM twice; sends EXEC, STACK, MEM twice; looks up CODE, KECCAK64, RANGE12 16 times. Times grow: sends
// MEMNEW, looks up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING. KECCAK64 comes from L1, which hashes the words itself, so (hi, lo) is their digest in 128-bit halves.
// Place and expansion: as in chip `memory`, with two words: grow = 0 needs both to exist, grow = 1 is impossible if both did. Work: what is
// left after the step, that of the expansion taken too, covers w1 for every unit of gas after it (spare is in [0, 2^48)), so the reserve's
// invariant holds (circuits/lib/step.circom, work); otherwise the row is `memhalt`'s. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 64.
template Keccak64() {
    signal input en, exec[STEP()], grow, cost, offset[POP() - 1], lengthAge[3], a[2], b[2], ages[6], hi, lo, spare[4];
    signal input alpha, p[32];
    signal output o[29];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    var word = offset[0] / 32;
    var units = WORK_keccak256() + 2 * WORK_keccakWord(), gas = GAS_KECCAK256() + 2 * GAS_keccakWord();

    signal delta <== grow * (word + 2 - m.mem);
    signal grown <== p[EXEC_mem()] * delta;
    signal spent <== p[EXEC_gas()] * cost;
    var grew = WORK_memoryWord() * delta + WORK_expansion() * grow;
    signal taken <== p[EXEC_work()] * grew;
    component step = Step(1, 1, -1, gas, units);
    step.en <== en; step.exec <== exec; step.op <== OP_KECCAK256(); step.extra <== grown - spent - taken; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    m.work - units * en - grew - WORK_gas() * (m.gas - gas * en - cost) === spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3];

    signal at[4], size[4];
    (_, _, at) <== Pop(1)(en, exec, step.call1, step.sp1, [0, offset[0], offset[1], offset[2], offset[3]], alpha, p);
    (_, _, size) <== Pop(2)(en, exec, step.call1, step.sp1, [0, 64, lengthAge[0], lengthAge[1], lengthAge[2]], alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== at[i]; o[7 + i] <== size[i]; }

    signal word1 <== p[MEM_word()] * word;
    signal aHi1 <== p[MEM_hi()] * a[0];
    signal aLo1 <== p[MEM_lo()] * a[1];
    signal bHi1 <== p[MEM_hi()] * b[0];
    signal bLo1 <== p[MEM_lo()] * b[1];
    signal first[5] <== MemoryWord()(en, m.ts, step.call1, word1, aHi1, aLo1, aHi1, aLo1, [ages[0], ages[1], ages[2]], alpha, p);
    signal next[5] <== MemoryWord()(en, m.ts, step.call1, word1 + p[MEM_word()], bHi1, bLo1, bHi1, bLo1, [ages[3], ages[4], ages[5]], alpha, p);
    for (var i = 0; i < 5; i++) { o[11 + i] <== first[i]; o[16 + i] <== next[i]; }

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    o[21] <== Push(2)(en, exec, step.call1, step.sp1, hi1, lo1, alpha, p);

    signal a1 <== p[KECCAK64_aHi()] * a[0];
    signal a2 <== p[KECCAK64_aLo()] * a[1];
    signal b1 <== p[KECCAK64_bHi()] * b[0];
    var f = alpha + a1 + a2 + b1 + b[1] + hi1 + lo1 + KECCAK64() * p[TAGPOWER()];
    o[22] <-- -en / f;
    o[22] * f === -en;

    signal growth[2] <== Grow(1)(en, exec, step.call1, step.mem1, grow, cost, delta, alpha, p);
    for (var i = 0; i < 2; i++) { o[23 + i] <== growth[i]; }
    signal spares[4] <== Range(4)(en, spare, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 4; i++) { o[25 + i] <== spares[i]; }
}
