pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";
include "../lib/memory.circom";

// STATEMENT. KECCAK256 of two words: an offset divisible by 32 and the length 64 leave the stack, the digest of the two words from the offset on is
// pushed. Memory grows by what they need. Gas 30 + 6 * 2 + expansion. Other lengths and offsets: chip `keccak256`.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); grow, cost: circuits/lib/expand.circom; offset: the first
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
    var word = offset[0] / 32;
    var units = WORK_keccak256() + 2 * WORK_keccakWord();

    signal delta <== grow * (word + 2 - exec[7]);
    signal grown <== p[EXEC_mem()] * delta;
    signal spent <== p[EXEC_gas()] * cost;
    var grew = WORK_memoryWord() * delta + WORK_expansion() * grow;
    signal taken <== p[EXEC_work()] * grew;
    component step = Step(1, 1, -1, 42, units);
    step.en <== en; step.exec <== exec; step.op <== 0x20; step.extra <== grown - spent - taken;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    exec[6] - units * en - grew - WORK_gas() * (exec[5] - 42 * en - cost) === spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3];

    component item[2];
    for (var k = 0; k < 2; k++) {
        item[k] = Pop(k + 1);
        item[k].en <== en; item[k].exec <== exec; item[k].call1 <== step.call1; item[k].sp1 <== step.sp1; item[k].alpha <== alpha; item[k].p <== p;
        item[k].cell[0] <== 0;
        item[k].cell[1] <== k == 0 ? offset[0] : 64;
        for (var i = 0; i < 3; i++) { item[k].cell[2 + i] <== k == 0 ? offset[1 + i] : lengthAge[i]; }
        for (var i = 0; i < 4; i++) { o[3 + 4*k + i] <== item[k].o[i]; }
    }

    signal word1 <== p[MEM_word()] * word;
    signal aHi1 <== p[MEM_hi()] * a[0];
    signal aLo1 <== p[MEM_lo()] * a[1];
    signal bHi1 <== p[MEM_hi()] * b[0];
    signal bLo1 <== p[MEM_lo()] * b[1];
    component cell[2];
    for (var k = 0; k < 2; k++) {
        cell[k] = MemoryWord();
        cell[k].en <== en; cell[k].ts <== exec[0]; cell[k].call1 <== step.call1; cell[k].word1 <== word1 + k * p[MEM_word()];
        cell[k].hi1 <== k == 0 ? aHi1 : bHi1; cell[k].newHi1 <== k == 0 ? aHi1 : bHi1;
        cell[k].lo1 <== k == 0 ? aLo1 : bLo1; cell[k].newLo1 <== k == 0 ? aLo1 : bLo1;
        for (var i = 0; i < 3; i++) { cell[k].gap[i] <== ages[3*k + i]; }
        cell[k].alpha <== alpha; cell[k].p <== p;
        for (var i = 0; i < 5; i++) { o[11 + 5*k + i] <== cell[k].o[i]; }
    }

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    component push = Push(2);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== hi1; push.lo1 <== lo1;
    push.alpha <== alpha; push.p <== p;
    o[21] <== push.o;

    signal a1 <== p[KECCAK64_aHi()] * a[0];
    signal a2 <== p[KECCAK64_aLo()] * a[1];
    signal b1 <== p[KECCAK64_bHi()] * b[0];
    var f = alpha + a1 + a2 + b1 + b[1] + hi1 + lo1 + KECCAK64() * p[TAGPOWER()];
    o[22] <-- -en / f;
    o[22] * f === -en;

    component growth = Grow(1);
    growth.en <== en; growth.exec <== exec; growth.call1 <== step.call1; growth.mem1 <== step.mem1;
    growth.grow <== grow; growth.cost <== cost; growth.delta <== delta; growth.alpha <== alpha; growth.p <== p;
    for (var i = 0; i < 2; i++) { o[23 + i] <== growth.o[i]; }
    component range = Range(4);
    range.en <== en; range.limb <== spare; range.alpha <== alpha; range.p31 <== p[TAGPOWER()];
    for (var i = 0; i < 4; i++) { o[25 + i] <== range.o[i]; }
}
