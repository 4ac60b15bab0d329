/**
 * Coordinates of points: of G1 in the base field, of G2 in its quadratic extension by i, i^2 = -1. Both classes have the same functions, so
 * that curve and sums are written once, with the class as a type parameter. Units of bounds are p, of each component.
 */
import { Fq } from './generated/fq';
import { inverse, isZero } from './prime';
import { At, stack } from './stack';

/** Coordinates of G1: the base field's own functions, whose bounds hold, and these. */
@unmanaged
export class Coordinate1 extends Fq {
  /** Bytes of an element in memory. */
  get size(): usize {
    return 36;
  }

  /** Bytes of a packed element. */
  get packed(): usize {
    return 32;
  }

  /** For a up to 8. */
  isZero(a: usize): bool {
    return isZero<Fq>(a);
  }

  inverse(r: usize, a: usize): void {
    inverse<Fq>(r, a);
  }

  setOne(r: usize): void {
    this.copy(r, this.one);
  }

  /** The x of lambda times a point (`halves.ts`). */
  rotate(r: usize, x: usize): void {
    this.mul(r, x, this.otherCubeRoot);
  }
}

const FE: usize = 36;
const WORD: usize = 32;

/** Coordinates of G2: a + b i, a first. */
@unmanaged
export class Coordinate2 {
  get size(): usize {
    return 72;
  }

  get packed(): usize {
    return 64;
  }

  get base(): Fq {
    return changetype<Fq>(0);
  }

  /** Below 1.76, for operands up to 8: 1 + (8 * 8 + 8 * 8) / 169. x may be lazy. */
  mul(r: usize, x: usize, y: usize): void {
    const f = this.base;
    const minus = stack + At.QUADRATIC;
    const t = minus + FE;
    f.neg8(minus, y + FE);
    f.mul2(t, x, y, x + FE, minus);
    f.mul2(r + FE, x, y + FE, x + FE, y);
    f.copy(r, t);
  }

  /** (a + b)(a - b) + 2 a b i, below 1.6, for a up to 4: 1 + 8 * 12 / 169. */
  sqr(r: usize, x: usize): void {
    const f = this.base;
    const sum = stack + At.QUADRATIC;
    const difference = sum + FE;
    const t = difference + FE;
    f.add(sum, x, x + FE);
    f.sub(difference, x, x + FE);
    f.mul(t, sum, difference);
    f.add(sum, x, x);
    f.mul(r + FE, sum, x + FE);
    f.copy(r, t);
  }

  /** (a - b i) / (a^2 + b^2), for x up to 8. */
  inverse(r: usize, x: usize): void {
    const f = this.base;
    const t = stack + At.QUADRATIC;
    const minus = t + FE;
    f.mul2(t, x, x, x + FE, x + FE);
    inverse<Fq>(t, t);
    f.neg8(minus, x + FE);
    f.mul(r, x, t);
    f.mul(r + FE, minus, t);
  }

  add(r: usize, a: usize, b: usize): void {
    this.base.add(r, a, b);
    this.base.add(r + FE, a + FE, b + FE);
  }

  sub(r: usize, a: usize, b: usize): void {
    this.base.sub(r, a, b);
    this.base.sub(r + FE, a + FE, b + FE);
  }

  subLazy(r: usize, a: usize, b: usize): void {
    this.base.subLazy(r, a, b);
    this.base.subLazy(r + FE, a + FE, b + FE);
  }

  neg2(r: usize, a: usize): void {
    this.base.neg2(r, a);
    this.base.neg2(r + FE, a + FE);
  }

  addReduced(r: usize, a: usize, b: usize): void {
    this.base.addReduced(r, a, b);
    this.base.addReduced(r + FE, a + FE, b + FE);
  }

  subReduced(r: usize, a: usize, b: usize): void {
    this.base.subReduced(r, a, b);
    this.base.subReduced(r + FE, a + FE, b + FE);
  }

  subSubReduced(r: usize, a: usize, b: usize, c: usize): void {
    this.base.subSubReduced(r, a, b, c);
    this.base.subSubReduced(r + FE, a + FE, b + FE, c + FE);
  }

  mayBeZero(a: usize): bool {
    return this.base.mayBeZero(a) && this.base.mayBeZero(a + FE);
  }

  isZero(a: usize): bool {
    return isZero<Fq>(a) && isZero<Fq>(a + FE);
  }

  setOne(r: usize): void {
    this.base.copy(r, this.base.one);
    memory.fill(r + FE, 0, FE);
  }

  /** The x of lambda times a point (`halves.ts`). */
  rotate(r: usize, x: usize): void {
    this.base.mul(r, x, this.base.cubeRoot);
    this.base.mul(r + FE, x + FE, this.base.cubeRoot);
  }

  copy(r: usize, a: usize): void {
    this.base.copy(r, a);
    this.base.copy(r + FE, a + FE);
  }

  unpack(r: usize, w: usize): void {
    this.base.unpack(r, w);
    this.base.unpack(r + FE, w + WORD);
  }

  unpackSubLazy(r: usize, d: usize, w: usize, v: usize): void {
    this.base.unpackSubLazy(r, d, w, v);
    this.base.unpackSubLazy(r + FE, d + FE, w + WORD, v + WORD);
  }

  unpackAddLazy(r: usize, d: usize, w: usize, v: usize): void {
    this.base.unpackAddLazy(r, d, w, v);
    this.base.unpackAddLazy(r + FE, d + FE, w + WORD, v + WORD);
  }

  /** As `Fq.chord`, elements from x1 on being of this field. */
  chord(sum: usize, x1: usize, slope: usize, signs: u32): void {
    const f = this.base;
    const y1 = x1 + 2 * FE;
    const d = y1 + 2 * FE;
    // Behind the temporaries of products.
    const t = stack + At.QUADRATIC + 3 * FE;
    const x3 = t + 2 * FE;
    this.sqr(t, slope);
    f.subTwiceSubReduced(x3, t, x1, d);
    f.subTwiceSubReduced(x3 + FE, t + FE, x1 + FE, d + FE);
    this.subLazy(t, x1, x3);
    this.mul(t, t, slope);
    this.pack(sum, x3);
    if ((signs & 1) === 0) this.subReduced(t, t, y1);
    else if (signs & 2) this.subReduced(t, y1, t);
    else this.addReduced(t, t, y1);
    this.pack(sum + 2 * WORD, t);
  }

  pack(w: usize, a: usize): void {
    this.base.pack(w, a);
    this.base.pack(w + WORD, a + FE);
  }
}

/** Brings n packed elements of the base field into another form by a product, below p. `to` may be `from`. */
export function convert(to: usize, from: usize, n: u32, factor: usize): void {
  const f = changetype<Fq>(0);
  const t = stack + At.QUADRATIC;
  for (let i: u32 = 0; i < n; i++, to += WORD, from += WORD) {
    f.unpack(t, from);
    f.mul(t, t, factor);
    f.canonical(t, t);
    f.pack(to, t);
  }
}
