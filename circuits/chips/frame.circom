pragma circom 2.2.0;
include "../bus.circom";
include "../lib/range.circom";

// STATEMENT. What rows may look up about the frame `call`, which one transaction's begin has entered:
//   FRAME(call, addr, tx, birth 0), and ENV(call, op, hi, lo) for each opcode that only reads:
//   ADDRESS addr, ORIGIN and CALLER caller, CALLVALUE value, CALLDATASIZE dataLen, CODESIZE codeLen, GASPRICE price, RETURNDATASIZE 0
//   (the frame calls nothing), BLOBBASEFEE 1 (there are no blobs: the minimum).
//
// COLUMNS. en boolean (checked); call, tx, dataLen, codeLen, valueHi, valueLo, priceHi, priceLo as in NEWFRAME; addr and caller in two
// parts: Hi in three 12-bit limbs, Lo in eleven; m: how often each of the ten tuples is looked up, in the order above, 0 unless en (checked).
//
// TUPLES. Receives NEWFRAME en times; supplies FRAME, ENV as often as m says; looks up RANGE12 30 times, each times en.
//
// WHY A CHEATING PROVER GAINS NOTHING. NEWFRAME is sent once per call, by the row that entered the frame (txbegin, at a time of its
// own), so there is one row with en = 1 per call, and with its values; without en it supplies nothing. Numbers are L1's and small.
// Address: NEWFRAME's is below 2^160; lo < 2^128 and hi < 2^36, so hi * 2^128 + lo = addr holds in integers, for one pair only.
//
// PADDING: all 0. COST: 74.
template Frame() {
    signal input en, call, tx, dataLen, codeLen, addrHi[3], addrLo[11], callerHi[3], callerLo[11], valueHi, valueLo, priceHi, priceLo, m[10];
    signal input alpha, p[32];
    signal output o[41];

    en * (en - 1) === 0;
    for (var i = 0; i < 10; i++) { m[i] * (1 - en) === 0; }
    signal p31 <== p[TAGPOWER()];

    signal addrLows[12] <== Range128()(en, addrLo, alpha, p31), addrHighs[3] <== Range(3)(en, addrHi, alpha, p31);
    signal callerLows[12] <== Range128()(en, callerLo, alpha, p31), callerHighs[3] <== Range(3)(en, callerHi, alpha, p31);
    for (var i = 0; i < 12; i++) { o[11 + i] <== addrLows[i]; o[26 + i] <== callerLows[i]; }
    for (var i = 0; i < 3; i++) { o[23 + i] <== addrHighs[i]; o[38 + i] <== callerHighs[i]; }
    var hi[2] = [0, 0], lo[2] = [0, 0];
    for (var i = 10; i >= 0; i--) { lo[0] = 4096 * lo[0] + addrLo[i]; lo[1] = 4096 * lo[1] + callerLo[i]; }
    for (var i = 2; i >= 0; i--) { hi[0] = 4096 * hi[0] + addrHi[i]; hi[1] = 4096 * hi[1] + callerHi[i]; }
    var addr = (1 << 128) * hi[0] + lo[0], caller = (1 << 128) * hi[1] + lo[1], f;

    // NEWFRAME
    signal caller1 <== p[NEWFRAME_caller()] * caller;
    signal newCall1 <== p[NEWFRAME_call()] * call;
    signal newValueHi1 <== p[NEWFRAME_valueHi()] * valueHi;
    signal newValueLo1 <== p[NEWFRAME_valueLo()] * valueLo;
    signal newAddr1 <== p[NEWFRAME_addr()] * addr;
    signal newTx1 <== p[NEWFRAME_tx()] * tx;
    signal newPriceHi1 <== p[NEWFRAME_priceHi()] * priceHi;
    signal newPriceLo1 <== p[NEWFRAME_priceLo()] * priceLo;
    signal newDataLen1 <== p[NEWFRAME_dataLen()] * dataLen;
    f = alpha + codeLen + caller1 + newCall1 + newValueHi1 + newValueLo1 + newAddr1 + newTx1 + newPriceHi1 + newPriceLo1 + newDataLen1;
    f += NEWFRAME() * p31;
    o[0] <-- -en / f;
    o[0] * f === -en;

    // FRAME
    signal call1 <== p[FRAME_call()] * call;
    signal addr1 <== p[FRAME_addr()] * addr;
    signal tx1 <== p[FRAME_tx()] * tx;
    f = alpha + call1 + addr1 + tx1 + FRAME() * p31;
    o[1] <-- m[0] / f;
    o[1] * f === m[0];

    // ENV
    signal addrHi1 <== p[ENV_hi()] * hi[0];
    signal addrLo1 <== p[ENV_lo()] * lo[0];
    signal callerHi1 <== p[ENV_hi()] * hi[1];
    signal callerLo1 <== p[ENV_lo()] * lo[1];
    signal valueHi1 <== p[ENV_hi()] * valueHi;
    signal valueLo1 <== p[ENV_lo()] * valueLo;
    signal dataLen1 <== p[ENV_lo()] * dataLen;
    signal codeLen1 <== p[ENV_lo()] * codeLen;
    signal priceHi1 <== p[ENV_hi()] * priceHi;
    signal priceLo1 <== p[ENV_lo()] * priceLo;
    var env[9] = [
        OP_ADDRESS() + addrHi1 + addrLo1, OP_ORIGIN() + callerHi1 + callerLo1, OP_CALLER() + callerHi1 + callerLo1,
        OP_CALLVALUE() + valueHi1 + valueLo1, OP_CALLDATASIZE() + dataLen1, OP_CODESIZE() + codeLen1,
        OP_GASPRICE() + priceHi1 + priceLo1, OP_RETURNDATASIZE(), OP_BLOBBASEFEE() + p[ENV_lo()]
    ];
    for (var i = 0; i < 9; i++) {
        f = alpha + call1 + env[i] + ENV() * p31;
        o[2 + i] <-- m[1 + i] / f;
        o[2 + i] * f === m[1 + i];
    }
}
