pragma circom 2.2.0;
include "circomlib/circuits/poseidon_constants.circom";

// Poseidon as circomlib and circomlibjs compute it (BN254, x^5, t = n + 1, 8 full and RP(t) partial rounds, capacity 0),
// Grassi et al., "Poseidon: A New Hash Function for Zero-Knowledge Proof Systems"; optimised constants as in neptune.
//
// Digest(n)(in, out) constrains out = Poseidon(in[0..n-1]), n = 2..16.
// Cost: 3 constraints per S-box whose input is not constant, none linear: 240 (n=2), 297 (4), 402 (8), 609 (16).
//
// How: the signals are the S-boxes' inputs u, then u^2 and u^4; u^5 is never a signal. The linear layers are invertible, so
// the output o of an S-box is a linear expression of the *next* S-boxes' inputs, and u^4 * u === o has its only dense part in
// matrix C of the R1CS, which costs a Groth16 prover nothing (A and B entries are stored and evaluated). The partial rounds
// are walked backwards for the same reason. `out` is an input: the last S-box's output is expressed by it.
//
// Every hint is determined: in[] fixes the first round's inputs, each link o fixes the inputs of the next round (the layers
// are bijections), and the last link fixes out. Proven by test: any wire overridden alone violates a constraint.

function RP(t) {
    var n[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    return n[t - 2];
}

// Inverse of a t x t matrix (Gauss-Jordan), evaluated by the compiler.
function Inverse(t, M) {
    var a[17][34], o[17][17], r, k, f, x;
    for (var i = 0; i < t; i++) {
        for (var j = 0; j < t; j++) {
            a[i][j] = M[i][j];
            if (i == j) { a[i][t + j] = 1; }
        }
    }
    for (var c = 0; c < t; c++) {
        r = c;
        while (a[r][c] == 0) { r++; }
        k = 1 / a[r][c];
        for (var j = 0; j < 2 * t; j++) { x = a[r][j] * k; a[r][j] = a[c][j]; a[c][j] = x; }
        for (var i = 0; i < t; i++) {
            f = a[i][c];
            if (i != c) { for (var j = 0; j < 2 * t; j++) { a[i][j] -= f * a[c][j]; } }
        }
    }
    for (var i = 0; i < t; i++) { for (var j = 0; j < t; j++) { o[i][j] = a[i][t + j]; } }
    return o;
}

// The constants are template parameters, because parameters are evaluated once, by the compiler.
template Digest(n) {
    signal input in[n], out;
    component h = Permutation(n, POSEIDON_C(n + 1), POSEIDON_S(n + 1), POSEIDON_M(n + 1), POSEIDON_P(n + 1),
        Inverse(n + 1, POSEIDON_M(n + 1)), Inverse(n + 1, POSEIDON_P(n + 1)));
    h.in <== in;
    h.out <== out;
}

template Permutation(n, C, S, M, P, MI, PI) {
    signal input in[n], out;
    var t = n + 1, p = RP(t);
    // U, Z: inputs of the S-boxes of full and partial rounds; U2.. and Z2..: their squares and fourth powers.
    signal U[8][t], U2[8][t], U4[8][t], Z[p], Z2[p], Z4[p], last[t];

    // 1. Hints, forward: plain Poseidon on numbers.
    var x[17], y[17], e, q;   // x ** 5 would cost the witness program 256 squarings
    for (var j = 0; j < t; j++) { if (j > 0) { x[j] = in[j - 1] + C[j]; } else { x[j] = C[0]; } }
    for (var r = 0; r < 8; r++) {
        if (r == 4) {
            for (var k = 0; k < p; k++) {
                Z[k] <-- x[0];
                q = x[0] * x[0];
                y[0] = q * q * x[0] + C[5 * t + k];
                e = S[(2 * t - 1) * k] * y[0];
                for (var j = 1; j < t; j++) {
                    e += S[(2 * t - 1) * k + j] * x[j];
                    x[j] += y[0] * S[(2 * t - 1) * k + t + j - 1];
                }
                x[0] = e;
            }
        }
        for (var j = 0; j < t; j++) {
            if (r > 1 || (r == 1 && j > 0)) { U[r][j] <-- x[j]; }
            q = x[j] * x[j];
            y[j] = q * q * x[j] + (r < 4 ? C[((r + 1) * t + j) % (8 * t + p)] : (r < 7 ? C[5 * t + p + (r - 4) * t + j] : 0));
        }
        for (var j = 0; j < t; j++) {
            e = 0;
            for (var i = 0; i < t; i++) { e += (r == 3 ? P[i][j] : M[i][j]) * y[i]; }
            x[j] = e;
        }
    }

    // 2. S-boxes. The first round's inputs are given; its lane 0 is a constant, which makes U[1][0] a combination of its
    //    neighbours, so neither is a wire of its own.
    var u[8][17];
    for (var r = 1; r < 8; r++) { for (var j = 0; j < t; j++) { if (r + j > 1) { u[r][j] = U[r][j]; } } }
    for (var j = 1; j < t; j++) { u[0][j] = in[j - 1] + C[j]; }
    u[0][0] = C[0];
    e = C[0] ** 5 + C[t];
    for (var j = 1; j < t; j++) { e -= MI[j][0] * U[1][j]; }
    u[1][0] = e * (1 / MI[0][0]);
    for (var r = 0; r < 8; r++) {
        for (var j = 0; j < t; j++) {
            if (r + j > 0) { U2[r][j] <== u[r][j] * u[r][j]; U4[r][j] <== U2[r][j] * U2[r][j]; }
        }
    }
    for (var k = 0; k < p; k++) { Z2[k] <== Z[k] * Z[k]; Z4[k] <== Z2[k] * Z2[k]; }

    // 3. Links, backwards: the fifth power of every S-box's input equals its output as the inputs after it have it.
    var s[17], d, o;
    e = out;
    for (var j = 1; j < t; j++) { last[j] <== U4[7][j] * u[7][j]; e -= M[j][0] * last[j]; }
    U4[7][0] * u[7][0] === e * (1 / M[0][0]);                // out = sum M[j][0] * o_j
    for (var r = 6; r >= 0; r--) {
        for (var j = 0; j < t; j++) { s[j] = u[r + 1][j]; }
        if (r == 3) {                                       // from the state after the partial rounds to the one before
            for (var k = p - 1; k >= 0; k--) {
                d = S[(2 * t - 1) * k];
                e = s[0];
                for (var j = 1; j < t; j++) {
                    d -= S[(2 * t - 1) * k + j] * S[(2 * t - 1) * k + t + j - 1];
                    e -= S[(2 * t - 1) * k + j] * s[j];
                }
                o = e * (1 / d);
                Z4[k] * Z[k] === o - C[5 * t + k];
                for (var j = 1; j < t; j++) { s[j] -= o * S[(2 * t - 1) * k + t + j - 1]; }
                s[0] = Z[k];
            }
        }
        for (var j = 0; j < t; j++) {
            e = 0;
            for (var i = 0; i < t; i++) { e += (r == 3 ? PI[i][j] : MI[i][j]) * s[i]; }
            if (r + j > 0) {
                U4[r][j] * u[r][j] === e - (r < 4 ? C[((r + 1) * t + j) % (8 * t + p)] : C[(5 * t + p + (r - 4) * t + j) % (8 * t + p)]);
            }
        }
    }
}
