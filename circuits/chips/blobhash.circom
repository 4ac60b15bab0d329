pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. BLOBHASH: no transaction of a batch carries blobs, so whatever the index is, the word is 0 (EIP-4844). Gas 3.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); a: the index (lib/stack.circom, Pop).
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC, STACK; looks up CODE, RANGE12 three times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The result is a constant. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 20.
template BlobHash() {
    signal input en, exec[STEP()], a[POP()], alpha, p[32];
    signal output o[8];

    en * (en - 1) === 0;
    (_, o) <== Unary(GAS_BLOBHASH(), WORK_blobhash())(en, exec, OP_BLOBHASH(), 0, a, 0, 0, alpha, p);
}
