pragma circom 2.2.0;
include "../bus.circom";

// A 128-bit half in bytes, byte 15 its topmost, split at a place that the row chooses. Its mirror: src/chips/lib/bytes.ts.
//
// Each byte is looked up (BYTE), times en: with en = 1 they are integers below 256, so sum byte[i] * 256^i is below 2^128, and a half that equals
// it has these bytes. The bytes are COMMITTED INPUTS of the chip. The caller has at most one of at[0..14] equal to 1 and the others 0. The
// number of lower bytes is k: with rest = 0 it is i + 1 if at[i] = 1, and 0 if none is; with rest = 1 it is 15 - i if at[i] = 1, and 16 if none is
// (what the former leaves). Then sum low[i] is the value of the k lower bytes, and the half less that is a multiple of 256^k below 2^128.
// COST 31. Outputs: low[i] = byte[i] * 256^i if i < k, else 0; o: 16 BYTE.
template SplitBytes(rest) {
    signal input en, at[15], byte[16], alpha, p31;
    signal output low[16], o[16];
    for (var i = 0; i < 16; i++) {
        // i < k
        var below = rest;
        for (var j = 0; j < 15; j++) {
            if (rest == 0 && j >= i) { below += at[j]; }
            if (rest == 1 && 15 - j <= i) { below -= at[j]; }
        }
        low[i] <== below * ((1 << 8 * i) * byte[i]);
        var f = alpha + byte[i] + BYTE() * p31;
        o[i] <-- -en / f;
        o[i] * f === -en;
    }
}
