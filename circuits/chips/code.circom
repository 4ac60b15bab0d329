pragma circom 2.2.0;
include "../bus.circom";

// STATEMENT. Bytes 128 at to 128 at + 127 of a code, from the words that L1 sent: what each byte is (CODE) and whether a jump may go
// there (DEST: it is a JUMPDEST and not push data).
//
// COLUMNS. en, last booleans (checked); code: L1's number of the code; at: number of the row in the code; skip: how many bytes at the
// start are data of a push before; byte[128]; move[i] = 0 when byte i is push data, else 1 + the bytes of data after it; dest[i] = 1 when
// byte i is a JUMPDEST and not push data; mCode[i], mDest[i], any field elements: how often CODE and DEST of byte i are looked up.
//
// TUPLES, each times en. Receives CODEWALK(code, at, skip) and CODEWORDS(code, at, the words of the bytes); sends CODEWALK(code, at + 1, skip')
// unless last; looks up BYTE(byte, move, dest) of every byte and RANGE12(skip'); supplies mCode[i] * CODE(code, 128 at + i, byte) and
// mDest[i] * DEST(code, 128 at + i, dest).
//
// WHY A CHEATING PROVER GAINS NOTHING.
// (1) Once only. L1 sends one CODEWALK per code, at 0 with skip 0, and one CODEWORDS per row. A row takes one of each and hands the walk on at
//     the next place, so the rows of a code are one chain 0, 1, 2, ... (no island: at would have to grow by a multiple of r). `last` too
//     early leaves words that no row receives, too late finds none. So there is one CODE and one DEST per place.
// (2) Bytes. BYTE has bytes 0 to 255 only, so a word of 128 bits has one way to be sixteen of them.
// (3) Push data. Before byte i, s[i] = skip + sum over j < i of (move[j] - 1) is the number of bytes still to skip:  move[i] * s[i] = 0. As
//     an opcode move is not 0 (BYTE), so no byte with s > 0 is one, and s counts down. A byte with s = 0 that calls itself push data
//     makes s = -1: then no byte has s = 0 any more, s falls to the row's end and below 0 there, but skip' is in range. s is a
//     small integer throughout.
// (4) The multiplicities count only with en: their quotients are added up and multiplied by it.
// Bytes after the code's end are 0, STOP: L1 sends zero words for at least 33 bytes more than the code has, so every place that
// execution or push data reaches without a jump has its CODE.
//
// PADDING: all 0. COST: 788, 6.2 a byte.
template Code() {
    signal input en, code, at, skip, last, byte[128], move[128], dest[128], mCode[128], mDest[128];
    signal input alpha, p[32];
    signal output o[133];

    en * (en - 1) === 0;
    last * (last - 1) === 0;
    signal more <== en * (1 - last);

    signal code1 <== p[CODE_code()] * code;
    signal pc1 <== p[CODE_pc()] * (128 * at);
    signal i[256];
    var supplied = 0, left = skip;
    for (var k = 0; k < 128; k++) {
        var f = alpha + byte[k] + code1 + pc1 + k * p[CODE_pc()] + CODE() * p[TAGPOWER()];
        i[2*k] <-- mCode[k] / f;
        i[2*k] * f === mCode[k];
        f = alpha + dest[k] + code1 + pc1 + k * p[DEST_pc()] + DEST() * p[TAGPOWER()];
        i[2*k + 1] <-- mDest[k] / f;
        i[2*k + 1] * f === mDest[k];
        supplied += i[2*k] + i[2*k + 1];

        move[k] * left === 0;
        left += move[k] - 1;
    }
    o[0] <== en * supplied;

    signal move1[128], dest1[128];
    for (var k = 0; k < 128; k++) {
        move1[k] <== p[BYTE_move()] * move[k];
        dest1[k] <== p[BYTE_dest()] * dest[k];
        var f = alpha + byte[k] + move1[k] + dest1[k] + BYTE() * p[TAGPOWER()];
        o[5 + k] <-- -en / f;
        o[5 + k] * f === -en;
    }

    var half[8];
    for (var h = 0; h < 8; h++) {
        half[h] = 0;
        for (var k = 0; k < 16; k++) { half[h] += (1 << 8 * (15 - k)) * byte[16*h + k]; }
    }
    var power[8] = [CODEWORDS_hi0(), CODEWORDS_lo0(), CODEWORDS_hi1(), CODEWORDS_lo1(), CODEWORDS_hi2(), CODEWORDS_lo2(), CODEWORDS_hi3(), CODEWORDS_lo3()];
    signal half1[8];
    var f = alpha + at + code1 + CODEWORDS() * p[TAGPOWER()];
    for (var h = 0; h < 8; h++) {
        half1[h] <== p[power[h]] * half[h];
        f += half1[h];
    }
    o[1] <-- -en / f;
    o[1] * f === -en;

    signal skip1 <== p[CODEWALK_skip()] * skip;
    signal left1 <== p[CODEWALK_skip()] * left;
    f = alpha + at + code1 + skip1 + CODEWALK() * p[TAGPOWER()];
    o[2] <-- -en / f;
    o[2] * f === -en;
    f = alpha + at + 1 + code1 + left1 + CODEWALK() * p[TAGPOWER()];
    o[3] <-- more / f;
    o[3] * f === more;
    f = alpha + left + RANGE12() * p[TAGPOWER()];
    o[4] <-- -en / f;
    o[4] * f === -en;
}
