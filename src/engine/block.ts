import { inverse, mod, R } from '../bus/field.js';
import type { Coefficients } from './coefficients.js';
import { ONE } from './coefficients.js';
import { type BlockStep, STEP } from './steps.js';

/** A constraint of a block: which unknown wires its factors hold, each once, and with which coefficients C does. Wires are numbered within the block. */
export interface BlockConstraint {
  readonly factors: readonly number[];
  readonly product: readonly (readonly [wire: number, coefficient: number])[];
}

/** Steps that determine wires of a block. */
export interface SolvedBlock {
  readonly steps: readonly BlockStep[];
  /** Wires that are known after them. */
  readonly learned: readonly number[];
  /** Slots that they use. */
  readonly slots: number;
}

/** An equation in solved form: wire + sum of the others = what its slot holds. */
interface Pivot {
  readonly wire: number;
  readonly slot: number;
  readonly others: Map<number, bigint>;
}

/**
 * Solves a block: constraints whose factors get known one by one, while their products are linear equations in wires that are not, as the
 * S-boxes of a hash are linked by its linear layers (`circuits/lib/poseidon.circom`). Each equation joins a reduced echelon form
 * (Gauss-Jordan), done here on coefficients once and by the steps on the right hand sides: for a full round of t lanes t^2 additions, for
 * a partial round 2t, as in the forward hash.
 */
export class BlockSolver {
  readonly #constraints: readonly BlockConstraint[];
  readonly #coefficients: Coefficients;
  readonly #wires: number;
  readonly #steps: BlockStep[] = [];
  readonly #learned = new Set<number>();
  readonly #pivots = new Map<number, Pivot>();
  readonly #uses: number[][];
  /** In how many products a wire stands: an equation is solved for the wire with the most, which will be known last. */
  readonly #products: number[];
  readonly #waiting: number[];
  readonly #ready: number[] = [];
  readonly #free: number[] = [];
  #slots = 0;

  constructor(wires: number, constraints: readonly BlockConstraint[], coefficients: Coefficients) {
    this.#constraints = constraints;
    this.#coefficients = coefficients;
    this.#wires = wires;
    this.#uses = Array.from({ length: wires }, () => []);
    this.#products = new Array<number>(wires).fill(0);
    this.#waiting = constraints.map(({ factors }) => factors.length);
    constraints.forEach(({ factors, product }, k) => {
      for (const wire of factors) this.#uses[wire]!.push(k);
      for (const [wire] of product) this.#products[wire]!++;
      if (this.#waiting[k] === 0) this.#ready.push(k);
    });
  }

  /** All that follows. */
  solve(): SolvedBlock {
    for (let i = 0; i < this.#ready.length; i++) this.#take(this.#ready[i]!);
    return { steps: this.#steps, learned: [...this.#learned], slots: this.#slots };
  }

  /** A constraint whose factors are known: its product is an equation in the wires of C that are not. */
  #take(constraint: number): void {
    const unknown = new Map<number, bigint>();
    for (const [wire, coefficient] of this.#constraints[constraint]!.product) {
      if (!this.#learned.has(wire)) unknown.set(wire, this.#coefficients.valueOf(coefficient));
    }
    if (unknown.size === 0) return;
    const [only] = unknown;
    if (unknown.size === 1 && !this.#pivots.has(only![0])) {
      this.#emit(STEP.PRODUCT, only![0], constraint, inverse(only![1]));
      this.#learn(only![0]);
      return;
    }
    const slot = this.#free.pop() ?? this.#wires + this.#slots++;
    this.#emit(STEP.PRODUCT, slot, constraint, 1n);
    this.#join(slot, unknown);
  }

  /** An equation, sum of `terms` = slot, joins the others. */
  #join(slot: number, terms: Map<number, bigint>): void {
    for (const [wire, factor] of [...terms]) {
      const pivot = this.#pivots.get(wire);
      if (pivot === undefined) continue;
      terms.delete(wire);
      for (const [other, x] of pivot.others) accumulate(terms, other, -factor * x);
      this.#emit(STEP.ADD, slot, pivot.slot, -factor);
    }
    const wire = this.#lastKnown(terms);
    if (wire === undefined) {
      this.#free.push(slot);
      return;
    }
    const scale = inverse(terms.get(wire)!);
    terms.delete(wire);
    for (const [other, x] of terms) terms.set(other, (x * scale) % R);
    if (terms.size === 0) {
      this.#emit(STEP.SET, wire, slot, scale);
      this.#free.push(slot);
      this.#learn(wire);
      return;
    }
    if (scale !== 1n) this.#emit(STEP.SET, slot, slot, scale);
    const pivot = { wire, slot, others: terms };
    this.#substitute(wire, terms, slot);
    this.#pivots.set(wire, pivot);
    this.#settle();
  }

  /** Every equation with `wire` in it gets rid of it: wire = value - sum of `others`. */
  #substitute(wire: number, others: ReadonlyMap<number, bigint>, value: number): void {
    for (const pivot of this.#pivots.values()) {
      const factor = pivot.others.get(wire);
      if (factor === undefined) continue;
      pivot.others.delete(wire);
      for (const [other, x] of others) accumulate(pivot.others, other, -factor * x);
      this.#emit(STEP.ADD, pivot.slot, value, -factor);
    }
  }

  /** Equations of one wire say what it is. */
  #settle(): void {
    for (const { wire, slot, others } of [...this.#pivots.values()]) {
      if (others.size > 0 || !this.#pivots.delete(wire)) continue;
      this.#emit(STEP.SET, wire, slot, 1n);
      this.#free.push(slot);
      this.#learn(wire);
    }
  }

  #learn(wire: number): void {
    this.#learned.add(wire);
    this.#substitute(wire, new Map(), wire);
    for (const constraint of this.#uses[wire]!) {
      if (--this.#waiting[constraint]! === 0) this.#ready.push(constraint);
    }
    this.#settle();
  }

  /** The wire that stands in the most products; of several the first. */
  #lastKnown(terms: ReadonlyMap<number, bigint>): number | undefined {
    let best: number | undefined;
    for (const wire of terms.keys()) {
      const more = best === undefined ? 1 : this.#products[wire]! - this.#products[best]!;
      if (more > 0 || (more === 0 && wire < best!)) best = wire;
    }
    return best;
  }

  #emit(operation: number, to: number, from: number, coefficient: bigint): void {
    const number = coefficient === 1n ? ONE : this.#coefficients.numberOf(coefficient);
    this.#steps.push([operation, to, from, number]);
  }
}

function accumulate(terms: Map<number, bigint>, wire: number, x: bigint): void {
  const sum = mod((terms.get(wire) ?? 0n) + x);
  if (sum === 0n) terms.delete(wire);
  else terms.set(wire, sum);
}
