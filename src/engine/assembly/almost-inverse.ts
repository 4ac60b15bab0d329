/** Zeros below the lowest bit, of which a shift takes up to 63 at once. */
function zeros(low: u64): u64 {
  return low === 0 ? 63 : ctz<u64>(low);
}

/**
 * Replaces a number a at an address, of four words of 64 bits and below the modulus p, which is odd and of 254 bits, by 2^k / a mod p, and returns
 * k, from 253 to 507; 0, which it leaves, for 0. Kaliski's almost inverse (IEEE Transactions on Computers 44, 1995), with shifts joined: while
 * u and v come down to 1 and 0, a r = -u 2^k and a s = v 2^k, or both with the other sign, and p = u s + v r.
 */
export function almostInverse(at: usize, p: usize): u32 {
  let v0 = load<u64>(at);
  let v1 = load<u64>(at, 8);
  let v2 = load<u64>(at, 16);
  let v3 = load<u64>(at, 24);
  if ((v0 | v1 | v2 | v3) === 0) return 0;
  let u0 = load<u64>(p);
  let u1 = load<u64>(p, 8);
  let u2 = load<u64>(p, 16);
  let u3 = load<u64>(p, 24);
  let r0: u64 = 0;
  let r1: u64 = 0;
  let r2: u64 = 0;
  let r3: u64 = 0;
  let s0: u64 = 1;
  let s1: u64 = 0;
  let s2: u64 = 0;
  let s3: u64 = 0;
  let k: u64 = 0;
  let isPlus = true;
  for (;;) {
    // v becomes odd, as u is.
    while ((v0 & 1) === 0) {
      const z = zeros(v0);
      const up = 64 - z;
      v0 = (v0 >> z) | (v1 << up);
      v1 = (v1 >> z) | (v2 << up);
      v2 = (v2 >> z) | (v3 << up);
      v3 >>= z;
      r3 = (r3 << z) | (r2 >> up);
      r2 = (r2 << z) | (r1 >> up);
      r1 = (r1 << z) | (r0 >> up);
      r0 <<= z;
      k += z;
    }
    // The smaller one is u from here on: r and s change their places, and the signs.
    if (v3 < u3 || (v3 === u3 && (v2 < u2 || (v2 === u2 && (v1 < u1 || (v1 === u1 && v0 < u0)))))) {
      isPlus = !isPlus;
      let t = u0;
      u0 = v0;
      v0 = t;
      t = u1;
      u1 = v1;
      v1 = t;
      t = u2;
      u2 = v2;
      v2 = t;
      t = u3;
      u3 = v3;
      v3 = t;
      t = r0;
      r0 = s0;
      s0 = t;
      t = r1;
      r1 = s1;
      s1 = t;
      t = r2;
      r2 = s2;
      s2 = t;
      t = r3;
      r3 = s3;
      s3 = t;
    }
    // v -= u, s += r.
    let borrow = u64(v0 < u0);
    v0 -= u0;
    let d = v1 - u1;
    let next = u64(v1 < u1) | u64(d < borrow);
    v1 = d - borrow;
    borrow = next;
    d = v2 - u2;
    next = u64(v2 < u2) | u64(d < borrow);
    v2 = d - borrow;
    v3 = v3 - u3 - next;
    s0 += r0;
    let carry = u64(s0 < r0);
    d = s1 + r1;
    next = u64(d < r1);
    s1 = d + carry;
    carry = next | u64(s1 < d);
    d = s2 + r2;
    next = u64(d < r2);
    s2 = d + carry;
    carry = next | u64(s2 < d);
    s3 = s3 + r3 + carry;
    if ((v0 | v1 | v2 | v3) === 0) break;
  }
  // u is 1 and s is p now, so r is below p.
  if (isPlus) {
    const m0 = load<u64>(p);
    const m1 = load<u64>(p, 8);
    const m2 = load<u64>(p, 16);
    let borrow = u64(m0 < r0);
    r0 = m0 - r0;
    let d = m1 - r1;
    let next = u64(m1 < r1) | u64(d < borrow);
    r1 = d - borrow;
    borrow = next;
    d = m2 - r2;
    next = u64(m2 < r2) | u64(d < borrow);
    r2 = d - borrow;
    r3 = load<u64>(p, 24) - r3 - next;
  }
  store<u64>(at, r0);
  store<u64>(at, r1, 8);
  store<u64>(at, r2, 16);
  store<u64>(at, r3, 24);
  return <u32>k;
}
