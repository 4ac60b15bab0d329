pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. PUSH1 1, PUSH1 1, PUSH1 160, SHL, SUB, one after the other, from pc on: the word 2^160 - 1 goes onto the stack, as Solidity's code makes the mask
// of an address. Five steps in one row, which may also stand there as five (`push`, `pow2` or `shift`, `add`): where both apply they say the same.
//
// COLUMNS. en boolean (checked); exec: the machine before the first step (lib/stack.circom).
//
// TUPLES, each times en. Receives EXEC; sends EXEC five steps and eight bytes later, STACK at the time of the last step; looks up CODE of the eight bytes,
// RANGE12 once: room for three items.
//
// WHY A CHEATING PROVER GAINS NOTHING. The row is its five steps together: exactly their tuples without those that one of them sends and another
// receives (EXEC between them, the three items and the power, which are constants). So whoever has this row could have the five, with all
// they look up, and nothing that is argued of rows is said of this one alone:
//  Place. pc is the place of an opcode (lib/step.circom, place), CODE has one byte at each place, and the first is a PUSH1: so the second is its data,
//     the third an opcode, and so on. Nobody can jump to a place among the eight bytes but the first, as none is a JUMPDEST. Who stands at one of
//     them otherwise has come by one of the five rows, and goes on with the next.
//  Gas. The five cost what this row does. Whoever cannot pay for all of them halts amid them by `halt`; here its gas would be below 0, so the frame
//     would have no end (lib/step.circom, gas).
//  Stack. The third item is at sp + 2: `halt` ends a frame that has no room for it, and this row has 1021 - sp in [0, 2^12).
//  Work. Its units are those of the five steps, which are at most WORK_gas for each of its gas.
//  Time. Five steps, and the item that stays is pushed by the last.
// Order, islands: lib/step.circom.
//
// PADDING: all 0. COST: 22, in place of 144.
template AddressMask() {
    signal input en, exec[STEP()], alpha, p[32];
    signal output o[12];

    en * (en - 1) === 0;
    component step = Step(5, 8, 1, 3 * GAS_PUSH1() + GAS_SHL() + GAS_SUB(), 3 * WORK_push() + WORK_shift() + WORK_add());
    step.en <== en; step.exec <== exec; step.op <== OP_PUSH1(); step.extra <== 0; step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }

    var byte[8] = [OP_PUSH1(), 1, OP_PUSH1(), 1, OP_PUSH1(), 160, OP_SHL(), OP_SUB()];
    var f;
    for (var i = 1; i < 8; i++) {
        f = alpha + byte[i] + step.code1 + step.pc1 + i * p[CODE_pc()] + CODE() * p[TAGPOWER()];
        o[2 + i] <-- -en / f;
        o[2 + i] * f === -en;
    }

    Exec() m <== Machine()(exec);
    f = alpha + 1021 - m.sp + RANGE12() * p[TAGPOWER()];
    o[10] <-- -en / f;
    o[10] * f === -en;
    var hi = (1 << 32) - 1, lo = (1 << 128) - 1;
    f = alpha + m.ts + 4 + step.call1 + step.sp1 + hi * p[STACK_hi()] + lo * p[STACK_lo()] + STACK() * p[TAGPOWER()];
    o[11] <-- en / f;
    o[11] * f === en;
}
