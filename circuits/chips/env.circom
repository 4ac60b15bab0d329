pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. An opcode that pushes a word known before the frame runs: of the frame (block = 0: ADDRESS ORIGIN CALLER CALLVALUE CALLDATASIZE
// CODESIZE GASPRICE RETURNDATASIZE BLOBBASEFEE) or of the block (block = 1: COINBASE TIMESTAMP NUMBER PREVRANDAO GASLIMIT CHAINID
// BASEFEE). Gas 2.
//
// COLUMNS. en, block booleans (checked, block only if en); exec: the machine before the step (lib/stack.circom); op: the opcode;
// hi, lo: the word.
//
// TUPLES, each times en. Receives EXEC; sends EXEC, STACK; looks up CODE, RANGE12 once, and ENV(call, op) or BLOCK(op).
//
// WHY A CHEATING PROVER GAINS NOTHING. Both tables have opcodes as keys, and only those above, ENV those of the frame and BLOCK those
// of the block: what is pushed is the one word under the opcode that CODE has at pc, of the frame that runs. block
// cannot be chosen, the other table has no such key. Words: the tables' producers checked their ranges. Stack, time: lib/step.circom.
//
// PADDING: all 0. COST: 23.
template Env() {
    signal input en, exec[STEP()], op, block, hi, lo, alpha, p[32];
    signal output o[7];

    en * (en - 1) === 0;
    block * (block - 1) === 0;
    block * (1 - en) === 0;

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    signal call1, step[5];
    (call1, _, _, step) <== Nullary(GAS_ADDRESS(), WORK_env())(en, exec, op, 0, hi1, lo1, alpha, p);
    for (var i = 0; i < 5; i++) { o[i] <== step[i]; }

    // ENV shares its powers with STACK
    var f = alpha + op + call1 + hi1 + lo1 + ENV() * p[TAGPOWER()];
    o[5] <-- (block - en) / f;
    o[5] * f === block - en;

    signal blockHi <== p[BLOCK_hi()] * hi;
    signal field <== p[BLOCK_field()] * op;
    f = alpha + lo + blockHi + field + BLOCK() * p[TAGPOWER()];
    o[6] <-- -block / f;
    o[6] * f === -block;
}
