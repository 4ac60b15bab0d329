pragma circom 2.2.0;
include "../bus.circom";

// Range checks by lookup, for all chips. TypeScript twin: src/chips/lib/range.ts.
//
// Statement, when en = 1: every limb is an integer in [0, 2^12), by -en times RANGE12(limb), which only the table `tables`
// (its x are the constants 0..4095) can balance. Little-endian: value = sum limb[j] * 4096^j, an integer below 2^(12 n) when
// en = 1, for n <= 21 so that nothing reaches r. When en = 0 nothing is sent and nothing is proven.
// en is a committed boolean that the caller constrains; limbs are COMMITTED INPUTS of the chip, never hints: a limb chosen
// after alpha could be fitted to the sum. Prefer to have no column for the value at all and to write it as an expression:
//     var v = 0; for (var j = n - 1; j >= 0; j--) { v = 4096 * v + limb[j]; }
// The outputs are added to the chip's own (`o[3 + j] <== r.o[j]` costs nothing).

// 12*n bits. Cost n.
template Range(n) {
  signal input en, limb[n], alpha, p31;             // p31 = p[TAGPOWER()]
  signal output o[n];
  for (var j = 0; j < n; j++) {
    var f = alpha + limb[j] + RANGE12() * p31;
    o[j] <-- -en / f; o[j] * f === -en;
  }
}

// A 128-bit value: eleven limbs, and 16 times the top one too: both in range together mean that the top limb is below 2^8
// (its own lookup is needed: an inverse of 16 times something small passes the second alone). Cost 12.
template Range128() {
  signal input en, limb[11], alpha, p31;
  signal output o[12];
  component r = Range(11);
  r.en <== en; r.limb <== limb; r.alpha <== alpha; r.p31 <== p31;
  for (var j = 0; j < 11; j++) { o[j] <== r.o[j]; }
  var f = alpha + 16 * limb[10] + RANGE12() * p31;
  o[11] <-- -en / f; o[11] * f === -en;
}

// The same for a value that has a column (or wire) of its own: value = sum limb[j] * 4096^j also when en = 0.
// Cost n + 1, one of them linear.
template RangeOf(n) {
  signal input value, en, limb[n], alpha, p31;
  signal output o[n];
  component r = Range(n);
  r.en <== en; r.limb <== limb; r.alpha <== alpha; r.p31 <== p31; o <== r.o;
  var v = 0; for (var j = n - 1; j >= 0; j--) { v = 4096 * v + limb[j]; }
  value === v;
}

// Cost 13, one of them linear.
template Range128Of() {
  signal input value, en, limb[11], alpha, p31;
  signal output o[12];
  component r = Range128();
  r.en <== en; r.limb <== limb; r.alpha <== alpha; r.p31 <== p31; o <== r.o;
  var v = 0; for (var j = 10; j >= 0; j--) { v = 4096 * v + limb[j]; }
  value === v;
}
