import { domainPower, type R1cs } from '../build/r1cs.js';
import { littleEndianAll } from '../bus/little-endian.js';
import { CircuitError } from '../errors/proof.js';
import { Blocks } from './blocks.js';
import { Coefficients } from './coefficients.js';
import { digitsOf } from './digits.js';
import { C, forEachTermOf, type Matrix, packRows, type Rows, termsOf } from './rows.js';
import { NONE, STEP } from './steps.js';
import { Unknowns } from './unknowns.js';

/**
 * A constraint system with the steps that solve it: from the public inputs and the committed cells to every wire. Each rule
 * takes a value that the constraints allow only (a division by 0 gives 0), so what solves the system at all is found, and a wrong plan cannot make
 * a wrong witness: who solves checks every constraint afterwards.
 */
export interface Plan {
  readonly wires: number;
  /** Outputs and public inputs; the last two are alpha and beta. */
  readonly publics: number;
  /** Private inputs: wires publics + 1 and on. */
  readonly committed: number;
  /** log2 of the QAP's domain. */
  readonly power: number;
  /** Places for sums that are no wires. */
  readonly slots: number;
  readonly rows: Rows;
  /** Distinct coefficients by number, 32 little-endian bytes each. */
  readonly coefficients: Uint8Array;
  /** Weights of digits by number, 32 little-endian bytes each. */
  readonly weights: Uint8Array;
  /** The program, see `steps.ts`. */
  readonly steps: Uint32Array;
  /** The blocks that it uses: number of steps, steps. A block's number is its place here. */
  readonly blocks: Uint32Array;
}

/** Public inputs of every shape: alpha and beta. */
const CHALLENGE = 2;

/**
 * Plans how to solve a circuit. The same circuit always gets the same plan.
 * @param nameOf what a committed cell is called, for messages; cells are numbered from 0
 * @throws CircuitError `CIRCUIT_UNSOLVED` when no rule determines a wire, naming cells beside it, or a combination is too long
 */
export function planOf(r1cs: R1cs, nameOf: (cell: number) => string = (cell) => `cell ${cell}`): Plan {
  return new Planner(r1cs, nameOf).plan();
}

class Planner {
  readonly #r1cs: R1cs;
  readonly #nameOf: (cell: number) => string;
  readonly #coefficients = new Coefficients();
  readonly #weights = new Map<bigint, number>();
  readonly #rows: Rows;
  readonly #unknowns: Unknowns;
  readonly #blocks: Blocks;
  readonly #steps: number[] = [];
  /** The next constraint of {@link Unknowns.ready} to look at. */
  #next = 0;

  constructor(r1cs: R1cs, nameOf: (cell: number) => string) {
    this.#r1cs = r1cs;
    this.#nameOf = nameOf;
    this.#rows = packRows(r1cs, this.#coefficients);
    const { publics, privateInputs, wires } = r1cs;
    const isOutput = (wire: number) => wire >= 1 && wire <= publics - CHALLENGE;
    this.#unknowns = new Unknowns(this.#rows, wires, (wire) => wire <= publics + privateInputs && !isOutput(wire));
    this.#blocks = new Blocks(this.#rows, this.#unknowns, this.#coefficients);
  }

  plan(): Plan {
    while (this.#propagate() || this.#takeDigits() || this.#takeBlocks());
    const stuck = this.#unknowns.first();
    if (stuck !== undefined) throw this.#unsolved(stuck);
    const { wires, publics, privateInputs: committed } = this.#r1cs;
    return {
      wires,
      publics,
      committed,
      power: domainPower(this.#r1cs),
      slots: this.#blocks.slots,
      rows: this.#rows,
      coefficients: this.#coefficients.words(),
      weights: littleEndianAll([...this.#weights.keys()]),
      steps: Uint32Array.from(this.#steps),
      blocks: this.#blocks.words(),
    };
  }

  /** Constraints with one unknown wire: those where it stands in C alone at once, then, in one step, those where it stands in one factor alone. */
  #propagate(): boolean {
    const { ready } = this.#unknowns;
    const before = this.#steps.length;
    const divisions = new Map<number, number[]>();
    for (; this.#next < ready.length; this.#next++) {
      const constraint = ready[this.#next]!;
      const place = this.#unknowns.leftIn(constraint) === 1 ? this.#placeIn(constraint) : undefined;
      if (place === undefined) continue;
      const { wire, matrix, coefficient } = place;
      const factor = this.#coefficients.inverseOf(coefficient);
      if (matrix !== C) divisions.set(wire, divisions.get(wire) ?? [constraint, wire, factor, matrix]);
      else {
        this.#steps.push(STEP.PRODUCT, constraint, wire, factor);
        this.#unknowns.learn(wire);
      }
    }
    const open = [...divisions].filter(([wire]) => !this.#unknowns.isKnown(wire));
    if (open.length > 0) this.#steps.push(STEP.DIVIDE, open.length);
    for (const [wire, division] of open) {
      this.#steps.push(...division);
      this.#unknowns.learn(wire);
    }
    return this.#steps.length > before;
  }

  /**
   * Where the one unknown wire of a constraint stands, if it determines it: in one matrix, and in a factor only when C is not empty
   * (x * f = 0 says nothing where f is 0, and some other constraint says what x is then).
   */
  #placeIn(constraint: number): { wire: number; matrix: Matrix; coefficient: number } | undefined {
    let place: { wire: number; matrix: Matrix; coefficient: number } | undefined;
    let places = 0;
    let inC = 0;
    forEachTermOf(this.#rows, constraint, (matrix, wire, coefficient) => {
      if (matrix === C) inC++;
      if (this.#unknowns.isKnown(wire)) return;
      places++;
      place = { wire, matrix, coefficient };
    });
    return places !== 1 || (place!.matrix !== C && inC === 0) ? undefined : place;
  }

  /** Constraints whose unknown wires are digits of a number. */
  #takeDigits(): boolean {
    const before = this.#steps.length;
    const pending = this.#unknowns.pending();
    const bits = this.#bitsIn(pending);
    const isKnown = (wire: number) => this.#unknowns.isKnown(wire);
    for (const constraint of pending) {
      if (this.#unknowns.leftIn(constraint) === 0) continue;
      const found = digitsOf(
        termsOf(this.#rows, constraint),
        isKnown,
        (wire) => bits.has(wire),
        (x) => this.#coefficients.valueOf(x),
      );
      if (found === undefined) continue;
      const { matrix, scale, digits } = found;
      this.#steps.push(STEP.DIGITS, constraint, matrix, this.#coefficients.numberOf(scale), digits.length);
      for (const { wire, weight } of digits) {
        if (!this.#weights.has(weight)) this.#weights.set(weight, this.#weights.size);
        this.#steps.push(wire ?? NONE, this.#weights.get(weight)!);
        if (wire !== undefined) this.#unknowns.learn(wire);
      }
    }
    return this.#steps.length > before;
  }

  /** Unknown wires x with a constraint x * (x - one other value) = 0, up to factors. */
  #bitsIn(constraints: readonly number[]): ReadonlySet<number> {
    const bits = new Set<number>();
    for (const constraint of constraints) {
      const [a, b, c] = termsOf(this.#rows, constraint);
      if (c.length > 0) continue;
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const wire = one.length === 1 ? one[0]![0] : undefined;
        if (wire !== undefined && other.some(([x]) => x === wire)) bits.add(wire);
      }
    }
    return bits;
  }

  #takeBlocks(): boolean {
    const before = this.#steps.length;
    for (const { words, learned } of this.#blocks.solve(this.#unknowns.pending())) {
      for (const word of words) this.#steps.push(word);
      for (const wire of learned) this.#unknowns.learn(wire);
    }
    return this.#steps.length > before;
  }

  #unsolved(wire: number): CircuitError {
    const { publics, privateInputs } = this.#r1cs;
    const holds = (constraint: number) =>
      termsOf(this.#rows, constraint)
        .flat()
        .map(([x]) => x);
    const constraints = this.#unknowns.pending().filter((constraint) => holds(constraint).includes(wire));
    const cells = constraints.flatMap(holds).filter((x) => x > publics && x <= publics + privateInputs);
    const names = [...new Set(cells)].slice(0, 4).map((x) => this.#nameOf(x - publics - 1));
    const message = `No step of a plan determines wire ${wire} (constraints ${constraints.slice(0, 4)}; ${names.join(', ') || 'no cell beside it'}).`;
    return new CircuitError('CIRCUIT_UNSOLVED', message, {
      hint: 'A hint must follow from the cells by products, quotients, digits or linear equations (src/engine/plan.ts).',
    });
  }
}
