pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. KECCAK256: offset and length, at most 64 KiB, leave the stack; the digest of that many bytes of memory from the offset on is pushed.
// Gas 30 + 6 words + expansion, words = ceil(length / 32). The words of the input are read by rows of `copyword` and `copybytes`, one each, at
// times ts + 1, ..., ts + words; the next step is at ts + words + 1.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); offset: the first item (lib/stack.circom, Pop);
// length: the second without its high half, which is 0; expand: circuits/lib/expand.circom; id: under which L1 has the input; words; hi, lo: the
// digest; spare[4]: 12-bit limbs of the work that is left beyond the reserve.
//
// TUPLES. Times en: receives EXEC, STACK twice; sends EXEC, STACK; looks up CODE, KECCAK, RANGE12 19 times. Times expand's `some`: sends COPY. Times
// expand's grow: sends MEMNEW, looks up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) Input. L1 has one input of `len` bytes under an id, hashes it itself, and supplies its ceil(len / 32) words, zeros behind its end, under
//     the same id. KECCAK fixes its length as the item's and its digest as what is pushed. If it is not empty, COPY at ts + 1, from byte `offset` of
//     the frame's memory, left = length, to byte 0 of that input, must be received, and can only be by a row of `copyword` or `copybytes` for these
//     kinds of places, which hands on left - 32, both places + 32, ts + 1, and ends the walk exactly when left is in [1, 32]. So
//     there is a row for each word of the input, and each says that KWORD i of the id is what stands in memory from offset + 32 i on, zeros
//     behind the length. Hence L1's input is the memory's content.
// (2) words: 2048 - words is looked up, so words is an integer of at most 2048, and pad = 32 words - length is in [0, 32) (pad and 128 pad
//     in range). length is half a word, so in [0, 2^128), whoever pushed it: words = ceil(length / 32) >= 0, length <= 2^16. The times of
//     the word rows are this row's own (circuits/lib/step.circom, time).
// (3) Work: as in chip `keccak64`. Longer inputs, too little work, too little gas: `memhalt`. Order, stack, islands: lib/step.circom; COPY is no
//     island, as `left` falls by 32 in every row.
//
// PADDING: all 0. COST: 64.
template Keccak256() {
    signal input en, exec[STEP()], offset[POP()], length[POP() - 1], expand[EXPAND()], id, words, hi, lo, spare[4];
    signal input alpha, p[32];
    signal output o[29];

    var len = length[0], some = expand[0], f;
    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    some * (some - 1) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;

    signal at[4], size[4], delta, memory[8];
    (_, _, at) <== Pop(1)(en, exec, machine.call1, machine.sp1, offset, alpha, p);
    (_, _, size) <== Pop(2)(en, exec, machine.call1, machine.sp1, [0, length[0], length[1], length[2], length[3]], alpha, p);
    (delta, memory) <== Expand(1)(en, exec, machine.call1, machine.mem1, offset[0], offset[1], len, expand, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== at[i]; o[7 + i] <== size[i]; }
    for (var i = 0; i < 8; i++) { o[11 + i] <== memory[i]; }

    // The machine after the step
    var cost = GAS_KECCAK256() * en + GAS_keccakWord() * words + expand[2], units = WORK_keccak256() * en + WORK_keccakWord() * words;
    units += WORK_memoryWord() * delta + WORK_expansion() * expand[1];
    signal grown <== p[EXEC_mem()] * delta;
    signal spent <== p[EXEC_gas()] * cost;
    signal used <== p[EXEC_work()] * units;
    f = alpha + m.ts + 1 + words + machine.call1 + machine.code1 + machine.pc1 + p[EXEC_pc()] + machine.sp1 - p[EXEC_sp()];
    f += machine.gas1 - spent + machine.work1 - used + machine.mem1 + grown + machine.jrn1 + machine.refund1 + EXEC() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + OP_KECCAK256() + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
    m.work - units - WORK_gas() * (m.gas - cost) === spare[0] + (1 << 12) * spare[1] + (1 << 24) * spare[2] + (1 << 36) * spare[3];

    // The digest, the walk through the input
    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    o[19] <== Push(2)(en, exec, machine.call1, machine.sp1, hi1, lo1, alpha, p);
    signal len1 <== p[KECCAK_len()] * len;
    f = alpha + id + len1 + hi1 + lo1 + KECCAK() * p[TAGPOWER()];
    o[20] <-- -en / f;
    o[20] * f === -en;
    signal id1 <== p[COPY_toId()] * id;
    signal left1 <== p[COPY_left()] * len;
    signal offset1 <== p[COPY_from()] * offset[1];
    f = alpha + m.ts + 1 + machine.call1 + id1 + left1 + offset1;
    f += PLACE_memory() * p[COPY_fromKind()] + PLACE_hash() * p[COPY_toKind()] + COPY() * p[TAGPOWER()];
    o[21] <-- some / f;
    o[21] * f === some;

    var limbs[7] = [2048 - words, 32 * words - len, 128 * (32 * words - len), spare[0], spare[1], spare[2], spare[3]];
    for (var i = 0; i < 7; i++) {
        f = alpha + limbs[i] + RANGE12() * p[TAGPOWER()];
        o[22 + i] <-- -en / f;
        o[22 + i] * f === -en;
    }
}
