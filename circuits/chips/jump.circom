pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. Jump: JUMP, pops the destination and goes there; gas 8. Jumpi: JUMPI, pops the destination and a condition and goes there if the
// condition is not 0, else on; gas 10. Jumpdest: JUMPDEST, nothing; gas 1. A destination is the place of a JUMPDEST that is not push
// data; for others there is a row of `badjump`.
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom). Jump: a: the destination's low half and the
// limbs of its age (lib/stack.circom, Pop; its high half is the constant 0). Jumpi: a, b: destination and condition (Pop); taken
// boolean (follows).
//
// TUPLES, each times en. Receives EXEC, and STACK once or twice; sends EXEC; looks up CODE, RANGE12 three times per item, and DEST(code, destination,
// valid 1), Jumpi only if taken.
//
// WHY A CHEATING PROVER GAINS NOTHING. DEST has every place of the code once, with valid 1 only at jump targets (circuits/chips/code.circom);
// places are small integers, so a low half that has one is below the code's length, and with high half 0 it is the whole word.
// Jumpi: the condition's halves are below 2^128, so it is 0 exactly when their sum s is 0 in the field. s * inverse = taken, s * (en - taken) = 0
// and inverse * (1 - taken) = 0: in a row that is used taken is 1 for s other than 0, else 0; in one that is not it is 0.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: Jump 21 (one linear), Jumpi 32, Jumpdest 13.
template Jump() {
    signal input en, exec[STEP()], a[POP() - 1], alpha, p[32];
    signal output o[8];

    en * (en - 1) === 0;
    Exec() m <== Machine()(exec);
    signal moved <== p[EXEC_pc()] * (a[0] - m.pc);
    component step = Step(1, 0, -1, GAS_JUMP(), WORK_jump());
    step.en <== en; step.exec <== exec; step.op <== OP_JUMP(); step.extra <== moved; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal item[4];
    (_, _, item) <== Pop(1)(en, exec, step.call1, step.sp1, [0, a[0], a[1], a[2], a[3]], alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== item[i]; }

    var f = alpha + 1 + step.code1 + step.pc1 + moved + DEST() * p[TAGPOWER()];
    o[7] <-- -en / f;
    o[7] * f === -en;
}

template Jumpi() {
    signal input en, exec[STEP()], a[POP()], b[POP()], taken, alpha, p[32];
    signal output o[12];

    en * (en - 1) === 0;
    var sum = b[0] + b[1];
    signal inverse <-- sum == 0 ? 0 : 1 / sum;
    sum * inverse === taken;
    sum * (en - taken) === 0;
    inverse * (1 - taken) === 0;

    Exec() m <== Machine()(exec);
    signal by <== taken * (a[1] - m.pc - 1);
    signal moved <== p[EXEC_pc()] * by;
    component step = Step(1, 1, -2, GAS_JUMPI(), WORK_jumpi());
    step.en <== en; step.exec <== exec; step.op <== OP_JUMPI(); step.extra <== moved; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    signal top[4], next[4];
    (_, _, top) <== Pop(1)(en, exec, step.call1, step.sp1, a, alpha, p);
    (_, _, next) <== Pop(2)(en, exec, step.call1, step.sp1, b, alpha, p);
    for (var i = 0; i < 4; i++) { o[3 + i] <== top[i]; o[7 + i] <== next[i]; }

    taken * a[0] === 0;
    var f = alpha + 1 + step.code1 + step.pc1 + p[DEST_pc()] + moved + DEST() * p[TAGPOWER()];
    o[11] <-- -taken / f;
    o[11] * f === -taken;
}

template Jumpdest() {
    signal input en, exec[STEP()], alpha, p[32];
    signal output o[3];

    en * (en - 1) === 0;
    component step = Step(1, 1, 0, GAS_JUMPDEST(), WORK_jumpdest());
    step.en <== en; step.exec <== exec; step.op <== OP_JUMPDEST(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
}
