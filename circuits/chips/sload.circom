pragma circom 2.2.0;
include "../lib/slot.circom";
include "../lib/step.circom";

// STATEMENT. SLOAD: the item on top, a key of the executing account, is replaced by the slot's value. Gas 2100 when the slot is cold, else 100 (EIP-2929).
//
// COLUMNS. en boolean (checked); exec: the machine before the step (circuits/lib/step.circom); oog boolean (checked), 0 when en is (checked);
// addr, tx as FRAME has them; key: the item popped (circuits/lib/step.circom, Pop); slot (circuits/lib/slot.circom). What a row of SLOAD
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
    signal cold <== 1 - slot[4] * (1 - slot[5]);

    component step = StepOrHalt(1, 1, 0, 100, WORK_sload());
    step.en <== en; step.oog <== oog; step.exec <== exec; step.op <== 0x54;
    step.spent <== p[EXEC_gas()] * (2000 * cold);
    step.extra <== p[EXEC_work()] * (-WORK_coldSlot() * cold);
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 4; i++) { o[i] <== step.o[i]; }

    component item = Pop(1);
    item.en <== en; item.exec <== exec; item.call1 <== step.call1; item.sp1 <== step.sp1; item.cell <== key; item.alpha <== alpha; item.p <== p;
    for (var i = 0; i < 4; i++) { o[4 + i] <== item.o[i]; }

    signal addr12 <== p[SLOT_addr()] * addr;
    signal keyHi13 <== p[SLOT_keyHi()] * key[0];
    signal keyLo14 <== p[SLOT_keyLo()] * key[1];
    signal T17 <== p[SLOT_tx()] * tx;
    var f = alpha + step.call1 + addr12 + T17 + FRAME() * p[TAGPOWER()];
    o[8] <-- -en / f;
    o[8] * f === -en;

    component access = SlotAccess(0);
    access.en <== en; access.ts <== exec[0]; access.T <== tx;
    access.addr12 <== addr12; access.keyHi13 <== keyHi13; access.keyLo14 <== keyLo14; access.T17 <== T17;
    access.cell <== slot; access.newHi1 <== 0; access.newLo1 <== 0; access.kept <== 0; access.alpha <== alpha; access.p <== p;
    for (var i = 0; i < 7; i++) { o[9 + i] <== access.o[i]; }

    component push = Push(1);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== access.curHi1; push.lo1 <== access.curLo1;
    push.alpha <== alpha; push.p <== p;
    o[16] <== push.o;

    var gas = exec[5], tag = RANGE12() * p[TAGPOWER()];
    f = alpha + gas + tag;
    o[17] <-- -oog / f;
    o[17] * f === -oog;
    f = alpha + 99 + 2000 * cold - gas + tag;
    o[18] <-- -oog / f;
    o[18] * f === -oog;
}
