pragma circom 2.2.0;
include "../bus.circom";
include "../lib/range.circom";

// STATEMENT. A failed frame takes back its last change: the topmost journal entry leaves the journal and its slot gets the old value back.
//   END(ts, call, ok 0, gas, work, jrn, refund 0) -> END(ts + 1, call, ok 0, gas, work, jrn - 1, refund 0)
//   JRN(idx = jrn - 1, tWrite, kind 0, addr, key, old) is received, tWrite < ts
//   SLOT(tOld, addr, key, cur, orig, tx, warm) -> SLOT(ts, addr, key, old, orig, tx, warm), tOld < ts
//
// COLUMNS. en boolean (checked); ts, call, gas, work, jrn as in END; addr, key, old as in JRN, words in halves; writeGap: ts - tWrite - 1 in
// three 12-bit limbs; cur, orig, tx, warm as in SLOT; slotGap: ts - tOld - 1 in three limbs.
//
// TUPLES, each times en. Receives END, JRN, SLOT; sends END, SLOT; looks up RANGE12 6 times.
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) The journal is a stack through the whole batch. A write (sstore) pushes at idx = jrn and sends jrn + 1 on, this row pops at jrn - 1 and
//     sends jrn - 1 on; nothing else moves jrn, and it is handed on from frame to frame (EXEC, END, BETWEEN). So at one idx pushes and
//     pops take turns, at distinct times. A pop takes an entry pushed before it (tWrite < ts): the first pop of idx finds one such,
//     by induction the k-th takes the k-th push, all before it being used up. That is the last write not yet undone.
//     `drainjrn` cannot take an entry that is popped later: the pops up to that one would lack a push.
// (2) How many. `txend` takes ok = 0 only with the jrn at which the frame began (SAVED), and this row only lowers jrn: exactly the
//     frame's own writes are undone, the last first. A frame that ends with ok = 1 has no such row, its changes stay.
// (3) The slot's tuple is the last one of its path (lib/slot.circom): this row is one more access in the order of time, at a time of
//     its own, since its ts is one of the chain of END tuples. The slot was touched by the write in this transaction, so its tx is this
//     transaction, and orig and warm stay what they are: the next transaction refreshes them. old was the slot's value: in range.
// (4) No island: ts grows by one in each row, gaps are not negative.
//
// PADDING: all 0. COST: 27.
template Undo() {
    signal input en, ts, call, gas, work, jrn, addr, keyHi, keyLo, oldHi, oldLo, writeGap[3], curHi, curLo, origHi, origLo, tx, warm, slotGap[3];
    signal input alpha, p[32];
    signal output o[11];

    en * (en - 1) === 0;

    // The end of the frame
    signal call1 <== p[END_call()] * call;
    signal gas1 <== p[END_gas()] * gas;
    signal work1 <== p[END_work()] * work;
    signal jrn1 <== p[END_jrn()] * jrn;
    var f = alpha + ts + call1 + gas1 + work1 + jrn1 + END() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += 1 - p[END_jrn()];
    o[1] <-- en / f;
    o[1] * f === en;

    // The entry; JRN's old value has the powers of SLOT's current one
    signal addr1 <== p[SLOT_addr()] * addr;
    signal keyHi1 <== p[SLOT_keyHi()] * keyHi;
    signal keyLo1 <== p[SLOT_keyLo()] * keyLo;
    signal oldHi1 <== p[SLOT_curHi()] * oldHi;
    signal oldLo1 <== p[SLOT_curLo()] * oldLo;
    var slot = addr1 + keyHi1 + keyLo1;
    f = alpha + (ts - 1 - writeGap[0] - (1 << 12) * writeGap[1] - (1 << 24) * writeGap[2]) + jrn1 - p[JRN_idx()] + slot + oldHi1 + oldLo1
        + JRN() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;

    // The slot
    signal curHi1 <== p[SLOT_curHi()] * curHi;
    signal curLo1 <== p[SLOT_curLo()] * curLo;
    signal origHi1 <== p[SLOT_origHi()] * origHi;
    signal origLo1 <== p[SLOT_origLo()] * origLo;
    signal tx1 <== p[SLOT_tx()] * tx;
    signal warm1 <== p[SLOT_warm()] * warm;
    var head = alpha + slot + origHi1 + origLo1 + tx1 + warm1 + SLOT() * p[TAGPOWER()];
    f = head + (ts - 1 - slotGap[0] - (1 << 12) * slotGap[1] - (1 << 24) * slotGap[2]) + curHi1 + curLo1;
    o[3] <-- -en / f;
    o[3] * f === -en;
    f = head + ts + oldHi1 + oldLo1;
    o[4] <-- en / f;
    o[4] * f === en;

    signal written[3] <== Range(3)(en, writeGap, alpha, p[TAGPOWER()]);
    signal accessed[3] <== Range(3)(en, slotGap, alpha, p[TAGPOWER()]);
    for (var i = 0; i < 3; i++) { o[5 + i] <== written[i]; o[8 + i] <== accessed[i]; }
}
