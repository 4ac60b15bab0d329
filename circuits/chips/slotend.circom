pragma circom 2.2.0;
include "../bus.circom";

// STATEMENT. The last cell of a slot becomes its value after the batch: receives SLOT(ts, addr, key, cur, orig, tx, warm) of any time, sends
// SLOTEND(addr, key, cur).
//
// COLUMNS. en boolean (checked); the rest as received, words in halves.
//
// WHY A CHEATING PROVER GAINS NOTHING. A slot's accesses form one path from L1's one SLOT (circuits/lib/slot.circom, 3); a path can only end
// here, and L1 receives exactly one SLOTEND per listed slot: one row per slot, and it takes the last cell, as every earlier one is the
// only thing that the access after it can receive. Values need no range check: who wrote cur did it. No island: nothing that this row sends
// is received by rows.
//
// PADDING: all 0. COST: 12.
template SlotEnd() {
    signal input en, ts, curHi, curLo, addr, keyHi, keyLo, origHi, origLo, tx, warm;
    signal input alpha, p[32];
    signal output o[2];

    en * (en - 1) === 0;
    signal curHi1 <== p[SLOT_curHi()] * curHi;
    signal curLo1 <== p[SLOT_curLo()] * curLo;
    signal addr1 <== p[SLOT_addr()] * addr;
    signal keyHi1 <== p[SLOT_keyHi()] * keyHi;
    signal keyLo1 <== p[SLOT_keyLo()] * keyLo;
    signal origHi1 <== p[SLOT_origHi()] * origHi;
    signal origLo1 <== p[SLOT_origLo()] * origLo;
    signal tx1 <== p[SLOT_tx()] * tx;
    signal warm1 <== p[SLOT_warm()] * warm;
    // SLOTEND's shares are SLOT's (same powers).
    var slot = alpha + curHi1 + curLo1 + addr1 + keyHi1 + keyLo1;
    var f = slot + ts + origHi1 + origLo1 + tx1 + warm1 + SLOT() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f = slot + SLOTEND() * p[TAGPOWER()];
    o[1] <-- en / f;
    o[1] * f === en;
}
