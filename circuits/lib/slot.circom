pragma circom 2.2.0;
include "../bus.circom";
include "range.circom";

// Storage slots: one access of a row to a slot, shared by every chip that touches storage. Its mirror: src/chips/lib/slot.ts.
//
// STATEMENT. The slot `key` of the account `addr` is accessed at time ts in transaction T: the row receives the tuple that the last
// access before it sent, SLOT(tOld, addr, key, cur, origOld, txOld, warm) with tOld < ts and txOld <= T, and sends
// SLOT(ts, addr, key, cur', orig, T, 1). `first` = 1 exactly when txOld < T: the first touch of the slot in this transaction. Then the slot
// is refreshed before the row sees it: orig := cur (its value when the transaction began), warm := 0; otherwise orig = origOld.
// cur' = cur, or (writes = 1) the chip's new value unless `kept` = 1. Every access leaves the slot warm (EIP-2929). A chip that charges for a
// cold slot takes cold = 1 - warm * (1 - first).
// Accounts of this version are never created or destroyed by code, so no value is lost with an account (FRAME is looked up with birth 0).
//
// CELL (SLOTACCESS() committed inputs): cur, orig (origOld) in halves and warm as received (their producers checked the ranges; warm is
// L1's 0 or a row's 1); first boolean (checked); three 12-bit limbs of ts - tOld - 1; two of T - txOld - 1, 0 unless first (checked).
//
// WHY A CHEATING PROVER GAINS NOTHING (offline memory; the argument is that of lib/account.circom).
// (1) ts and T of a row are small integers: the rows that take part in time are one chain from L1's start (lib/step.circom, time; `warm` rows
//     between two times of their txbegin row, `undo` rows between a frame's end and its txend row). A row accesses at most one
//     slot, at its own ts, and sends the chain on at ts + 1: no two accesses share a time. T is that of the frame (FRAME, once
//     per call) or of the walk over the keys (WARMING).
// (2) Hence every SLOT sent carries a small integer as ts (L1's have 0), no two of one slot the same one, and every access receives one
//     with tOld = ts - 1 - gap, 0 <= gap < 2^36: strictly earlier as integers. Following a slot's tuples forward never returns: no
//     island, every path begins at a tuple of L1.
// (3) L1 sends exactly one SLOT per (addr, key), because its lists are strictly ascending. So all accesses of a slot are on ONE path in
//     the order of time: each sees exactly what the one before it left. A slot outside the list cannot be accessed.
// (4) A path ends at a `slotend` row, the only other receiver; it sends one SLOTEND, and L1 receives exactly one per listed slot.
// `first` denied: txOld must be T. `first` claimed at a later touch: T - 1 - txOld = -1 has no two 12-bit limbs. So warm and orig last
// for the transaction, and only for it.
//
// WHAT A ROW OF SLOAD SHARES WITH ONE OF SSTORE. FRAME(call) names the account, and the transaction T. A cold slot costs more gas (EIP-2929), and
// WORK_coldSlot() of work. With oog = 1 the frame ends in the row, out of gas: no EXEC but END(ok 0, gas 0); the slot is touched but keeps
// its value. The access list names every slot that one of these rows touches, so also that of an opcode that runs out of gas.
//
// COST: 19 constraints (20 when writes = 1), and in the chip three for addr1, keyHi1, keyLo1 and one for T1.
// Outputs o: receive, send, five RANGE12 lookups; the shares curHi1 and curLo1; orig after the refresh.

function SLOTACCESS() { return 11; }

// The cell's parts by their names.
bus Slot() {
    signal curHi, curLo, origHi, origLo, warm, first, gap[3], txGap[2];
}

// COST 0.
template SlotCell() {
    signal input cell[SLOTACCESS()];
    output Slot() s;
    s.curHi <== cell[0]; s.curLo <== cell[1]; s.origHi <== cell[2]; s.origLo <== cell[3]; s.warm <== cell[4]; s.first <== cell[5];
    s.gap <== [cell[6], cell[7], cell[8]];
    s.txGap <== [cell[9], cell[10]];
}

// T: the transaction. addr1, keyHi1, keyLo1, T1 (SLOT_tx): products that the row shares (lib/step.circom, names).
// newHi1, newLo1 (SLOT_curHi, SLOT_curLo) and kept (a boolean of the chip) when writes = 1, else 0 and not read.
template SlotAccess(writes) {
    signal input en, ts, T, addr1, keyHi1, keyLo1, T1, cell[SLOTACCESS()], newHi1, newLo1, kept, alpha, p[32];
    signal output curHi1, curLo1, origHi, origLo, o[7];

    Slot() s <== SlotCell()(cell);
    var gap = s.gap[0] + (1 << 12) * s.gap[1] + (1 << 24) * s.gap[2], txGap = s.txGap[0] + (1 << 12) * s.txGap[1];

    s.first * (s.first - 1) === 0;
    txGap * (1 - s.first) === 0;
    origHi <== s.first * (s.curHi - s.origHi) + s.origHi;
    origLo <== s.first * (s.curLo - s.origLo) + s.origLo;

    signal range[5] <== Range(5)(en, [s.gap[0], s.gap[1], s.gap[2], s.txGap[0], s.txGap[1]], alpha, p[TAGPOWER()]);
    for (var i = 0; i < 5; i++) { o[2 + i] <== range[i]; }

    curHi1 <== p[SLOT_curHi()] * s.curHi;
    curLo1 <== p[SLOT_curLo()] * s.curLo;
    signal oldHi1 <== p[SLOT_origHi()] * s.origHi;
    signal oldLo1 <== p[SLOT_origLo()] * s.origLo;
    signal txOld1 <== p[SLOT_tx()] * (T - s.first - txGap);
    signal warm1 <== p[SLOT_warm()] * s.warm;
    signal origHi1 <== p[SLOT_origHi()] * origHi;
    signal origLo1 <== p[SLOT_origLo()] * origLo;

    var head = alpha + ts + addr1 + keyHi1 + keyLo1 + curHi1 + curLo1 + SLOT() * p[TAGPOWER()];
    var old = head - 1 - gap + oldHi1 + oldLo1 + txOld1 + warm1;
    o[0] <-- -en / old;
    o[0] * old === -en;
    if (writes == 1) {
        signal change <== (1 - kept) * (newHi1 + newLo1 - curHi1 - curLo1);
        head += change;
    }
    var new = head + origHi1 + origLo1 + T1 + p[SLOT_warm()];
    o[1] <-- en / new;
    o[1] * new === en;
}
