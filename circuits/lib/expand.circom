pragma circom 2.2.0;
include "stack.circom";

// Expansion of a frame's memory. Its mirror: src/chips/lib/expand.ts.
//
// mem is the size in words. An access to bytes [offset, offset + length), length > 0, makes it m' = max(mem, ceil((offset + length) / 32)),
// at a price of C(m') - C(mem), C(w) = 3 w + floor(w^2 / 512). length = 0: no expansion, whatever the offset.
// The price comes from the table EXPANSION(from, to, cost), rows of chip `expansion`: from < to <= 2^44 and cost < 2^80, all integers.
// Every expansion sends MEMNEW(call, from, to, ts - 1): the new words, to be made by `memcell` rows, exist since just before this row.
//
// WHO HALTS. These templates know no "out of gas": a frame that cannot pay for memory is ended by a row of chip `memhalt`, which does so
// for every opcode with memory (KECCAK256, MLOAD, MSTORE, MSTORE8, LOG, RETURN, REVERT), far offsets included. A row that pays what is not there
// makes gas negative, and a frame that ends so ends in no row (circuits/lib/step.circom, gas; RETURN and REVERT check gas' after the cost).
//
// WORK. A row that makes memory grow by `delta` words and goes on takes WORK_memoryWord() * delta + WORK_expansion() beside its own: the `memcell` rows
// and the `expansion` row. Each word costs 3 gas at least, and what both take for one word is at most 3 WORK_gas(): covered like every
// other step (circuits/lib/step.circom, work). A row that ends its frame takes none: it makes no memory cells, and WORK_run() pays for its end.

// What an expansion sends, given what it adds: delta = to - mem, a signal of the chip that is 0 when grow = 0. With grow = 1 (boolean, at most
// en; both checked) EXPANSION proves mem < to; cost is 0 without (checked). emit = 0: without MEMNEW (the row halts its frame).
// The chip sends EXEC with mem + delta, that is with p[7] * delta more in the fingerprint, gas - cost, and work less by
// WORK_memoryWord() * delta + WORK_expansion() * grow (one constraint in the chip; of a row that ends its frame it takes nothing).
// COST 6, or 5. Outputs o: EXPANSION, MEMNEW.
template Grow(emit) {
    signal input en, exec[STEP()], call1, mem1, grow, cost, delta, alpha, p[32];
    signal output o[2];

    Exec() m <== Machine()(exec);
    grow * (grow - 1) === 0;
    grow * (1 - en) === 0;
    cost * (1 - grow) === 0;
    signal to1 <== p[MEMNEW_to()] * (m.mem + delta);
    var f = alpha + cost + mem1 + to1 + EXPANSION() * p[TAGPOWER()];
    o[0] <-- -grow / f;
    o[0] * f === -grow;
    if (emit == 1) {
        f = alpha + m.ts - 1 + call1 + mem1 + to1 + MEMNEW() * p[TAGPOWER()];
        o[1] <-- grow / f;
        o[1] * f === grow;
    } else {
        o[1] <== 0;
    }
}

// Cells of one expansion by offset and length: some, grow, cost, pad, four limbs of what is to spare.
function EXPAND() { return 8; }

bus Expansion() {
    signal some, grow, cost, pad, spare[4];
}

// The expansion for bytes [offset, offset + len): offset = (offHi, offLo) any word of 128-bit halves, len a 128-bit integer (the chip sees to
// it that the length's high half is 0, by a pop of (0, len)). Chips that touch no memory cell use this (log, return, keccak256); those that
// do need only Grow, as a word that does not exist cannot be received.
//
// CELLS, all committed: some = 1 exactly when len > 0 (and en = 1); grow: the memory grows; cost: of the expansion, 0 if it does not;
// pad: a number below 32, so that offset + len + pad = 32 to; spare: mem - to when some = 1 and grow = 0, else 0.
//
// WHY A CHEATING PROVER GAINS NOTHING. some is what it should be (inverse of len, pinned at 0), and some = 1 forces offHi = 0. Then
// 32 to = offLo + len + pad, an integer below 2^130. grow = 1: EXPANSION says mem < to <= 2^44. grow = 0: mem - to is one of [0, 2^48). Either
// way `to` is an integer of less than 50 bits, the equation holds in integers, to = ceil((offset + len) / 32), and grow = 1 exactly when
// mem < to. mem is 0 at the frame's start and then always some earlier `to`.
//
// COST 18, or 17 with emit = 0. Outputs: delta = mem' - mem; o: EXPANSION, MEMNEW, RANGE12 of pad, 128 pad, spare.
template Expand(emit) {
    signal input en, exec[STEP()], call1, mem1, offHi, offLo, len, cell[EXPAND()], alpha, p[32];
    signal output delta, o[8];

    Exec() m <== Machine()(exec);
    Expansion() e;
    e.some <== cell[0]; e.grow <== cell[1]; e.cost <== cell[2]; e.pad <== cell[3]; e.spare <== [cell[4], cell[5], cell[6], cell[7]];
    signal inv <-- len == 0 ? 0 : e.some / len;
    inv * len === e.some;
    inv * (1 - e.some) === 0;
    len * (en - e.some) === 0;
    e.some * offHi === 0;
    var to = (offLo + len + e.pad) / 32;
    (e.some - e.grow) * (m.mem - to) === e.spare[0] + (1 << 12) * e.spare[1] + (1 << 24) * e.spare[2] + (1 << 36) * e.spare[3];
    delta <== e.grow * (to - m.mem);

    signal growth[2] <== Grow(emit)(e.some, exec, call1, mem1, e.grow, e.cost, delta, alpha, p);
    o[0] <== growth[0];
    o[1] <== growth[1];

    signal spares[4] <== Range(4)(en, e.spare, alpha, p[TAGPOWER()]);
    var f = alpha + e.pad + RANGE12() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
    f = alpha + 128 * e.pad + RANGE12() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;
    for (var i = 0; i < 4; i++) { o[4 + i] <== spares[i]; }
}
