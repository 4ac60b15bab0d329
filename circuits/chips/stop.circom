pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. STOP, also the one that stands behind the code's last byte: END(ts + 1, call, ok 1, gas, work, jrn, refund).
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); left: its gas (6 limbs).
//
// TUPLES, each times en. Receives EXEC; sends END; looks up CODE, RANGE12 6 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The opcode is CODE's at pc, which goes on with zeros, that is STOP, behind the last byte, as far as push
// data of the last opcode can lead.
// Gas: it was below 2^64 at the frame's start and fell by non-negative integers; left in [0, 2^72) says it never went below 0
// (lib/step.circom, gas), so left < 2^64. Items left on the stack go to `drain`. Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 20, one of them linear.
template Stop() {
    signal input en, exec[STEP()], left[6];
    signal input alpha, p[32];
    signal output o[9];

    var f, gas = 0;
    en * (en - 1) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;
    Exec() m <== Machine()(exec);

    f = alpha + OP_STOP() + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[1] <-- -en / f;
    o[1] * f === -en;

    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    m.gas === gas;
    f = alpha + m.ts + 1 + machine.call1 + p[END_ok()] + machine.gas1 + machine.work1 + machine.jrn1 + machine.refund1 + END() * p[TAGPOWER()];
    o[2] <-- en / f;
    o[2] * f === en;

    signal range[6] <== Range(6)(en, left, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 6; i++) { o[3 + i] <== range[i]; }
}
