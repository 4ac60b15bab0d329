import { createHash } from 'node:crypto';
import { type BlockConstraint, BlockSolver, type SolvedBlock } from './block.js';
import type { Coefficients } from './coefficients.js';
import { C, forEachTermOf, type Rows } from './rows.js';
import { STEP } from './steps.js';
import type { Unknowns } from './unknowns.js';

const TWO_32 = 2 ** 32;

/** A block in a circuit: the step that solves it, and the wires that are known then. */
export interface PlacedBlock {
  readonly words: readonly number[];
  readonly learned: readonly number[];
}

/**
 * The blocks of a circuit: sets of constraints that share unknown wires with each other and with no other constraint. Blocks alike but for the numbers
 * of wires and constraints are solved once and stored once, e.g. all hashes of four elements.
 */
export class Blocks {
  readonly #rows: Rows;
  readonly #unknowns: Unknowns;
  readonly #coefficients: Coefficients;
  readonly #solved = new Map<string, SolvedBlock & { readonly place: number }>();
  readonly #words: number[] = [];
  /** Slots that the largest of them needs. */
  slots = 0;

  constructor(rows: Rows, unknowns: Unknowns, coefficients: Coefficients) {
    this.#rows = rows;
    this.#unknowns = unknowns;
    this.#coefficients = coefficients;
  }

  /** Every block's steps, one after the other. */
  words(): Uint32Array {
    return Uint32Array.from(this.#words);
  }

  /** The blocks among `pending`, the constraints with unknown wires, of which anything follows. */
  solve(pending: readonly number[]): PlacedBlock[] {
    return this.#split(pending).flatMap((constraints) => {
      const { wires, form } = this.#formOf(constraints);
      const { place, steps, learned } = this.#solve(wires.length, form);
      if (steps.length === 0) return [];
      const words = [STEP.BLOCK, place, wires.length, constraints.length, ...wires, ...constraints];
      return [{ words, learned: learned.map((wire) => wires[wire]!) }];
    });
  }

  #solve(wires: number, form: Uint32Array): SolvedBlock & { readonly place: number } {
    const key = createHash('sha256').update(form).digest('hex');
    const known = this.#solved.get(key);
    if (known !== undefined) return known;
    const solver = new BlockSolver(wires, constraintsOf(form), this.#coefficients);
    const solved = { ...solver.solve(), place: this.#words.length };
    if (solved.steps.length > 0) {
      this.#words.push(solved.steps.length);
      for (const step of solved.steps) this.#words.push(...step);
    }
    this.slots = Math.max(this.slots, solved.slots);
    this.#solved.set(key, solved);
    return solved;
  }

  /** The constraints by block, by a union of those that share an unknown wire. */
  #split(pending: readonly number[]): number[][] {
    const parents = new Map<number, number>();
    const root = (wire: number): number => {
      let top = wire;
      while (parents.get(top) !== top) top = parents.get(top)!;
      for (let at = wire; at !== top; ) {
        const next = parents.get(at)!;
        parents.set(at, top);
        at = next;
      }
      return top;
    };
    const firstOf = new Map<number, number>();
    for (const constraint of pending) {
      this.#forEachUnknown(constraint, (_matrix, wire) => {
        if (!parents.has(wire)) parents.set(wire, wire);
        if (!firstOf.has(constraint)) firstOf.set(constraint, wire);
        parents.set(root(wire), root(firstOf.get(constraint)!));
      });
    }
    const blocks = new Map<number, number[]>();
    for (const constraint of pending) {
      const block = root(firstOf.get(constraint)!);
      const constraints = blocks.get(block);
      if (constraints === undefined) blocks.set(block, [constraint]);
      else constraints.push(constraint);
    }
    return [...blocks.values()];
  }

  /**
   * Wires numbered from 0 in their order, and the constraints in these numbers, terms sorted by them: blocks alike have the same form in whatever order
   * the compiler wrote their terms. Per constraint: number of wires in factors, these wires, number of terms in C, wire and coefficient of each.
   */
  #formOf(constraints: readonly number[]): { wires: number[]; form: Uint32Array } {
    const found = new Set<number>();
    for (const constraint of constraints) this.#forEachUnknown(constraint, (_matrix, wire) => found.add(wire));
    const wires = [...found].sort((a, b) => a - b);
    const numbers = new Map(wires.map((wire, number) => [wire, number]));
    const form: number[] = [];
    for (const constraint of constraints) {
      const factors = new Set<number>();
      const product: number[] = [];
      this.#forEachUnknown(constraint, (matrix, wire, coefficient) => {
        if (matrix === C) product.push(numbers.get(wire)! * TWO_32 + coefficient);
        else factors.add(numbers.get(wire)!);
      });
      form.push(factors.size, ...[...factors].sort((a, b) => a - b), product.length);
      for (const term of product.sort((a, b) => a - b)) form.push(Math.floor(term / TWO_32), term % TWO_32);
    }
    return { wires, form: Uint32Array.from(form) };
  }

  #forEachUnknown(constraint: number, visit: (matrix: number, wire: number, coefficient: number) => void): void {
    forEachTermOf(this.#rows, constraint, (matrix, wire, coefficient) => {
      if (!this.#unknowns.isKnown(wire)) visit(matrix, wire, coefficient);
    });
  }
}

function constraintsOf(form: Uint32Array): BlockConstraint[] {
  const constraints: BlockConstraint[] = [];
  for (let at = 0; at < form.length; ) {
    const product = at + 1 + form[at]!;
    const end = product + 1 + 2 * form[product]!;
    const factors = [...form.subarray(at + 1, product)];
    const terms = Array.from({ length: form[product]! }, (_, i) => product + 1 + 2 * i);
    constraints.push({ factors, product: terms.map((term) => [form[term]!, form[term + 1]!] as const) });
    at = end;
  }
  return constraints;
}
