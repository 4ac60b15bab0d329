pragma circom 2.2.0;
include "../bus.circom";
include "stack.circom";

// What every row of an executed opcode shares. Its mirror: src/chips/lib/step.ts.
//
// NAMES. x1 is x times the power of beta that it has in the tuples at hand: call1 = p[EXEC_call()] * call, hi1 = p[STACK_hi()] * hi. Such a product
// is a share of a fingerprint: a row computes it once, and uses it in every tuple where the field has that power.
//
// Step(dts, dpc, dsp, cost, units), each times en:
//   receives EXEC(ts, call, code, pc, sp, gas, work, mem, jrn, refund)
//   sends    EXEC(ts + dts, call, code, pc + dpc, sp + dsp, gas - cost, work - units, mem, jrn, refund), plus `extra` in its
//            fingerprint, where a chip puts what else changes, as products p[power] * difference (0: nothing)
//   looks up CODE(code, pc, op).
//
// WHY A CHEATING PROVER GAINS NOTHING. In this order: a point uses the points above it, tables and L1, never a check that comes later in time. What
// is checked later (gas, and what follows from it) is used by nobody before; docs/SOUNDNESS.md lists it with what a row may do in between.
//  Words. Who sends a half of a word (in STACK, MEM, SLOT, JRN) either range-checks it in that row, whatever the machine is, or hands on one that it
//     received. It received it from a time tOld = ts - 1 - gap, with gap in [0, 2^36) by its limbs, and sends it at ts: a half that is handed
//     on grows older by less than 2^37 in each row, so it could return to where it was only in more rows than there are. Hence it began
//     in a row that range-checked it, or with L1: every half on the bus is below 2^128, at any time and in any frame, whatever its gas.
//     (test/helpers/chips/words/ holds each chip's r1cs against this.)
//  Time. ts grows by a positive constant in every row that sends EXEC, END or BETWEEN, or by one more than a count that is not negative: of words,
//     each 32 bytes of a length that is a word (chip keccak256), of keys, from L1 (chip txbegin). L1 sends the one start: the rows with
//     en = 1 that receive one of these are ONE chain, in the order of ts (circuits/lib/account.circom, 1, where the same is said of
//     transactions; txbegin leads from BETWEEN to EXEC, return and halt from EXEC to END, txend to BETWEEN). A row's accesses lie at
//     times in [ts, ts + dts - 1]: no two rows of the chain share one.
//  Place. A row's opcode is CODE's at its pc, so pc is a place in the code and the walk through it is the code's own. pc reaches only places after an
//     opcode and its push data, or jump targets (DEST), so it never stands inside push data.
//  Stack height. Items are linear tuples. A pop at idx needs an earlier push at idx; sp starts at 0 and moves by what rows push and
//     pop, so the first visit of idx = -1 would be a pop without a push: there is no row for an underflow. Overflow: Room.
//  Memory. Its size is 0 at first, and then `to` of an EXPANSION that the row which sent it looked up: below 2^44 + 1 at any time.
//  Gas. It begins as an integer in [0, 2^64) and falls in each row by one in [0, 2^80): a constant, a price times a boolean, a cost of EXPANSION,
//     a count of words (keccak256) or bytes (log) that the row bounds itself. Steps are fewer than 2^36, so gas is an integer, never
//     above what it was, and nothing wraps. It may be below 0 for a while, in a frame that cannot pay. Such a frame has no end: every
//     row that sends END has gas in [0, 2^72) by limbs (stop, return, halt, memhalt, badjump, sload and sstore without gas), and a chain
//     without END does not reach L1's last BETWEEN. So in all batches that balance, gas was never below 0. A step that cannot pay has
//     no row but `halt`'s or `memhalt`'s (or the `oog` variant of the chip that computes the cost).
//  Work. Where txbegin enters the frame it is an integer below 2^48, and work >= WORK_gas * gas (circuits/chips/txbegin.circom). A row takes at most
//     WORK_gas for each unit of gas that it costs: its own units for its least gas, those of an expansion for its price, those of a cold slot
//     for its surcharge (test/batch/work.test.ts). So work - WORK_gas * gas is not negative after it if it was not before. Hashes take
//     more, and check after the step that it is not (`keccak256`, `keccak64`). While gas is not negative work is not: every END and BETWEEN
//     has a work of [0, 2^48). A row that halts or ends its frame hands work on as it is.
//  Refund. A slot adds to it, in one transaction, 4800 times [its original value is not 0, its current one is 0], and what restoring it gives: no sum of
//     these is negative, as a slot begins a transaction with its original value (circuits/lib/slot.circom). Below 2^51, as steps are fewer than 2^36.
//
// COST 12. Outputs o: EXEC received, EXEC sent, CODE. The shares are products that the chip may use again.
template Step(dts, dpc, dsp, cost, units) {
    signal input en, exec[STEP()], op, extra, alpha, p[32];
    signal output call1, code1, pc1, sp1, gas1, work1, mem1, jrn1, refund1, o[3];

    Exec() m <== Machine()(exec);
    call1 <== p[EXEC_call()] * m.call;
    code1 <== p[EXEC_code()] * m.code;
    pc1 <== p[EXEC_pc()] * m.pc;
    sp1 <== p[EXEC_sp()] * m.sp;
    gas1 <== p[EXEC_gas()] * m.gas;
    work1 <== p[EXEC_work()] * m.work;
    mem1 <== p[EXEC_mem()] * m.mem;
    jrn1 <== p[EXEC_jrn()] * m.jrn;
    refund1 <== p[EXEC_refund()] * m.refund;

    var f = alpha + m.ts + call1 + code1 + pc1 + sp1 + gas1 + work1 + mem1 + jrn1 + refund1 + EXEC() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += dts + dpc * p[EXEC_pc()] + dsp * p[EXEC_sp()] - cost * p[EXEC_gas()] - units * p[EXEC_work()] + extra;
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + op + code1 + pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
}

// The same for a row that computes the rest of its cost itself. With oog = 1 (a boolean of the chip, oog * (1 - en) = 0) the cost
// exceeds the gas and the frame ends here: it sends END(ts + dts, call, ok 0, gas 0, work, jrn, refund 0) in place of EXEC. A
// halted opcode uses up no work. spent: p[EXEC_gas()] times the cost beside `cost`, a product of the chip. COST 14, o[3] is END.
template StepOrHalt(dts, dpc, dsp, cost, units) {
    signal input en, oog, exec[STEP()], op, spent, extra, alpha, p[32];
    signal output call1, code1, pc1, sp1, gas1, work1, mem1, jrn1, refund1, o[4];

    Exec() m <== Machine()(exec);
    call1 <== p[EXEC_call()] * m.call;
    code1 <== p[EXEC_code()] * m.code;
    pc1 <== p[EXEC_pc()] * m.pc;
    sp1 <== p[EXEC_sp()] * m.sp;
    gas1 <== p[EXEC_gas()] * m.gas;
    work1 <== p[EXEC_work()] * m.work;
    mem1 <== p[EXEC_mem()] * m.mem;
    jrn1 <== p[EXEC_jrn()] * m.jrn;
    refund1 <== p[EXEC_refund()] * m.refund;

    var f = alpha + m.ts + call1 + code1 + pc1 + sp1 + gas1 + work1 + mem1 + jrn1 + refund1 + EXEC() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += dts + dpc * p[EXEC_pc()] + dsp * p[EXEC_sp()] - cost * p[EXEC_gas()] - spent - units * p[EXEC_work()] + extra;
    o[1] <-- (en - oog) / f;
    o[1] * f === en - oog;
    f = alpha + op + code1 + pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
    f = alpha + m.ts + dts + call1 + work1 + jrn1 + END() * p[TAGPOWER()];
    o[3] <-- oog / f;
    o[3] * f === oog;
}

// A row that ends its frame: receives EXEC and sends no other. The shares are products that the chip may use again. COST 10.
template Received() {
    signal input en, exec[STEP()], alpha, p[32];
    signal output call1, code1, pc1, sp1, gas1, work1, mem1, jrn1, refund1, o;

    Exec() m <== Machine()(exec);
    call1 <== p[EXEC_call()] * m.call;
    code1 <== p[EXEC_code()] * m.code;
    pc1 <== p[EXEC_pc()] * m.pc;
    sp1 <== p[EXEC_sp()] * m.sp;
    gas1 <== p[EXEC_gas()] * m.gas;
    work1 <== p[EXEC_work()] * m.work;
    mem1 <== p[EXEC_mem()] * m.mem;
    jrn1 <== p[EXEC_jrn()] * m.jrn;
    refund1 <== p[EXEC_refund()] * m.refund;
    var f = alpha + m.ts + call1 + code1 + pc1 + sp1 + gas1 + work1 + mem1 + jrn1 + refund1 + EXEC() * p[TAGPOWER()];
    o <-- -en / f;
    o * f === -en;
}
