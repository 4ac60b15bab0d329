/**
 * Points of y^2 = x^3 + b with coordinates of a class C. **Packed**: x, then y, affine, Montgomery form by 2^261; all zero is infinity. y is
 * never 0, as both groups have odd order: zero y tells infinity. Within the kernel a packed coordinate may be up to 2 p.
 * **Extended** (XYZZ coordinates, Sutherland's; formulas of the explicit-formulas database, madd-2008-s, add-2008-s, dbl-2008-s-1): x, y, zz,
 * zzz with X = x / zz, Y = y / zzz, then a u32 that is 0 for infinity. x is below 1.1 p, y up to 4 p, zz and zzz below 2 p.
 */
import { convert } from './coordinate';
import { Fq } from './generated/fq';
import { At, stack } from './stack';

/** Bytes of a packed point. */
export function pointBytes<C>(): usize {
  return 2 * changetype<C>(0).packed;
}

/** Bytes of an extended point. */
export function extendedBytes<C>(): usize {
  return 4 * changetype<C>(0).size + 4;
}

/** Whether a packed point is infinity. */
export function isInfinity<C>(p: usize): bool {
  const bytes = changetype<C>(0).packed;
  // Nearly every point shows it by its first word.
  if (load<u64>(p + bytes) !== 0) return false;
  let bits: u64 = 0;
  for (let i: usize = 8; i < bytes; i += 8) bits |= load<u64>(p + bytes + i);
  return bits === 0;
}

/** Makes a packed point infinity. */
export function setInfinity<C>(p: usize): void {
  memory.fill(p, 0, pointBytes<C>());
}

/** Copies a packed point, or its opposite. */
export function copyPoint<C>(r: usize, p: usize, opposite: bool): void {
  const c = changetype<C>(0);
  const half = c.packed;
  for (let i: usize = 0; i < 2 * half; i += 8) store<u64>(r + i, load<u64>(p + i));
  if (!opposite || isInfinity<C>(p)) return;
  const t = stack + At.CURVE;
  c.unpack(t, p + half);
  c.neg2(t, t);
  c.pack(r + half, t);
}

/** r = lambda p (`halves.ts`), packed; p is not infinity. */
export function rotatePoint<C>(r: usize, p: usize): void {
  const c = changetype<C>(0);
  const half = c.packed;
  const t = stack + At.CURVE;
  c.unpack(t, p);
  c.rotate(t, t);
  c.pack(r, t);
  memory.copy(r + half, p + half, half);
}

export function isInfinite<C>(p: usize): bool {
  return load<u32>(p + 4 * changetype<C>(0).size) === 0;
}

/** Makes an extended point infinity, or says that it is none. */
export function setFinite<C>(p: usize, finite: u32): void {
  store<u32>(p + 4 * changetype<C>(0).size, finite);
}

/** r = 2 p, extended. r may be p. */
export function double<C>(r: usize, p: usize): void {
  const c = changetype<C>(0);
  const e = c.size;
  if (isInfinite<C>(p)) {
    setFinite<C>(r, 0);
    return;
  }
  const u = stack + At.CURVE;
  const v = u + e;
  const w = v + e;
  const s = w + e;
  const m = s + e;
  const t = m + e;
  c.addReduced(u, p + e, p + e);
  c.sqr(v, u);
  c.mul(w, u, v);
  c.mul(s, p, v);
  c.sqr(t, p);
  c.add(m, t, t);
  c.addReduced(m, m, t);
  c.mul(u, w, p + e);
  c.sqr(t, m);
  c.subSubReduced(r, t, s, s);
  c.subReduced(t, s, r);
  c.mul(t, t, m);
  c.subReduced(r + e, t, u);
  c.mul(r + 2 * e, v, p + 2 * e);
  c.mul(r + 3 * e, w, p + 3 * e);
  setFinite<C>(r, 1);
}

/** r += q, q packed. */
export function addPacked<C>(r: usize, q: usize): void {
  const c = changetype<C>(0);
  const e = c.size;
  if (isInfinity<C>(q)) return;
  const x = stack + At.CURVE;
  const y = x + e;
  if (isInfinite<C>(r)) {
    c.unpack(r, q);
    c.unpack(r + e, q + c.packed);
    c.setOne(r + 2 * e);
    c.setOne(r + 3 * e);
    setFinite<C>(r, 1);
    return;
  }
  c.unpack(x, q);
  c.unpack(y, q + c.packed);
  c.mul(x, x, r + 2 * e);
  c.mul(y, y, r + 3 * e);
  if (!joins<C>(r, r, r + e, x, y)) return;
  const pp = stack + At.CURVE + 4 * e;
  c.mul(r + 2 * e, r + 2 * e, pp);
  c.mul(r + 3 * e, r + 3 * e, pp + e);
}

/** r += q, both extended. */
export function add<C>(r: usize, q: usize): void {
  const c = changetype<C>(0);
  const e = c.size;
  if (isInfinite<C>(q)) return;
  if (isInfinite<C>(r)) {
    memory.copy(r, q, extendedBytes<C>());
    return;
  }
  const x2 = stack + At.CURVE;
  const y2 = x2 + e;
  const x1 = x2 + 9 * e;
  const y1 = x1 + e;
  c.mul(x1, r, q + 2 * e);
  c.mul(x2, q, r + 2 * e);
  c.mul(y1, r + e, q + 3 * e);
  c.mul(y2, q + e, r + 3 * e);
  if (!joins<C>(r, x1, y1, x2, y2)) return;
  const pp = stack + At.CURVE + 4 * e;
  c.mul(r + 2 * e, r + 2 * e, q + 2 * e);
  c.mul(r + 2 * e, r + 2 * e, pp);
  c.mul(r + 3 * e, r + 3 * e, q + 3 * e);
  c.mul(r + 3 * e, r + 3 * e, pp + e);
}

/**
 * x and y of a sum, from the summands' over a common denominator: (x1, y1), y1 up to 4, may stand in r; x2, y2 at the first two places of this
 * file's temporaries. Leaves the factors of zz and zzz at places 4 and 5. False when that is all: the points are equal (r is doubled) or
 * opposite.
 */
function joins<C>(r: usize, x1: usize, y1: usize, x2: usize, y2: usize): bool {
  const c = changetype<C>(0);
  const e = c.size;
  const p = stack + At.CURVE + 2 * e;
  const s = p + e;
  const pp = s + e;
  const ppp = pp + e;
  const q = ppp + e;
  const t = q + e;
  c.subReduced(p, x2, x1);
  c.subReduced(s, y2, y1);
  if (c.mayBeZero(p) && c.isZero(p)) {
    if (c.isZero(s)) double<C>(r, r);
    else setFinite<C>(r, 0);
    return false;
  }
  c.sqr(pp, p);
  c.mul(ppp, p, pp);
  c.mul(q, x1, pp);
  c.sqr(t, s);
  c.subReduced(t, t, ppp);
  c.mul(ppp + 3 * e, y1, ppp);
  c.subSubReduced(r, t, q, q);
  c.subReduced(t, q, r);
  c.mul(t, t, s);
  c.subReduced(r + e, t, ppp + 3 * e);
  return true;
}

/** Writes an extended point as a packed one, coordinates below p. */
export function toPacked<C>(out: usize, p: usize): void {
  const c = changetype<C>(0);
  const e = c.size;
  if (isInfinite<C>(p)) {
    setInfinity<C>(out);
    return;
  }
  const t = stack + At.CURVE;
  c.inverse(t, p + 2 * e);
  c.mul(t, t, p);
  c.pack(out, t);
  c.inverse(t, p + 3 * e);
  c.mul(t, t, p + e);
  c.pack(out + c.packed, t);
  convert(out, out, <u32>(pointBytes<C>() / 32), changetype<Fq>(0).one);
}
