pragma circom 2.2.0;
include "../bus.circom";

// Range checks by lookup, for all chips. Its mirror: src/chips/lib/range.ts.
//
// Statement, when en = 1: every limb is an integer in [0, 2^12), by -en times RANGE12(limb), which only the table `tables`
// (its x are the constants 0..4095) can balance. Little-endian: value = sum limb[j] * 4096^j, an integer below 2^(12 n) when
// en = 1, for n <= 21 so that nothing reaches r. When en = 0 nothing is sent and nothing is proven.
// en is a committed boolean that the caller constrains; limbs are COMMITTED INPUTS of the chip, never hints: a limb chosen
// after alpha could be fitted to the sum. Prefer to have no column for the value at all and to write it as an expression:
//     var v = 0; for (var j = n - 1; j >= 0; j--) { v = 4096 * v + limb[j]; }
// The outputs are added to the chip's own, which costs nothing:
//     signal range[6] <== Range(6)(en, left, alpha, p[TAGPOWER()]);    for (var i = 0; i < 6; i++) { o[3 + i] <== range[i]; }

// 12*n bits. p31 = p[TAGPOWER()]. COST n.
template Range(n) {
    signal input en, limb[n], alpha, p31;
    signal output o[n];
    for (var j = 0; j < n; j++) {
        var f = alpha + limb[j] + RANGE12() * p31;
        o[j] <-- -en / f;
        o[j] * f === -en;
    }
}

// A 128-bit value: eleven limbs, and 16 times the top one too: both in range together mean that the top limb is below 2^8
// (its own lookup is needed: an inverse of 16 times something small passes the second alone). COST 12.
template Range128() {
    signal input en, limb[11], alpha, p31;
    signal output o[12];
    signal range[11] <== Range(11)(en, limb, alpha, p31);
    for (var j = 0; j < 11; j++) { o[j] <== range[j]; }
    var f = alpha + 16 * limb[10] + RANGE12() * p31;
    o[11] <-- -en / f;
    o[11] * f === -en;
}
