pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. What the machine knows of itself goes onto the stack: PC (the place of this opcode), MSIZE (32 times the memory's words), GAS
// (what is left after this opcode). Gas 2.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); msize, gas booleans, not both (checked): which
// opcode it is, PC if neither; value[6]: 12-bit limbs of the word.
//
// TUPLES, each times en. Receives EXEC; sends EXEC, STACK; looks up CODE, RANGE12 seven times (value, Room).
//
// WHY A CHEATING PROVER GAINS NOTHING. The opcode is CODE's at pc, 0x58 + msize + 2 gas, and the value is an expression of the EXEC received. It is
// in [0, 2^72) by its limbs, here and now: a frame whose gas is below zero, which only its end will find out (lib/step.circom, gas), has no row
// that pushes it. An honest value has limbs: gas is below 2^64, pc and memory are small. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 28 (one linear).
template Register() {
    signal input en, exec[STEP()], msize, gas, value[6], alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;
    msize * (msize - 1) === 0;
    gas * (gas - 1) === 0;
    msize * gas === 0;

    Exec() m <== Machine()(exec);
    signal size <== msize * (32 * m.mem - m.pc);
    var word = 0;
    for (var i = 5; i >= 0; i--) { word = 4096 * word + value[i]; }
    gas * (m.gas - GAS_GAS() - m.pc) === word - m.pc - size;
    signal lo1 <== p[STACK_lo()] * word;
    var op = OP_PC() + (OP_MSIZE() - OP_PC()) * msize + (OP_GAS() - OP_PC()) * gas;
    signal step[5], range[6] <== Range(6)(en, value, alpha, p[TAGPOWER()]);
    (_, _, _, step) <== Nullary(GAS_PC(), WORK_register())(en, exec, op, 0, 0, lo1, alpha, p);
    for (var i = 0; i < 5; i++) { o[i] <== step[i]; }
    for (var i = 0; i < 6; i++) { o[5 + i] <== range[i]; }
}
