pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";
include "../lib/memory.circom";
include "../lib/bytes.circom";

// STATEMENT. MLOAD (store = 0), MSTORE (store = 1) of an offset that 32 does not divide: offset = 32 w + 16 second + c, 0 <= c < 16, second and c not
// both 0. The 32 bytes from there on, in the words w and w + 1, are pushed or become the second item; the other 32 bytes of these words stay.
// Memory grows to w + 2 words if it is smaller. Gas 3 + expansion.
//
// COLUMNS. en, store, second booleans (checked), store <= en (checked); exec: the machine before the step (lib/stack.circom); grow, cost:
// circuits/lib/expand.circom; offset: the first item without its high half, which is 0; shift[15]: shift[c - 1] = 1 if c > 0, all else 0 (checked); v0, v1: the
// bytes of the item's halves; gap: age of the item that is popped (store), three limbs. Of the four halves of the two words (high, low, high,
// low), the item begins in half `second` and ends in half `second + 2`: first[16], last[16] are these two in bytes, middle the one between,
// other the fourth, all before the step; ages[6]: ages of the two words, three limbs each.
//
// TUPLES. Times en: receives EXEC, STACK, MEM twice; sends EXEC, MEM twice; looks up CODE, RANGE12 12 times, BYTE 64 times. MLOAD sends STACK,
// MSTORE receives another one. Times grow: sends MEMNEW, looks up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) Place. Both words exist, so w = (offset - 16 second - c) / 32 is an integer below 2^44 and the equation holds in integers: w, second
//     and c are those of the offset. If both words existed before, grow = 1 is impossible, as `to` = w + 2 <= mem; if w + 1 did not, grow = 0 is.
// (2) Bytes. With P = 256^c, Q = 256^(16 - c) and all halves in bytes (so below 2^128, circuits/lib/bytes.circom):
//       v0 = x0 P + y0,   v1 = x1 P + y1   with y < P, so x < Q;      first, last = a multiple of Q + low   with low < Q.
//     The halves afterwards are   first - low(first) + x0,   y0 Q + x1,   y1 Q + low(last),   other:
//     the item at byte c of the first half, the c bytes before and the 16 - c after it as they were. Each is a 128-bit number.
//     MSTORE: that is all, and the item is the one popped. MLOAD: the halves must be what they were (checked), and only the bytes that stand
//     there fit. Order, time, stack, islands: lib/step.circom.
//
// PADDING: second = 1, all else 0. COST: 218.
template Unaligned() {
    signal input en, exec[STEP()], store, second, grow, cost, offset[POP() - 1], shift[15], v0[16], v1[16], gap[3];
    signal input first[16], middle, last[16], other, ages[6];
    signal input alpha, p[32];
    signal output o[88];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    store * (store - 1) === 0;
    store * (1 - en) === 0;
    second * (second - 1) === 0;
    var c = 0, some = 0, Q = (1 << 128), f;
    for (var i = 0; i < 15; i++) {
        shift[i] * (shift[i] - 1) === 0;
        some += shift[i]; c += (i + 1) * shift[i]; Q += ((1 << 8 * (15 - i)) - (1 << 128)) * shift[i];
    }
    some * (some - 1) === 0;
    (1 - some) * (1 - second) === 0;
    var word = (offset[0] - 16 * second - c) / 32;

    signal delta <== grow * (word + 2 - m.mem);
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

    // Bytes: low parts of c bytes of the item's halves, of 16 - c bytes of the memory's
    signal part[4][16], bytes[4][16];
    (part[0], bytes[0]) <== SplitBytes(0)(en, shift, v0, alpha, p[TAGPOWER()]);
    (part[1], bytes[1]) <== SplitBytes(0)(en, shift, v1, alpha, p[TAGPOWER()]);
    (part[2], bytes[2]) <== SplitBytes(1)(en, shift, first, alpha, p[TAGPOWER()]);
    (part[3], bytes[3]) <== SplitBytes(1)(en, shift, last, alpha, p[TAGPOWER()]);
    var whole[4] = [0, 0, 0, 0], low[4] = [0, 0, 0, 0];
    for (var i = 0; i < 16; i++) {
        whole[0] += (1 << 8 * i) * v0[i]; whole[1] += (1 << 8 * i) * v1[i]; whole[2] += (1 << 8 * i) * first[i]; whole[3] += (1 << 8 * i) * last[i];
        for (var k = 0; k < 4; k++) { low[k] += part[k][i]; }
    }
    for (var k = 0; k < 4; k++) { for (var i = 0; i < 16; i++) { o[7 + 16*k + i] <== bytes[k][i]; } }

    // x0 = (v0 - y0) / P and so on: Q / 2^128 is 1 / P
    signal x0 <== (whole[0] - low[0]) * (Q / (1 << 128));
    signal x1 <== (whole[1] - low[1]) * (Q / (1 << 128));
    signal y0 <== low[0] * Q;
    signal y1 <== low[1] * Q;
    var was[4] = [whole[2], middle, whole[3], other];
    var is[4] = [whole[2] - low[2] + x0, y0 + x1, low[3] + y1, other];
    for (var k = 0; k < 3; k++) { (1 - store) * (is[k] - was[k]) === 0; }

    // The item
    signal hi1 <== p[STACK_hi()] * whole[0];
    signal lo1 <== p[STACK_lo()] * whole[1];
    f = alpha + step.call1 + step.sp1 - p[STACK_idx()] + m.ts + hi1 + lo1 + STACK() * p[TAGPOWER()];
    o[71] <-- (en - store) / f;
    o[71] * f === en - store;
    f += -p[STACK_idx()] - 1 - gap[0] - (1 << 12) * gap[1] - (1 << 24) * gap[2];
    o[72] <-- -store / f;
    o[72] * f === -store;
    signal age[3] <== Range(3)(en, gap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[73 + i] <== age[i]; }

    // The two words: halves 0 to 3 are `was` moved on by `second`
    signal word1 <== p[MEM_word()] * word;
    signal moved[8], share[8];
    for (var j = 0; j < 4; j++) {
        var before = (j + 3) % 4;
        moved[j] <== second * (was[before] - was[j]);
        moved[4 + j] <== second * (is[before] - is[j]);
        share[j] <== p[j % 2 == 0 ? MEM_hi() : MEM_lo()] * (was[j] + moved[j]);
        share[4 + j] <== p[j % 2 == 0 ? MEM_hi() : MEM_lo()] * (is[j] + moved[4 + j]);
    }
    signal cell[2][5];
    for (var k = 0; k < 2; k++) {
        cell[k] <== MemoryWord()(en, m.ts, step.call1, word1 + k * p[MEM_word()], share[2*k], share[2*k + 1], share[4 + 2*k], share[5 + 2*k],
            [ages[3*k], ages[3*k + 1], ages[3*k + 2]], alpha, p);
        for (var i = 0; i < 5; i++) { o[76 + 5*k + i] <== cell[k][i]; }
    }

    signal growth[2] <== Grow(1)(en, exec, step.call1, step.mem1, grow, cost, delta, alpha, p);
    for (var i = 0; i < 2; i++) { o[86 + i] <== growth[i]; }
}
