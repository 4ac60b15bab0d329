pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";
include "../lib/memory.circom";

// STATEMENT. MSTORE8: the lowest byte of the second item becomes byte `offset` of memory, offset = 32 w + 16 second + c, 0 <= c < 16. Memory grows to
// w + 1 words if it is smaller. Gas 3 + expansion.
//
// COLUMNS. en, second booleans (checked); exec: the machine before the step (lib/stack.circom); grow, cost: circuits/lib/expand.circom; offset:
// the first item without its high half, which is 0; valueHi, rest[10], new: the second item, its low half being 256 * rest + new, rest in 12-bit
// limbs; gap: its age, three limbs; shift[15]: shift[c - 1] = 1 if c > 0, all else 0 (checked); bytes[16]: the half of the word that is written,
// before, byte 15 its topmost; other: its other half; age: of the word, three limbs.
//
// TUPLES. Times en: receives EXEC, STACK twice, MEM; sends EXEC, MEM; looks up CODE, RANGE12 19 times, BYTE 17 times. Times grow: sends MEMNEW, looks
// up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING. Place: as in chip `unaligned`, (1), with one word. new: rest is below 2^120 and new below 256, so the low
// half, a 128-bit integer, is 256 rest + new in one way only. bytes are those of the half before (circuits/lib/bytes.circom says why), so
// half + (new - bytes[15 - c]) 256^(15 - c) is the half with that byte replaced. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 110.
template MStore8() {
    signal input en, exec[STEP()], second, grow, cost, offset[POP() - 1], valueHi, rest[10], new, gap[3], shift[15], bytes[16], other, age[3];
    signal input alpha, p[32];
    signal output o[45];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    second * (second - 1) === 0;
    var c = 0, some = 0, weight = (1 << 120), half = 0, f;
    for (var i = 15; i >= 0; i--) { half = 256 * half + bytes[i]; }
    for (var i = 0; i < 15; i++) {
        shift[i] * (shift[i] - 1) === 0;
        some += shift[i]; c += (i + 1) * shift[i]; weight += ((1 << 8 * (14 - i)) - (1 << 120)) * shift[i];
    }
    some * (some - 1) === 0;
    var word = (offset[0] - 16 * second - c) / 32;

    signal delta <== grow * (word + 1 - m.mem);
    signal grown <== p[EXEC_mem()] * delta;
    signal spent <== p[EXEC_gas()] * cost;
    signal taken <== p[EXEC_work()] * (WORK_memoryWord() * delta + WORK_expansion() * grow);
    component step = Step(1, 1, -2, GAS_MSTORE8(), WORK_mstore8());
    step.en <== en; step.exec <== exec; step.op <== OP_MSTORE8(); step.extra <== grown - spent - taken; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var low = 0;
    for (var i = 9; i >= 0; i--) { low = 4096 * low + rest[i]; }
    signal at[4], value[4], rests[10] <== Range(10)(en, rest, alpha, p[TAGPOWER()]);
    (_, _, at) <== Pop(1)(en, exec, step.call1, step.sp1, [0, offset[0], offset[1], offset[2], offset[3]], alpha, p);
    (_, _, value) <== Pop(2)(en, exec, step.call1, step.sp1, [valueHi, 256 * low + new, gap[0], gap[1], gap[2]], alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== at[i]; o[7 + i] <== value[i]; }
    for (var i = 0; i < 10; i++) { o[11 + i] <== rests[i]; }

    // The byte that goes, and what replacing it adds to the half
    signal goes[16];
    var old = 0;
    for (var i = 0; i < 16; i++) {
        goes[i] <== (i == 15 ? 1 - some : shift[14 - i]) * bytes[i];
        old += goes[i];
        f = alpha + bytes[i] + BYTE() * p[TAGPOWER()];
        o[21 + i] <-- -en / f;
        o[21 + i] * f === -en;
    }
    f = alpha + new + BYTE() * p[TAGPOWER()];
    o[37] <-- -en / f;
    o[37] * f === -en;
    signal change <== (new - old) * weight;
    signal changeLo <== second * change;
    signal hi <== second * (other - half) + half;
    var lo = half + other - hi;

    signal word1 <== p[MEM_word()] * word;
    signal hi1 <== p[MEM_hi()] * hi;
    signal lo1 <== p[MEM_lo()] * lo;
    signal newHi1 <== p[MEM_hi()] * (hi + change - changeLo);
    signal newLo1 <== p[MEM_lo()] * (lo + changeLo);
    signal cell[5] <== MemoryWord()(en, m.ts, step.call1, word1, hi1, lo1, newHi1, newLo1, age, alpha, p);
    for (var i = 0; i < 5; i++) { o[38 + i] <== cell[i]; }

    signal growth[2] <== Grow(1)(en, exec, step.call1, step.mem1, grow, cost, delta, alpha, p);
    for (var i = 0; i < 2; i++) { o[43 + i] <== growth[i]; }
}
