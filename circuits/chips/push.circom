pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. PushChip: PUSH1 to PUSH32, the n bytes of code after the opcode go onto the stack as a word; gas 3. Push0: PUSH0, the word 0
// goes onto the stack; gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); PushChip also the opcode
// op = 0x5f + n and the word hi, lo.
//
// TUPLES, each times en. Receives EXEC; sends EXEC, STACK; looks up CODE, RANGE12 once (Room), PushChip also PUSH.
//
// WHY A CHEATING PROVER GAINS NOTHING. PUSH(code, pc, hi, lo) exists only where a push with data stands and has the data of that place
// (circuits/chips/pushdata.circom), halves below 2^128. CODE(code, pc, op) makes n = op - 0x5f the number of bytes, so the next pc is behind
// them. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 19, and 15 for Push0.
template PushChip() {
    signal input en, exec[STEP()], op, hi, lo, alpha, p[32];
    signal output o[6];

    en * (en - 1) === 0;
    signal moved <== p[EXEC_pc()] * (op - OP_PUSH0());
    signal hi1 <== p[PUSH_hi()] * hi;
    signal lo1 <== p[PUSH_lo()] * lo;
    signal code1, pc1, step[5];
    (_, code1, pc1, step) <== Nullary(GAS_PUSH1(), WORK_push())(en, exec, op, moved, hi1, lo1, alpha, p);
    for (var i = 0; i < 5; i++) { o[i] <== step[i]; }
    var f = alpha + code1 + pc1 + hi1 + lo1 + PUSH() * p[TAGPOWER()];
    o[5] <-- -en / f;
    o[5] * f === -en;
}

template Push0() {
    signal input en, exec[STEP()], alpha, p[32];
    signal output o[5];

    en * (en - 1) === 0;
    (_, _, _, o) <== Nullary(GAS_PUSH0(), WORK_push0())(en, exec, OP_PUSH0(), 0, 0, 0, alpha, p);
}
