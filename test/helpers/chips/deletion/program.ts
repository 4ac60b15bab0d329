import { type ChipCircuit, type Constraint, WIRE, wiresOf } from '../circuit.js';
import { type Combination, Elimination } from './elimination.js';

/** How one wire follows from wires before it. */
export type Step =
  /** A free choice. */
  | { readonly kind: 'coordinate'; readonly wire: number }
  /** Chosen so that the shorter factor of a constraint that is quadratic in the wire (a boolean) keeps its value. */
  | { readonly kind: 'held'; readonly wire: number; readonly constraint: number }
  /** The one unknown of a constraint that is linear in it. */
  | { readonly kind: 'direct'; readonly wire: number; readonly constraint: number }
  /** A linear combination of constraints in which all other unknowns cancel. */
  | ({ readonly kind: 'combined' } & Combination);

/** An order in which all wires follow from some of them; what the witness program does, but read off the constraints. */
export interface Program {
  readonly steps: readonly Step[];
  /** Constraints that determine nothing in this order: they only test. */
  readonly checks: readonly number[];
}

/** What {@link buildProgram} may be asked for. */
export interface ProgramOptions {
  /** Wires to choose last, so that they may follow from something instead. */
  readonly late?: ReadonlySet<number>;
  /** Wires to choose first. */
  readonly early?: Iterable<number>;
  /** A constraint that must not determine anything. */
  readonly without?: number;
}

/**
 * Orders the wires: known wires spread through the constraints (one unknown at a time, or blocks of linear ones by
 * elimination); when nothing follows any more, a choice: first wires left alone in a constraint that is quadratic in them
 * (booleans: they are held and tested, not solved for), then the row's cells in their order, then the rest.
 */
export function buildProgram(circuit: ChipCircuit, options: ProgramOptions = {}): Program {
  return new Builder(circuit, options).build();
}

class Builder {
  readonly #known: Uint8Array;
  readonly #wires: readonly number[][];
  readonly #uses: number[][];
  readonly #unknown: number[];
  readonly #unknownFactors: number[];
  readonly #spent = new Set<number>();
  readonly #checks: number[] = [];
  readonly #roots: number[] = [];
  readonly #pending: number[] = [];
  readonly #steps: Step[] = [];
  readonly #elimination: Elimination;

  constructor(
    readonly circuit: ChipCircuit,
    readonly options: ProgramOptions,
  ) {
    this.#known = new Uint8Array(circuit.wires);
    this.#elimination = new Elimination((wire) => this.#known[wire] === 1);
    this.#wires = circuit.constraints.map(wiresOf);
    this.#uses = Array.from({ length: circuit.wires }, () => []);
    this.#wires.forEach((wires, i) => {
      for (const wire of wires) this.#uses[wire]!.push(i);
    });
    this.#unknown = this.#wires.map((wires) => wires.length);
    this.#unknownFactors = circuit.constraints.map((constraint) => factors(constraint).size);
    if (options.without !== undefined) {
      this.#spent.add(options.without);
      this.#checks.push(options.without);
    }
  }

  build(): Program {
    for (const wire of [WIRE.one, WIRE.alpha, WIRE.beta]) this.#know(wire);
    this.circuit.constraints.forEach((_, i) => {
      this.#pending.push(i);
    });
    this.#spread();
    for (const wire of this.options.early ?? []) this.#chooseWire(wire);
    this.#chooseRoots();
    const late = this.options.late ?? new Set();
    const rest = Array.from({ length: this.circuit.wires - WIRE.sum }, (_, i) => WIRE.sum + i);
    const isLate = (wire: number) => wire < WIRE.cells || late.has(wire);
    for (const wire of [...rest.filter((one) => !isLate(one)), ...rest.filter(isLate)]) {
      this.#chooseWire(wire);
      this.#chooseRoots();
    }
    this.circuit.constraints.forEach((_, i) => {
      if (!this.#spent.has(i)) this.#checks.push(i);
    });
    return { steps: this.#steps, checks: this.#checks };
  }

  #chooseWire(wire: number): void {
    if (this.#known[wire] === 0) this.#choose({ kind: 'coordinate', wire });
  }

  #chooseRoots(): void {
    for (let i = this.#roots.pop(); i !== undefined; i = this.#roots.pop()) {
      const wire = this.#wires[i]!.find((candidate) => this.#known[candidate] === 0);
      if (wire !== undefined) this.#choose({ kind: 'held', wire, constraint: i });
    }
  }

  #choose(step: Step): void {
    this.#steps.push(step);
    this.#know(step.wire);
    this.#spread();
  }

  #know(wire: number): void {
    this.#known[wire] = 1;
    this.#elimination.know(wire);
    for (const i of this.#uses[wire]!) {
      this.#unknown[i]!--;
      if (factors(this.circuit.constraints[i]!).has(wire)) this.#unknownFactors[i]!--;
      this.#pending.push(i);
    }
  }

  #spread(): void {
    for (;;) {
      const i = this.#pending.pop();
      if (i !== undefined) {
        this.#visit(i);
        continue;
      }
      const combination = this.#elimination.take();
      if (combination === undefined) return;
      this.#steps.push({ kind: 'combined', ...combination });
      this.#know(combination.wire);
    }
  }

  #visit(i: number): void {
    if (this.#spent.has(i) || this.#unknown[i] === 0) return;
    const { a, b, c } = this.circuit.constraints[i]!;
    if (this.#unknownFactors[i] === 0) {
      this.#spent.add(i);
      if (!this.#elimination.add(i, c)) this.#checks.push(i);
      return;
    }
    if (this.#unknown[i] !== 1) return;
    const wire = this.#wires[i]!.find((candidate) => this.#known[candidate] === 0)!;
    if (a.wires.includes(wire) && b.wires.includes(wire)) {
      this.#roots.push(i);
      return;
    }
    this.#spent.add(i);
    this.#steps.push({ kind: 'direct', wire, constraint: i });
    this.#know(wire);
  }
}

const FACTORS = new WeakMap<Constraint, ReadonlySet<number>>();

/** The wires of A and B. */
function factors(constraint: Constraint): ReadonlySet<number> {
  const known = FACTORS.get(constraint);
  if (known !== undefined) return known;
  const set = new Set([...constraint.a.wires, ...constraint.b.wires]);
  FACTORS.set(constraint, set);
  return set;
}
