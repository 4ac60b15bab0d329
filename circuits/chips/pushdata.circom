pragma circom 2.2.0;
include "../bus.circom";

// STATEMENT. At pc of a code stands PUSHn with 1 <= n <= width, and the n bytes after it are the word (hi, lo).
//
// COLUMNS. code, pc; has[width]: booleans that never rise (checked): has[j] = 1 when the data has more than j bytes, has[0] = 1 when the
// row is used; byte[width]: the bytes of the data from its END (byte[0] is the last), 0 where there is none (checked); m, any field
// element: how often PUSH is looked up.
//
// TUPLES. Looks up CODE(code, pc, 0x5f + n), has[0] times, and CODE(code, pc + n - j, byte[j]), has[j] times; supplies has[0] * m times
// PUSH(code, pc, hi, lo).
//
// WHY A CHEATING PROVER GAINS NOTHING. A row is true by itself, so two of one place say the same. has[0] and the differences of neighbours
// in has[0], ..., has[width - 1], 0 are booleans, so the list falls once from 1 to 0 (or is 0) and n = sum has is the place where. CODE
// gives one byte per place, so n, the bytes and the word are the code's own. Halves are below 2^128, being bytes.
// The code's rows go 33 bytes past its end (circuits/chips/code.circom): data cut short by the end is filled up with zeros.
// m counts only in a row that is used: its quotient is multiplied by has[0].
//
// PADDING: all 0. COST: 3 * width + 7, one more for a width above 16: 13, 19, 104.
template PushData(width) {
    signal input code, pc, has[width], byte[width], m, alpha, p[32];
    signal output o[width + 2];

    var n = 0;
    has[0] * (has[0] - 1) === 0;
    for (var j = 0; j < width; j++) {
        var next = 0;
        if (j < width - 1) { next = has[j + 1]; }
        (has[j] - next) * (has[j] - next - 1) === 0;
        n += has[j];
    }
    for (var j = 1; j < width; j++) { byte[j] * (1 - has[j]) === 0; }

    signal code1 <== p[CODE_code()] * code;
    signal pc1 <== p[CODE_pc()] * pc;
    signal n1 <== p[CODE_pc()] * n;
    var f = alpha + OP_PUSH0() + n + code1 + pc1 + CODE() * p[TAGPOWER()];
    o[0] <-- -has[0] / f;
    o[0] * f === -has[0];
    for (var j = 0; j < width; j++) {
        f = alpha + byte[j] + code1 + pc1 + n1 - j * p[CODE_pc()] + CODE() * p[TAGPOWER()];
        o[1 + j] <-- -has[j] / f;
        o[1 + j] * f === -has[j];
    }

    var hi = 0, lo = 0;
    for (var j = 0; j < width; j++) {
        if (j < 16) { lo += (1 << 8 * j) * byte[j]; }
        else { hi += (1 << 8 * (j - 16)) * byte[j]; }
    }
    signal lo1 <== p[PUSH_lo()] * lo;
    f = alpha + code1 + pc1 + lo1 + PUSH() * p[TAGPOWER()];
    signal hi1;
    if (width > 16) { hi1 <== p[PUSH_hi()] * hi; f += hi1; }
    else { hi1 <== 0; }
    signal i <-- m / f;
    i * f === m;
    o[1 + width] <== has[0] * i;
}
