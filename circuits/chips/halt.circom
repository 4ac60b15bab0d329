pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. The opcode at pc cannot run, and the frame ends: END(ts + 1, call, ok 0, gas 0, work, jrn, refund 0). One reason is true:
//   why[0]  its least gas is more than the gas left
//   why[1]  it pops more items than there are
//   why[2]  the stack would grow above 1024 items
//   none of these: it is not covered by this version, INVALID among them
// (a jump to a bad place: `badjump`; a cost beyond the least: the opcode's own chip).
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom), its gas is the expression `left` (6 limbs); op: the
// opcode; least, pops, grows, covered: what OPINFO says of it (grows with 16 added); why[3] booleans, at most one 1, none with en = 0 (checked).
//
// TUPLES, each times en. Receives EXEC; sends END; looks up CODE, OPINFO, RANGE12 seven times (gas, the reason's difference).
//
// WHY A CHEATING PROVER GAINS NOTHING. Every reason is a difference in [0, 2^12):  least - gas - 1,  pops - sp - 1,  sp + grows - 16 - 1025  (or
// covered = 0), of small integers: gas is in [0, 2^72) by its limbs, sp is in [0, 1024] (lib/step.circom, stack height). So a frame ends here
// only when its next opcode cannot run, and no other row exists for that opcode then. Whatever the reason, the END is the same.
// Gas: that it is not negative here says that it never was (lib/step.circom, gas). Items left on the stack go to `drain`.
// Order, time, islands: lib/step.circom.
//
// PADDING: all 0. COST: 34.
template Halt() {
    signal input en, exec[STEP()], left[6], op, least, pops, grows, covered, why[3], alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;
    for (var i = 0; i < 3; i++) { why[i] * (why[i] - 1) === 0; }
    var unknown = en - why[0] - why[1] - why[2];
    unknown * (unknown - 1) === 0;

    component machine = Received();
    machine.en <== en; machine.exec <== exec; machine.alpha <== alpha; machine.p <== p;
    o[0] <== machine.o;
    Exec() m <== Machine()(exec);
    var f = alpha + m.ts + 1 + machine.call1 + machine.work1 + machine.jrn1 + END() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;

    f = alpha + op + machine.code1 + machine.pc1 + CODE() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
    signal least1 <== p[OPINFO_gas()] * least;
    signal pops1 <== p[OPINFO_pops()] * pops;
    signal grows1 <== p[OPINFO_grows()] * grows;
    signal covered1 <== p[OPINFO_covered()] * covered;
    f = alpha + op + least1 + pops1 + grows1 + covered1 + OPINFO() * p[TAGPOWER()];
    o[3] <-- -en / f;
    o[3] * f === -en;

    var gas = 0;
    for (var i = 5; i >= 0; i--) { gas = 4096 * gas + left[i]; }
    m.gas === gas;
    signal range[6] <== Range(6)(en, left, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 6; i++) { o[4 + i] <== range[i]; }

    signal by[3];
    by[0] <== why[0] * (least - m.gas - 1);
    by[1] <== why[1] * (pops - m.sp - 1);
    by[2] <== why[2] * (m.sp + grows - 16 - 1025);
    unknown * covered === 0;
    f = alpha + by[0] + by[1] + by[2] + RANGE12() * p[TAGPOWER()];
    o[10] <-- -en / f;
    o[10] * f === -en;
}
