pragma circom 2.2.0;
include "../lib/step.circom";
include "../lib/expand.circom";

// STATEMENT. RETURN (reverts = 0), REVERT (reverts = 1): pops offset and length, pays for the memory that the range needs, and ends the
// frame: END(ts + 1, call, ok, gas - cost, work, jrn, refund), ok = 1, but after REVERT ok = 0 and refund = 0. The data goes nowhere: a
// transaction's frame returns to nobody.
//
// COLUMNS. en, reverts booleans (checked); exec: the machine before the step (lib/stack.circom); a: the offset, b: the length's low
// half and the limbs of its age (lib/stack.circom, Pop); expand: circuits/lib/expand.circom; left: gas at the end (6 limbs).
//
// TUPLES, each times en. Receives EXEC, STACK twice; sends END; looks up CODE, EXPANSION when memory grows, RANGE12 18 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. The opcode is CODE's at pc.
// Gas: it was below 2^64 at the frame's start and fell by non-negative integers; left in [0, 2^72) says it never went below 0
// (lib/step.circom, gas), so left < 2^64. A frame that cannot pay for its memory has no row here, but one of `memhalt`.
// Length: its high half is the constant 0 here; a longer one has a row of `memhalt` only. The expansion emits no MEMNEW: nothing uses
// the frame's memory any more. Items left on the stack go to `drain`. Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 52, two of them linear.
template Return() {
    signal input en, exec[STEP()], reverts, a[POP()], b[POP() - 1], expand[EXPAND()], left[6];
    signal input alpha, p[32];
    signal output o[25];

    var f, gas = 0;
    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    reverts * (reverts - 1) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;

    f = alpha + OP_RETURN() + (OP_REVERT() - OP_RETURN()) * reverts + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[1] <-- -en / f;
    o[1] * f === -en;

    signal at[4], size[4], memory[8];
    (_, _, at) <== Pop(1)(en, exec, machine.call1, machine.sp1, a, alpha, p);
    (_, _, size) <== Pop(2)(en, exec, machine.call1, machine.sp1, [0, b[0], b[1], b[2], b[3]], alpha, p);
    (_, memory) <== Expand(0)(en, exec, machine.call1, machine.mem1, a[0], a[1], b[0], expand, alpha, p);
    for (var i = 0; i < 4; i++) { o[2 + i] <== at[i]; o[6 + i] <== size[i]; }
    for (var i = 0; i < 8; i++) { o[10 + i] <== memory[i]; }

    // Gas, the end
    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    m.gas - expand[2] === gas;
    signal gas1 <== p[END_gas()] * gas;
    signal good <== (1 - reverts) * (p[END_ok()] + machine.refund1);
    f = alpha + m.ts + 1 + machine.call1 + gas1 + machine.work1 + machine.jrn1 + good + END() * p[TAGPOWER()];
    o[18] <-- en / f;
    o[18] * f === en;

    signal lefts[6] <== Range(6)(en, left, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 6; i++) { o[19 + i] <== lefts[i]; }
}
