pragma circom 2.2.0;
include "../lib/adapters.circom";

// STATEMENT. CALLDATALOAD: c = 32 bytes of the transaction's calldata from the offset on, which is popped; bytes beyond the end are 0. Gas 3.
//
// COLUMNS. en; exec: the machine before the step (lib/stack.circom); a: the offset (lib/stack.circom, Pop); addr, tx: of the
// frame; dataLen: bytes of calldata; beyond: the offset is not below dataLen; last: the word where the offset lies is the last one; upper: the
// offset is in the second half of its word. en, beyond, last, upper are booleans (checked). shift: bytes from the beginning of that half,
// 0..15; pow: 2^(8 shift); word[4]: the halves of the word where the offset lies, and of the next one, 0 if there is none; high, low: the result;
// rest: what is left of the last half; all three in eleven 12-bit limbs; cut[30]: what each of three halves loses, ten limbs each.
//
// TUPLES, each times en. Receives EXEC, STACK; sends EXEC, STACK; looks up CODE, FRAME, ENV (CALLDATASIZE), POW2, RANGE12 69 times, one more if
// last, TXDATA unless beyond, and a second one unless last.
//
// WHY A CHEATING PROVER GAINS NOTHING. tx and dataLen are the running frame's, by FRAME and ENV. L1 supplies TXDATA for the words of
// transaction tx, 0 <= word < dataLen / 32, each once, the last one padded with zeros; its halves are 128-bit.
// Not beyond: the offset's high half is 0, and TXDATA holds for word k = (a_lo - 16 upper - shift) / 32: a_lo = 32 k + 16 upper + shift mod r, k
// small, and as POW2 holds for 8 shift in [0, 128) alone, shift is one of 0..15 (8 shift = 8 (a_lo - 16 upper - 32 k) in integers):
// k, upper, shift are determined. The next word is TXDATA's too, or last = 1 and 32 (k + 1) - dataLen is in range: it does not exist, its
// halves are 0. Let G_0, G_1, G_2 be the halves from the one where the offset lies on. With P = 2^(8 shift):
//   G_2 P = cut_2 2^128 + rest,   G_1 P + cut_2 = cut_1 2^128 + low,   G_0 P + cut_1 = cut_0 2^128 + high.
// P <= 2^120, cuts below 2^120: both sides are below 2^249 < r, so this holds in integers and, all halves being 128-bit, gives
// (G_0, G_1, G_2) * P = cut_0 2^384 + (high, low, rest): c is (high, low), the bytes from the offset on.
// Beyond: 2^24 a_hi + a_lo - dataLen, an integer between -2^24 and 2^153, takes the place of G_2 P, whose factors are 0: it is not
// negative, and as dataLen < 2^24 (L1), a_hi > 0 or a_lo >= dataLen. What it carries is not taken on: high = low = 0.
// Conversely an offset below dataLen has no such row, and one that is not below has a TXDATA only in the zeros of the last word.
// Order, time, stack, islands: lib/step.circom.
//
// PADDING: all 0. COST: 121.
template Calldataload() {
    signal input en, exec[STEP()], a[POP()], addr, tx, dataLen, beyond, last, upper, shift, pow;
    signal input word[4], high[11], low[11], rest[11], cut[30];
    signal input alpha, p[32];
    signal output o[80];

    var inside = en - beyond;
    en * (en - 1) === 0;
    beyond * (beyond - 1) === 0;
    beyond * (1 - en) === 0;
    last * (last - 1) === 0;
    last * (1 - inside) === 0;
    upper * (upper - 1) === 0;
    beyond * upper === 0;

    var tag = p[TAGPOWER()], hi = 0, lo = 0, f;
    for (var j = 10; j >= 0; j--) { hi = 4096 * hi + high[j]; lo = 4096 * lo + low[j]; }
    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    signal call1, step[8];
    (call1, step) <== Unary(GAS_CALLDATALOAD(), WORK_calldataload())(en, exec, OP_CALLDATALOAD(), 0, a, hi1, lo1, alpha, p);
    for (var i = 0; i < 7; i++) { o[i] <== step[i]; }
    o[79] <== step[7];

    // The frame's calldata
    signal tx1 <== p[FRAME_tx()] * tx;
    signal addr1 <== p[FRAME_addr()] * addr;
    f = alpha + call1 + addr1 + tx1 + FRAME() * tag;
    o[7] <-- -en / f;
    o[7] * f === -en;
    signal dataLen1 <== p[ENV_lo()] * dataLen;
    f = alpha + OP_CALLDATASIZE() + call1 + dataLen1 + ENV() * tag;
    o[8] <-- -en / f;
    o[8] * f === -en;

    // Its words
    signal word1[4];
    var k = (a[1] - 16 * upper - shift) / 32;
    inside * a[0] === 0;
    for (var i = 0; i < 2; i++) {
        var there = inside - i * last;
        for (var j = 0; j < 2; j++) {
            word[2*i + j] * (1 - there) === 0;
            word1[2*i + j] <== p[j == 0 ? TXDATA_hi() : TXDATA_lo()] * word[2*i + j];
        }
        f = alpha + k + i + word1[2*i] + word1[2*i + 1] + tx1 + TXDATA() * tag;
        o[9 + i] <-- -there / f;
        o[9 + i] * f === -there;
    }
    f = alpha + 32 * (k + 1) - dataLen + RANGE12() * tag;
    o[11] <-- -last / f;
    o[11] * f === -last;

    // The bytes
    signal pow1 <== p[POW2_p()] * pow;
    f = alpha + 8 * shift + pow1 + POW2() * tag;
    o[12] <-- -en / f;
    o[12] * f === -en;
    signal half[3];
    var carry[3], left = 0;
    for (var i = 0; i < 3; i++) {
        half[i] <== upper * (word[i + 1] - word[i]) + word[i];
        carry[i] = 0;
        for (var j = 9; j >= 0; j--) { carry[i] = 4096 * carry[i] + cut[10*i + j]; }
    }
    for (var j = 10; j >= 0; j--) { left = 4096 * left + rest[j]; }
    signal excess <== beyond * ((1 << 24) * a[0] + a[1] - dataLen);
    signal carried <== inside * carry[2];
    half[2] * pow === (1 << 128) * carry[2] + left - excess;
    half[1] * pow === (1 << 128) * carry[1] + lo - carried;
    half[0] * pow === (1 << 128) * carry[0] + hi - carry[1];

    signal highs[12] <== Range128()(en, high, alpha, tag);
    signal lows[12] <== Range128()(en, low, alpha, tag);
    signal rests[12] <== Range128()(en, rest, alpha, tag);
    signal cuts[30] <== Range(30)(en, cut, alpha, tag);
    for (var j = 0; j < 12; j++) { o[13 + j] <== highs[j]; o[25 + j] <== lows[j]; o[37 + j] <== rests[j]; }
    for (var j = 0; j < 30; j++) { o[49 + j] <== cuts[j]; }
}
