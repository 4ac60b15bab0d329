pragma circom 2.2.0;
include "../lib/slot.circom";

// STATEMENT. The n-th storage key of transaction T's access list (EIP-2930), n from 1, is touched at ts, so that it is warm for its code:
//   WARMING(ts, T, n) -> WARMING(ts + 1, T, n + 1), where WARM(T, n, addr, key) names the slot.
//
// COLUMNS. en boolean (checked); ts, tx (= T), n as in WARMING; addr, key in halves; slot (circuits/lib/slot.circom).
//
// TUPLES, each times en. Receives WARMING, SLOT; sends WARMING, SLOT; looks up WARM, RANGE12 five times.
//
// WHY A CHEATING PROVER GAINS NOTHING. WARM is L1's, one entry per (T, n), so the row has no choice of slot; a key that is named twice has two
// entries, and the second touch changes nothing. txbegin sends WARMING(t, T, 1) once per transaction and receives WARMING(t + count, T,
// count + 1) with count from L1's KEYS: the rows between them are one walk over n = 1 .. count, none left out, none repeated, at
// times of their own, which txbegin keeps free (its EXEC starts at t + count). T stays the same in the whole walk, so a walk never
// ends at another transaction. No island: ts grows by one in each row. The slot: lib/slot.circom.
//
// PADDING: all 0. COST: 28.
template Warm() {
    signal input en, ts, tx, n, addr, keyHi, keyLo, slot[SLOTACCESS()];
    signal input alpha, p[32];
    signal output o[10];

    en * (en - 1) === 0;
    signal tx1 <== p[SLOT_tx()] * tx;
    signal n1 <== p[WARMING_n()] * n;
    signal addr1 <== p[SLOT_addr()] * addr;
    signal keyHi1 <== p[SLOT_keyHi()] * keyHi;
    signal keyLo1 <== p[SLOT_keyLo()] * keyLo;

    var f = alpha + ts + n1 + tx1 + WARMING() * p[TAGPOWER()];
    o[0] <-- -en / f;
    o[0] * f === -en;
    f += 1 + p[WARMING_n()];
    o[1] <-- en / f;
    o[1] * f === en;
    f = alpha + n + addr1 + keyHi1 + keyLo1 + tx1 + WARM() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;

    signal access[7];
    (_, _, _, _, access) <== SlotAccess(0)(en, ts, tx, addr1, keyHi1, keyLo1, tx1, slot, 0, 0, 0, alpha, p);
    for (var i = 0; i < 7; i++) { o[3 + i] <== access[i]; }
}
