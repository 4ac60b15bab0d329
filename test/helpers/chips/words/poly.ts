import { mod } from '../../../../src/bus/field.js';
import { type Form, larger } from '../../determinism/forms.js';
import { type Bounds, centred } from '../../determinism/knowledge.js';

/** A polynomial in wires: coefficient by monomial, which is its wires in ascending order. */
export type Poly = ReadonlyMap<string, bigint>;

/** More monomials than this are not worked with. */
export const MOST_TERMS = 4_000;

export function polyOf(form: Form): Poly {
  return new Map([...form].map(([wire, x]) => [wire === 0 ? '' : `${wire}`, mod(x)]));
}

export function plus(a: Poly, b: Poly, by = 1n): Poly {
  const sum = new Map(a);
  for (const [key, x] of b) {
    const total = mod((sum.get(key) ?? 0n) + x * by);
    if (total === 0n) sum.delete(key);
    else sum.set(key, total);
  }
  return sum;
}

/** undefined: too large. */
export function times(a: Poly, b: Poly): Poly | undefined {
  if (a.size * b.size > 4 * MOST_TERMS) return undefined;
  const product = new Map<string, bigint>();
  for (const [k, x] of a) {
    for (const [l, y] of b) {
      const key = [...wiresOf(k), ...wiresOf(l)].sort((m, n) => m - n).join();
      const total = mod((product.get(key) ?? 0n) + x * y);
      if (total === 0n) product.delete(key);
      else product.set(key, total);
    }
  }
  return product.size > MOST_TERMS ? undefined : product;
}

/** The wires of a monomial. */
export function wiresOf(key: string): number[] {
  return key === '' ? [] : key.split(',').map(Number);
}

/** All wires, once. */
export function wiresIn(poly: Poly): number[] {
  return [...new Set([...poly.keys()].flatMap(wiresOf))];
}

export function isSame(a: Poly, b: Poly): boolean {
  return a.size === b.size && [...a].every(([key, x]) => b.get(key) === x);
}

/** Bounds of the polynomial over the integers, from those of its wires; undefined when a wire has none. */
export function boundsOf(poly: Poly, of: (wire: number) => Bounds | undefined): Bounds | undefined {
  let [lo, hi] = [0n, 0n];
  for (const [key, coefficient] of poly) {
    const x = centred(coefficient);
    let [least, most] = [x, x];
    for (const wire of wiresOf(key)) {
      const bounds = of(wire);
      if (bounds === undefined) return undefined;
      const ends = [least * bounds.lo, least * bounds.hi, most * bounds.lo, most * bounds.hi];
      least = -ends.map((x) => -x).reduce(larger);
      most = ends.reduce(larger);
    }
    lo += least;
    hi += most;
  }
  return { lo, hi };
}
