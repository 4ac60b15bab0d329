pragma circom 2.2.0;
include "../lib/slot.circom";
include "../lib/step.circom";

// STATEMENT. SLOAD: the item on top, a key of the executing account, is replaced by the slot's value. Gas 2100 when the slot is cold, else 100 (EIP-2929).
//
// COLUMNS. en boolean (checked); exec: the machine before the step (lib/stack.circom); oog boolean (checked), 0 when en is (checked);
// addr, tx as FRAME has them; key: the item popped (lib/stack.circom, Pop); slot (circuits/lib/slot.circom). What a row of SLOAD
// shares with one of SSTORE: circuits/lib/slot.circom.
//
// TUPLES, each times en unless said otherwise. Receives EXEC, STACK, SLOT; sends EXEC (en - oog) or END (oog), STACK, SLOT; looks up CODE,
// FRAME, RANGE12 8 times and (oog) twice.
//
// WHY A CHEATING PROVER GAINS NOTHING. The slot's value is what the last access left (lib/slot.circom), in range by who wrote it; cold is
// an expression of the slot's cell. oog = 1 needs gas in [0, 4096) and cost - 1 - gas in [0, 4096): cost > gas in integers. oog = 0 with too
// little gas: lib/step.circom, gas. Order, time, stack, islands: lib/step.circom, lib/slot.circom.
//
// PADDING: all 0. COST: 52.
template Sload() {
    signal input en, exec[STEP()], oog, addr, tx, key[POP()], slot[SLOTACCESS()];
    signal input alpha, p[32];
    signal output o[19];

    en * (en - 1) === 0;
    oog * (oog - 1) === 0;
    oog * (1 - en) === 0;
    Exec() m <== Machine()(exec);
    Slot() s <== SlotCell()(slot);
    signal cold <== 1 - s.warm * (1 - s.first);

    component step = StepOrHalt(1, 1, 0, GAS_SLOAD(), WORK_sload());
    step.en <== en; step.oog <== oog; step.exec <== exec; step.op <== OP_SLOAD(); step.alpha <== alpha; step.p <== p;
    step.spent <== p[EXEC_gas()] * ((GAS_coldSlot() - GAS_SLOAD()) * cold);
    step.extra <== p[EXEC_work()] * (-WORK_coldSlot() * cold);
    signal item[4];
    (_, _, item) <== Pop(1)(en, exec, step.call1, step.sp1, key, alpha, p);
    for (var i = 0; i < 4; i++) { o[i] <== step.o[i]; o[4 + i] <== item[i]; }

    signal addr1 <== p[SLOT_addr()] * addr;
    signal keyHi1 <== p[SLOT_keyHi()] * key[0];
    signal keyLo1 <== p[SLOT_keyLo()] * key[1];
    signal tx1 <== p[SLOT_tx()] * tx;
    var f = alpha + step.call1 + addr1 + tx1 + FRAME() * p[TAGPOWER()];
    o[8] <-- -en / f;
    o[8] * f === -en;

    signal curHi1, curLo1, access[7];
    (curHi1, curLo1, _, _, access) <== SlotAccess(0)(en, m.ts, tx, addr1, keyHi1, keyLo1, tx1, slot, 0, 0, 0, alpha, p);
    for (var i = 0; i < 7; i++) { o[9 + i] <== access[i]; }
    o[16] <== Push(1)(en, exec, step.call1, step.sp1, curHi1, curLo1, alpha, p);

    var tag = RANGE12() * p[TAGPOWER()];
    f = alpha + m.gas + tag;
    o[17] <-- -oog / f;
    o[17] * f === -oog;
    f = alpha + GAS_SLOAD() + (GAS_coldSlot() - GAS_SLOAD()) * cold - 1 - m.gas + tag;
    o[18] <-- -oog / f;
    o[18] * f === -oog;
}
