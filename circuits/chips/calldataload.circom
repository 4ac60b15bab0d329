pragma circom 2.2.0;
include "../lib/step.circom";

// STATEMENT. CALLDATALOAD: c = 32 bytes of the transaction's calldata from the offset on, which is popped; bytes beyond the end are 0. Gas 3.
//
// COLUMNS. en; exec: the machine before the step (circuits/lib/step.circom); a: the offset (circuits/lib/step.circom, Pop); addr, tx: of the
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

    component step = Step(1, 1, 0, 3, WORK_calldataload());
    step.en <== en; step.exec <== exec; step.op <== 0x35; step.extra <== 0;
    step.alpha <== alpha; step.p <== p;
    for (var i = 0; i < 3; i++) { o[i] <== step.o[i]; }
    component item = Pop(1);
    item.en <== en; item.exec <== exec; item.call1 <== step.call1; item.sp1 <== step.sp1; item.cell <== a; item.alpha <== alpha; item.p <== p;
    for (var i = 0; i < 4; i++) { o[3 + i] <== item.o[i]; }

    // The frame's calldata
    var tag = p[TAGPOWER()];
    signal tx1 <== p[FRAME_tx()] * tx;
    signal addr1 <== p[FRAME_addr()] * addr;
    var f = alpha + step.call1 + addr1 + tx1 + FRAME() * tag;
    o[7] <-- -en / f;
    o[7] * f === -en;
    signal dataLen1 <== p[ENV_lo()] * dataLen;
    f = alpha + 0x36 + step.call1 + dataLen1 + ENV() * tag;
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
    var carry[3], hi = 0, lo = 0, left = 0;
    for (var i = 0; i < 3; i++) {
        half[i] <== upper * (word[i + 1] - word[i]) + word[i];
        carry[i] = 0;
        for (var j = 9; j >= 0; j--) { carry[i] = 4096 * carry[i] + cut[10*i + j]; }
    }
    for (var j = 10; j >= 0; j--) { hi = 4096 * hi + high[j]; lo = 4096 * lo + low[j]; left = 4096 * left + rest[j]; }
    signal excess <== beyond * ((1 << 24) * a[0] + a[1] - dataLen);
    signal carried <== inside * carry[2];
    half[2] * pow === (1 << 128) * carry[2] + left - excess;
    half[1] * pow === (1 << 128) * carry[1] + lo - carried;
    half[0] * pow === (1 << 128) * carry[0] + hi - carry[1];

    component range[3], cuts = Range(30);
    range[0] = Range128(); range[1] = Range128(); range[2] = Range128();
    range[0].limb <== high; range[1].limb <== low; range[2].limb <== rest; cuts.limb <== cut;
    for (var i = 0; i < 3; i++) {
        range[i].en <== en; range[i].alpha <== alpha; range[i].p31 <== tag;
        for (var j = 0; j < 12; j++) { o[13 + 12*i + j] <== range[i].o[j]; }
    }
    cuts.en <== en; cuts.alpha <== alpha; cuts.p31 <== tag;
    for (var j = 0; j < 30; j++) { o[49 + j] <== cuts.o[j]; }

    signal hi1 <== p[STACK_hi()] * hi;
    signal lo1 <== p[STACK_lo()] * lo;
    component push = Push(1);
    push.en <== en; push.exec <== exec; push.call1 <== step.call1; push.sp1 <== step.sp1; push.hi1 <== hi1; push.lo1 <== lo1;
    push.alpha <== alpha; push.p <== p;
    o[79] <== push.o;
}
