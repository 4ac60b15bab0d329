pragma circom 2.2.0;
include "../lib/slot.circom";
include "../lib/step.circom";

// STATEMENT. SSTORE: the slot of the key on top gets the value below it. With orig the slot's value when the transaction began, cur and new its
// value before and after (EIP-2200 with the prices of EIP-2929 and EIP-3529):
//   gas     100 + 2100 cold + price,   price = 20000 - 100 when cur = orig = 0 and new != orig,
//                                              5000 - 2100 - 100 when cur = orig != 0 and new != orig, else 0
//   refund  + the same price when new = orig and cur != orig;
//           + 4800 when orig != 0 and the slot is cleared (cur != 0, new = 0), - 4800 when orig != 0 and it is filled again
//   out of gas when gas <= 2300 (EIP-2200) or gas < cost.
// The old value goes on the journal in any case, also when the slot keeps its value.
//
// COLUMNS. Those of SLOAD (circuits/chips/sload.circom), and value: the second item popped; isSet[3]: orig, cur, new are not 0;
// differs[4]: cur.hi != orig.hi, cur.lo != orig.lo, new.hi != orig.hi, new.lo != orig.lo; dirty, changes: cur != orig, new != orig (all
// booleans that the constraints determine); high[4], low[2]: 12-bit limbs, of how far the gas is from the limit.
//
// TUPLES, each times en unless said otherwise. Receives EXEC, STACK twice, SLOT; sends EXEC and JRN (en - oog) or END (oog), SLOT; looks up
// CODE, FRAME, RANGE12 17 times.
//
// WHY A CHEATING PROVER GAINS NOTHING. A flag with its difference d (a hint `inverse`): d * inverse = flag, (1 - flag) * d = 0, so flag is 1
// when d != 0 and 0 when d = 0. All halves are below 2^128, so hi + lo is 0 only for the word 0, and a half's difference is 0 in the
// field only when it is in integers. dirty and changes are disjunctions. Price and refund are what is said
// above: charged = [cur = orig][new != orig], restored = [cur != orig][new = orig]; cleared = isSet(cur) - isSet(new) in -1, 0, 1, and it
// is 0 when cur = new.
// Gas: needed = cost when price > 0 (it is above 2300 then), else 2301; both at most 22100. In integers:
//   oog = 0: gas - needed = low + 2^24 high >= 0;     oog = 1: gas = high >= 0 and needed - 1 - gas = low >= 0
// since all are below 2^73. So exactly one oog has a row. Without price, cost <= 2200 < needed.
// Journal: JRN(idx = jrn) at this row's time, see circuits/chips/undo.circom. Order, time, stack, islands: lib/step.circom, lib/slot.circom.
//
// PADDING: all 0. COST: 95.
template Sstore() {
    signal input en, exec[STEP()], oog, addr, tx, key[POP()], value[POP()], slot[SLOTACCESS()], isSet[3], differs[4], dirty, changes, high[4], low[2];
    signal input alpha, p[32];
    signal output o[27];

    en * (en - 1) === 0;
    oog * (oog - 1) === 0;
    oog * (1 - en) === 0;

    Exec() m <== Machine()(exec);

    Slot() s <== SlotCell()(slot);

    // Gas, refund, work: from the flags
    differs[0] * differs[1] === differs[0] + differs[1] - dirty;
    differs[2] * differs[3] === differs[2] + differs[3] - changes;
    signal both <== dirty * changes;
    var charged = changes - both, restored = dirty - both;
    signal cold <== 1 - s.warm * (1 - s.first);
    var each = GAS_slotSet() - GAS_warmSlot() - (GAS_slotSet() + GAS_coldSlot() - GAS_slotReset()) * isSet[0];
    signal price <== charged * each;
    signal back <== restored * each;
    signal cleared <== isSet[0] * (isSet[1] - isSet[2]);
    signal refunded <== p[EXEC_refund()] * (back + GAS_slotClear() * cleared);
    signal coldWork <== p[EXEC_work()] * cold;

    component step = StepOrHalt(1, 1, -2, GAS_SSTORE(), WORK_sstore());
    step.en <== en; step.oog <== oog; step.exec <== exec; step.op <== OP_SSTORE(); step.alpha <== alpha; step.p <== p;
    step.spent <== p[EXEC_gas()] * (GAS_coldSlot() * cold + price);
    step.extra <== refunded + p[EXEC_jrn()] - WORK_coldSlot() * coldWork;
    for (var i = 0; i < 4; i++) { o[7 + i] <== step.o[i]; }

    var lower = low[0] + (1 << 12) * low[1], higher = high[0] + (1 << 12) * high[1] + (1 << 24) * high[2] + (1 << 36) * high[3];
    signal chargedCold <== charged * cold;
    var least = GAS_storeStipend() + 1;
    var needed = least * en + price + GAS_coldSlot() * chargedCold - (least - GAS_SSTORE()) * charged;
    oog * (higher - m.gas) === 0;
    oog * ((1 << 24) * higher - 2 * m.gas + 2 * needed - 1) === lower + (1 << 24) * higher - m.gas + needed;
    signal range[6] <== Range(6)(en, [high[0], high[1], high[2], high[3], low[0], low[1]], alpha, p[TAGPOWER()]);
    for (var i = 0; i < 6; i++) { o[11 + i] <== range[i]; }

    // The items
    signal valueHi1, valueLo1, top[4], next[4];
    (_, _, top) <== Pop(1)(en, exec, step.call1, step.sp1, key, alpha, p);
    (valueHi1, valueLo1, next) <== Pop(2)(en, exec, step.call1, step.sp1, value, alpha, p);
    for (var i = 0; i < 4; i++) { o[17 + i] <== top[i]; o[21 + i] <== next[i]; }

    // The slot
    signal addr1 <== p[SLOT_addr()] * addr;
    signal keyHi1 <== p[SLOT_keyHi()] * key[0];
    signal keyLo1 <== p[SLOT_keyLo()] * key[1];
    signal tx1 <== p[SLOT_tx()] * tx;
    signal curHi1, curLo1, origHi, origLo, access[7];
    (curHi1, curLo1, origHi, origLo, access) <== SlotAccess(1)(en, m.ts, tx, addr1, keyHi1, keyLo1, tx1, slot, valueHi1, valueLo1, oog, alpha, p);
    for (var i = 0; i < 7; i++) { o[i] <== access[i]; }

    // The flags are true: how orig, cur and new compare
    var cur[2] = [s.curHi, s.curLo], new[2] = [value[0], value[1]], orig[2] = [origHi, origLo];
    var d[7] = [orig[0] + orig[1], cur[0] + cur[1], new[0] + new[1], cur[0] - orig[0], cur[1] - orig[1], new[0] - orig[0], new[1] - orig[1]];
    signal inverse[7];
    for (var i = 0; i < 7; i++) {
        var flag = i < 3 ? isSet[i] : differs[i - 3];
        inverse[i] <-- d[i] == 0 ? 0 : 1 / d[i];
        d[i] * inverse[i] === flag;
        (1 - flag) * d[i] === 0;
        (1 - flag) * inverse[i] === 0;
    }

    // Frame, journal
    var f = alpha + step.call1 + addr1 + tx1 + FRAME() * p[TAGPOWER()];
    o[25] <-- -en / f;
    o[25] * f === -en;
    f = alpha + m.ts + step.jrn1 + curHi1 + curLo1 + addr1 + keyHi1 + keyLo1 + JRN() * p[TAGPOWER()];
    o[26] <-- (en - oog) / f;
    o[26] * f === en - oog;
}
