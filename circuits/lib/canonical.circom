pragma circom 2.2.0;

// Path numbers: "1 then len nibbles" is 16^len + value, a number in [16^len, 2*16^len). Here min <= len <= 61, min 0 or 1.

// w = 16^len: sel[k] = 1 when len = min + 1 + k, none when len = min. Cost 62 - min, and 1 linear.
// The hints are determined by w: at most one of them is 1, and the powers of 16 up to 16^61 are distinct below r.
template Length(min) {
    signal input w;
    signal output sel[61 - min];
    var longer = 0, sum = (1 << 4 * min);
    for (var k = 0; k < 61 - min; k++) {
        sel[k] <-- w == (1 << 4 * (min + 1 + k)) ? 1 : 0;
        sel[k] * (sel[k] - 1) === 0;
        longer += sel[k];
        sum += sel[k] * ((1 << 4 * (min + 1 + k)) - (1 << 4 * min));
    }
    longer * (longer - 1) === 0;
    sum === w;
}

// path in [w, 2w), w and sel from Length(min): path - w in bits, where a bit of nibble j may be set only when j < len.
// Cost 244, and 1 linear. The hints are determined by path: 244 bits and w stay below 2*16^61 < r.
template Digits(min) {
    signal input path, w, sel[61 - min];
    signal b[244];
    var sum = w, below = 0;                                 // below: 1 when j < len
    for (var j = 60; j >= 0; j--) {
        if (j < min) { below = 1; } else { below += sel[j - min]; }
        for (var k = 4 * j; k < 4 * j + 4; k++) {
            b[k] <-- ((path - w) >> k) & 1;
            b[k] * (b[k] - below) === 0;
            sum += b[k] * (1 << k);
        }
    }
    sum === path;
}
