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

    component half[2], top[2];
    for (var i = 0; i < 2; i++) {
        half[i] = Range128(); top[i] = Range(3);
        half[i].en <== en; half[i].alpha <== alpha; half[i].p31 <== p31;
        top[i].en <== en; top[i].alpha <== alpha; top[i].p31 <== p31;
    }
    half[0].limb <== addrLo; half[1].limb <== callerLo; top[0].limb <== addrHi; top[1].limb <== callerHi;
    for (var i = 0; i < 2; i++) {
        for (var j = 0; j < 12; j++) { o[11 + 15*i + j] <== half[i].o[j]; }
        for (var j = 0; j < 3; j++) { o[23 + 15*i + j] <== top[i].o[j]; }
    }
    var hi[2] = [0, 0], lo[2] = [0, 0];
    for (var i = 10; i >= 0; i--) { lo[0] = 4096 * lo[0] + addrLo[i]; lo[1] = 4096 * lo[1] + callerLo[i]; }
    for (var i = 2; i >= 0; i--) { hi[0] = 4096 * hi[0] + addrHi[i]; hi[1] = 4096 * hi[1] + callerHi[i]; }
    var addr = (1 << 128) * hi[0] + lo[0], caller = (1 << 128) * hi[1] + lo[1], f;

    // NEWFRAME
    signal caller1 <== p[NEWFRAME_caller()] * caller;
    signal call2 <== p[NEWFRAME_call()] * call;
    signal valueHi3 <== p[NEWFRAME_valueHi()] * valueHi;
    signal valueLo4 <== p[NEWFRAME_valueLo()] * valueLo;
    signal addr5 <== p[NEWFRAME_addr()] * addr;
    signal tx7 <== p[NEWFRAME_tx()] * tx;
    signal priceHi8 <== p[NEWFRAME_priceHi()] * priceHi;
    signal priceLo9 <== p[NEWFRAME_priceLo()] * priceLo;
    signal dataLen14 <== p[NEWFRAME_dataLen()] * dataLen;
    f = alpha + codeLen + caller1 + call2 + valueHi3 + valueLo4 + addr5 + tx7 + priceHi8 + priceLo9 + dataLen14 + NEWFRAME() * p31;
    o[0] <-- -en / f;
    o[0] * f === -en;

    // FRAME
    signal call1 <== p[FRAME_call()] * call;
    signal addr12 <== p[FRAME_addr()] * addr;
    signal tx17 <== p[FRAME_tx()] * tx;
    f = alpha + call1 + addr12 + tx17 + FRAME() * p31;
    o[1] <-- m[0] / f;
    o[1] * f === m[0];

    // ENV
    signal addrHi10 <== p[ENV_hi()] * hi[0];
    signal addrLo11 <== p[ENV_lo()] * lo[0];
    signal callerHi10 <== p[ENV_hi()] * hi[1];
    signal callerLo11 <== p[ENV_lo()] * lo[1];
    signal valueHi10 <== p[ENV_hi()] * valueHi;
    signal valueLo11 <== p[ENV_lo()] * valueLo;
    signal dataLen11 <== p[ENV_lo()] * dataLen;
    signal codeLen11 <== p[ENV_lo()] * codeLen;
    signal priceHi10 <== p[ENV_hi()] * priceHi;
    signal priceLo11 <== p[ENV_lo()] * priceLo;
    var env[9] = [
        0x30 + addrHi10 + addrLo11, 0x32 + callerHi10 + callerLo11, 0x33 + callerHi10 + callerLo11, 0x34 + valueHi10 + valueLo11,
        0x36 + dataLen11, 0x38 + codeLen11, 0x3a + priceHi10 + priceLo11, 0x3d, 0x4a + p[ENV_lo()]
    ];
    for (var i = 0; i < 9; i++) {
        f = alpha + call1 + env[i] + ENV() * p31;
        o[2 + i] <-- m[1 + i] / f;
        o[2 + i] * f === m[1 + i];
    }
}
