pragma circom 2.2.0;
include "generated/layout.circom";

// The circuits' side of the bus.
//
// Fingerprint of a tuple (src/bus/layout.ts):  f = alpha + sum p[power]*value + TAG*p[TAGPOWER()],  p[i] = beta^i.
// A chip writes f as an EXPRESSION (a `var`) over committed inputs, computes each product p[i]*value once as a signal,
// and gives a weighted tuple m/f by a hint:   o <-- m / f;  o * f === m;   (one constraint; f = 0 has probability < 2^-224).
// Neither alpha nor a hint ever decides a value: whatever enters f or m is a committed input (soundness rule 1).

// p[i] = beta^i for i = 0..31. 30 constraints, once per shape.
template Powers() {
    signal input beta;
    signal output p[32];
    p[0] <== 1;
    p[1] <== beta;
    for (var i = 2; i < 32; i++) { p[i] <== p[i - 1] * beta; }
}
