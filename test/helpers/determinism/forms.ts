import { mod } from '../../../src/bus/field.js';
import type { Linear } from '../chips/circuit.js';

/** A linear form over wires: coefficient by wire, none of them 0. Wire 0 is the constant 1. */
export type Form = ReadonlyMap<number, bigint>;

/** A product of two linear forms; a field of a tuple is a sum of such. */
export interface Product {
  readonly a: Form;
  readonly b: Form;
}

export const ONE: Form = new Map([[0, 1n]]);
export const ZERO: Form = new Map();

export function formOf({ wires, coefficients }: Linear): Form {
  return new Map(wires.map((wire, i) => [wire, mod(coefficients[i]!)]));
}

/** The form that is always `value`. */
export function constant(value: bigint): Form {
  return mod(value) === 0n ? ZERO : new Map([[0, mod(value)]]);
}

export function scaled(form: Form, factor: bigint): Form {
  const by = mod(factor);
  return by === 0n ? ZERO : new Map([...form].map(([wire, x]) => [wire, mod(x * by)]));
}

export function plus(a: Form, b: Form): Form {
  const sum = new Map(a);
  for (const [wire, x] of b) {
    const total = mod((sum.get(wire) ?? 0n) + x);
    if (total === 0n) sum.delete(wire);
    else sum.set(wire, total);
  }
  return sum;
}

export function minus(a: Form, b: Form): Form {
  return plus(a, scaled(b, -1n));
}

/** The value of a form without wires; undefined when it has some. */
export function constantOf(form: Form): bigint | undefined {
  if (form.size === 0) return 0n;
  return form.size === 1 ? form.get(0) : undefined;
}

/** The form without one wire. */
export function without(form: Form, wire: number): Form {
  const rest = new Map(form);
  rest.delete(wire);
  return rest;
}

/** The wires of a form, the constant left out. */
export function wiresIn(form: Form): number[] {
  return [...form.keys()].filter((wire) => wire !== 0);
}

export function larger(a: bigint, b: bigint): bigint {
  if (b > a) return b;
  return a;
}
