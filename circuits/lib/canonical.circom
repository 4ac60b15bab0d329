pragma circom 2.2.0;

// Path numbers: "1 then len nibbles" is 16^len + value, a number in [16^len, 2*16^len). Here len <= 61.

// w = 16^len for a len in min..61, as the one-hot sel (sel[len - min] = 1). Cost 62 - min booleans and 2 linear.
// The hints are determined by w: the powers of 16 up to 16^61 are distinct below r.
template Length(min) {
    signal input w;
    signal output sel[62 - min];
    var one = 0, sum = 0;
    for (var j = min; j < 62; j++) {
        sel[j - min] <-- w == 16 ** j ? 1 : 0;
        sel[j - min] * (sel[j - min] - 1) === 0;
        one += sel[j - min];
        sum += sel[j - min] * 16 ** j;
    }
    one === 1;
    sum === w;
}

// path in [w, 2w), w and sel from Length(min), min <= 1: path - w in bits, where a bit of nibble j may be set only when j < len.
// Cost 244 and 1 linear. The hints are determined by path: 244 bits and w stay below 2*16^61 < r.
template Digits(min) {
    signal input path, w, sel[62 - min];
    signal b[244];
    var sum = w, below = 0;                                 // below: 1 when len > j
    for (var j = 60; j >= 0; j--) {
        below += sel[j + 1 - min];
        for (var k = 4 * j; k < 4 * j + 4; k++) {
            b[k] <-- ((path - w) \ 2 ** k) % 2;
            b[k] * (b[k] - below) === 0;
            sum += b[k] * 2 ** k;
        }
    }
    sum === path;
}
