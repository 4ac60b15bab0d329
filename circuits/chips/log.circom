pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. LOG0..LOG4: offset, length and n topics leave the stack. Gas 375 (n + 1) + 8 length + expansion of memory to
// [offset, offset + length). What is logged is no part of the state: memory is not read.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); has[4] booleans (checked): there is a first,
// second, ... topic, n = their sum, has[i + 1] <= has[i] <= en (checked); offset: the first item (circuits/lib/step.circom, Pop); length: the
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
    var n = 0;
    for (var i = 0; i < 4; i++) {
        has[i] * (has[i] - 1) === 0;
        if (i == 0) { has[i] * (1 - en) === 0; } else { has[i] * (1 - has[i - 1]) === 0; }
        n += has[i];
    }

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;

    component item[6];
    for (var k = 0; k < 6; k++) {
        item[k] = Pop(k + 1);
        if (k < 2) { item[k].en <== en; } else { item[k].en <== has[k - 2]; }
        item[k].exec <== exec; item[k].call1 <== machine.call1; item[k].sp1 <== machine.sp1; item[k].alpha <== alpha; item[k].p <== p;
    }
    item[0].cell <== offset;
    item[1].cell[0] <== 0;
    for (var i = 1; i < POP(); i++) { item[1].cell[i] <== length[i - 1]; }
    for (var k = 0; k < 4; k++) {
        for (var i = 0; i < POP(); i++) {
            item[2 + k].cell[i] <== topic[POP() * k + i];
            (1 - has[k]) * topic[POP() * k + i] === 0;
        }
    }
    for (var k = 0; k < 6; k++) { for (var i = 0; i < 4; i++) { o[3 + 4*k + i] <== item[k].o[i]; } }

    component memory = Expand(1);
    memory.en <== en; memory.exec <== exec; memory.call1 <== machine.call1; memory.mem1 <== machine.mem1;
    memory.offHi <== offset[0]; memory.offLo <== offset[1]; memory.len <== length[0]; memory.cell <== expand;
    memory.alpha <== alpha; memory.p <== p;
    for (var i = 0; i < 8; i++) { o[27 + i] <== memory.o[i]; }

    // The length, which prices
    var rest = length[0] - lower[0] - (1 << 12) * lower[1] - (1 << 24) * lower[2], f;
    var limbs[4] = [lower[0], lower[1], lower[2], rest / (1 << 36)];
    for (var i = 0; i < 4; i++) {
        f = alpha + limbs[i] + RANGE12() * p[TAGPOWER()];
        o[35 + i] <-- -en / f;
        o[35 + i] * f === -en;
    }

    // The machine after the step
    signal grown <== p[EXEC_mem()] * memory.delta;
    signal items <== p[EXEC_sp()] * n;
    signal spent <== p[EXEC_gas()] * (375 * n + 8 * length[0] + expand[2]);
    signal taken <== p[EXEC_work()] * (WORK_memoryWord() * memory.delta + WORK_expansion() * expand[1]);
    f = alpha + exec[0] + 1 + machine.call1 + machine.code1 + machine.pc1 + p[EXEC_pc()] + machine.sp1 - items - 2 * p[EXEC_sp()];
    f += machine.gas1 - spent - 375 * p[EXEC_gas()] + machine.work1 - taken - WORK_log() * p[EXEC_work()] + machine.mem1 + grown;
    f += machine.jrn1 + machine.refund1 + EXEC() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + 0xa0 + n + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
}
