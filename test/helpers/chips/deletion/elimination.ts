import { inverse, mod } from '../../../../src/bus/field.js';
import type { Linear } from '../circuit.js';

/** wire = sum weight * product(constraint) - form(values), where product(i) is A * B of constraint i. */
export interface Combination {
  readonly wire: number;
  readonly weights: readonly (readonly [constraint: number, weight: bigint])[];
  readonly form: Linear;
}

/** open + fixed = sum weight * product: `open` over wires not known yet, `fixed` over known ones. `pivot` has coefficient 1. */
interface Row {
  pivot: number;
  readonly open: Map<number, bigint>;
  readonly fixed: Map<number, bigint>;
  readonly weights: Map<number, bigint>;
}

/**
 * Gauss-Jordan elimination over constraints whose A and B are known and whose C has several unknown wires, such as the
 * links between the rounds of a hash. Kept fully reduced, so that every wire the equations determine stands alone in its row.
 */
export class Elimination {
  readonly #rows = new Set<Row>();

  constructor(readonly isKnown: (wire: number) => boolean) {}

  /** Adds constraint `index`, whose right side is `c`. Returns whether it says something new. */
  add(index: number, c: Linear): boolean {
    const row: Row = { pivot: -1, open: new Map(), fixed: new Map(), weights: new Map([[index, 1n]]) };
    c.wires.forEach((wire, i) => {
      (this.isKnown(wire) ? row.fixed : row.open).set(wire, c.coefficients[i]!);
    });
    for (const other of this.#rows) subtract(row, other, row.open.get(other.pivot));
    return this.#pivot(row);
  }

  /** Tells the system that a wire is known by other means. */
  know(wire: number): void {
    const loose: Row[] = [];
    for (const row of this.#rows) {
      const coefficient = row.open.get(wire);
      if (coefficient === undefined) continue;
      row.open.delete(wire);
      row.fixed.set(wire, coefficient);
      if (row.pivot === wire) loose.push(row);
    }
    for (const row of loose) {
      this.#rows.delete(row);
      this.#pivot(row);
    }
  }

  /** Takes out one wire that the equations determine, if there is one. The caller makes it known. */
  take(): Combination | undefined {
    for (const row of this.#rows) {
      if (row.open.size !== 1) continue;
      this.#rows.delete(row);
      const form = { wires: [...row.fixed.keys()], coefficients: [...row.fixed.values()] };
      return { wire: row.pivot, weights: [...row.weights], form };
    }
    return undefined;
  }

  /** Gives a row a pivot of its own, clears it from the others and keeps the row. False: nothing unknown is left in it. */
  #pivot(row: Row): boolean {
    const [pivot] = row.open.keys();
    if (pivot === undefined) return false;
    const scale = inverse(row.open.get(pivot)!);
    for (const part of [row.open, row.fixed, row.weights])
      for (const [key, value] of part) part.set(key, mod(value * scale));
    row.pivot = pivot;
    for (const other of this.#rows) subtract(other, row, other.open.get(pivot));
    this.#rows.add(row);
    return true;
  }
}

function subtract(row: Row, other: Row, factor: bigint | undefined): void {
  if (factor === undefined) return;
  for (const part of ['open', 'fixed', 'weights'] as const) {
    const target = row[part];
    for (const [key, value] of other[part]) {
      const difference = mod((target.get(key) ?? 0n) - factor * value);
      if (difference === 0n) target.delete(key);
      else target.set(key, difference);
    }
  }
}
