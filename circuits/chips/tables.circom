pragma circom 2.2.0;
include "../bus.circom";

// The table of all N integers from 0 on; N = 4096 supplies RANGE12. A row is the whole table.
//
// STATEMENT. none to prove. x is a constant of the circuit, so RANGE12(x) is supplied for x in [0, N) and nothing else.
// COLUMNS. m[N], any field elements: how often each x is looked up.
// TUPLES. sends m[x] * RANGE12(x) for every x.
// WHY A CHEATING PROVER GAINS NOTHING. only fingerprints of in-range x can appear. A wrong m[x] leaves RANGE12(x) unbalanced, as
// m is committed before alpha; several rows of this chip just add up. Lookups are weighted by committed booleans and a
// proof set has fewer than r of them, so they cannot cancel among themselves. No island: nothing is received here.
// PADDING: m = 0.
// COST: N + 1 (one linear).
template Tables(N) {
    signal input m[N], alpha, p[32];
    signal output o[1];
    signal i[N]; var sum = 0;
    for (var x = 0; x < N; x++) {
        var f = alpha + x + RANGE12() * p[TAGPOWER()];
        i[x] <-- m[x] / f; i[x] * f === m[x];
        sum += i[x];
    }
    o[0] <== sum;
}
