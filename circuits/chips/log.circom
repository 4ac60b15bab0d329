pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. LOG0..LOG4: offset, length and n topics leave the stack. Gas 375 (n + 1) + 8 length + expansion of memory to
// [offset, offset + length). What is logged is no part of the state: memory is not read.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); has[4] booleans (checked): there is a first,
// second, ... topic, n = their sum, has[i + 1] <= has[i] <= en (checked); offset: the first item (lib/stack.circom, Pop); length: the
// second without its high half, which is 0; lower[3]: the three lower 12-bit limbs of the length; topic[20]: the others, all 0 where has = 0 (checked);
// expand: circuits/lib/expand.circom.
//
// TUPLES. Times en: receives EXEC, STACK twice; sends EXEC; looks up CODE, RANGE12 15 times. Times has[i]: receives STACK, looks up RANGE12
// three times. Times expand's grow: sends MEMNEW, looks up EXPANSION.
//
// WHY A CHEATING PROVER GAINS NOTHING. n is 0..4 and decides the opcode, which is CODE's. length is in [0, 2^48): what is above its lower three limbs is a
// fourth one, as an expression. So the cost, that of the expansion being EXPANSION's, is a non-negative integer below 2^80, whoever pushed the
// length. A longer one has no row here but one of `memhalt`: from 2^47 on, or because its memory costs more than any gas.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 103.
template Log() {
    signal input en, exec[STEP()], has[4], offset[POP()], length[POP() - 1], lower[3], topic[4 * POP()], expand[EXPAND()];
    signal input alpha, p[32];
    signal output o[39];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    var n = 0;
    for (var i = 0; i < 4; i++) {
        has[i] * (has[i] - 1) === 0;
        if (i == 0) { has[i] * (1 - en) === 0; } else { has[i] * (1 - has[i - 1]) === 0; }
        n += has[i];
    }

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;

    signal at[4], size[4], topics[4][4];
    (_, _, at) <== Pop(1)(en, exec, machine.call1, machine.sp1, offset, alpha, p);
    (_, _, size) <== Pop(2)(en, exec, machine.call1, machine.sp1, [0, length[0], length[1], length[2], length[3]], alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== at[i]; o[7 + i] <== size[i]; }
    for (var k = 0; k < 4; k++) {
        var t = POP() * k;
        (_, _, topics[k]) <== Pop(3 + k)(has[k], exec, machine.call1, machine.sp1,
            [topic[t], topic[t + 1], topic[t + 2], topic[t + 3], topic[t + 4]], alpha, p);
        for (var i = 0; i < POP(); i++) { (1 - has[k]) * topic[t + i] === 0; }
        for (var i = 0; i < 4; i++) { o[11 + 4*k + i] <== topics[k][i]; }
    }

    signal delta, memory[8];
    (delta, memory) <== Expand(1)(en, exec, machine.call1, machine.mem1, offset[0], offset[1], length[0], expand, alpha, p);
    for (var i = 0; i < 8; i++) { o[27 + i] <== memory[i]; }

    // The length, which prices
    var rest = length[0] - lower[0] - (1 << 12) * lower[1] - (1 << 24) * lower[2], f;
    var limbs[4] = [lower[0], lower[1], lower[2], rest / (1 << 36)];
    for (var i = 0; i < 4; i++) {
        f = alpha + limbs[i] + RANGE12() * p[TAGPOWER()];
        o[35 + i] <-- -en / f;
        o[35 + i] * f === -en;
    }

    // The machine after the step
    signal grown <== p[EXEC_mem()] * delta;
    signal items <== p[EXEC_sp()] * n;
    signal spent <== p[EXEC_gas()] * (GAS_logTopic() * n + GAS_logByte() * length[0] + expand[2]);
    signal taken <== p[EXEC_work()] * (WORK_memoryWord() * delta + WORK_expansion() * expand[1]);
    f = alpha + m.ts + 1 + machine.call1 + machine.code1 + machine.pc1 + p[EXEC_pc()] + machine.sp1 - items - 2 * p[EXEC_sp()];
    f += machine.gas1 - spent - GAS_LOG0() * p[EXEC_gas()] + machine.work1 - taken - WORK_log() * p[EXEC_work()] + machine.mem1 + grown;
    f += machine.jrn1 + machine.refund1 + EXEC() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + OP_LOG0() + n + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
}
