import { inverse, mod } from '../../../../src/bus/field.js';
import { type ChipCircuit, type Constraint, evaluate, holds, type Linear, usesOf } from '../circuit.js';
import type { Program, Step } from './program.js';

/** What is done to an honest assignment: wires with other values, constraints that are missed by an amount. */
export interface Perturbation {
  readonly wires?: ReadonlyMap<number, bigint>;
  readonly misses?: ReadonlyMap<number, bigint>;
}

/** Replays a {@link Program} from an honest assignment with a perturbation, computing only what changes. */
export class Replay {
  readonly #uses: readonly number[][];
  readonly #isCheck: ReadonlySet<number>;
  readonly #byWire: readonly number[][];
  readonly #products: (bigint | undefined)[];

  constructor(
    readonly circuit: ChipCircuit,
    readonly program: Program,
    /** An honest witness; not changed. */
    readonly base: readonly bigint[],
  ) {
    this.#uses = usesOf(circuit);
    this.#isCheck = new Set(program.checks);
    this.#byWire = stepsByWire(circuit, program);
    this.#products = [];
  }

  /** The one constraint that the perturbed assignment violates, or undefined when there are none or several. */
  onlyViolation(perturbation: Perturbation): number | undefined {
    const violated = this.violations(perturbation, 2);
    return violated.length === 1 ? violated[0] : undefined;
  }

  /** The constraints that the perturbed assignment violates, at most `limit` of them. */
  violations(perturbation: Perturbation, limit: number): number[] {
    const values = [...this.base];
    const changed = this.#replay(perturbation, values);
    const touched = new Set(changed.flatMap((wire) => this.#uses[wire]!));
    // Those most likely to fail first.
    const order = [...touched].sort((x, y) => Number(this.#isCheck.has(y)) - Number(this.#isCheck.has(x)));
    const violated: number[] = [];
    for (const i of order) {
      if (violated.length === limit) break;
      if (!holds(this.circuit.constraints[i]!, values)) violated.push(i);
    }
    return violated;
  }

  /** Writes the new values; returns the wires that changed. */
  #replay({ wires, misses }: Perturbation, values: bigint[]): number[] {
    const changed: number[] = [];
    const due = new Uint8Array(this.program.steps.length);
    const dirty = new Set<number>();
    const touch = (wire: number, value: bigint) => {
      if (values[wire] === value) return;
      values[wire] = value;
      changed.push(wire);
      dirty.add(wire);
      for (const step of this.#byWire[wire]!) due[step] = 1;
    };
    this.program.steps.forEach((step, at) => {
      const forced = wires?.get(step.wire);
      if (forced !== undefined) touch(step.wire, forced);
      else if (step.kind !== 'coordinate' && (due[at] === 1 || (misses !== undefined && isMissed(step, misses)))) {
        const value = this.#solve(step, values, dirty, misses);
        if (value !== undefined) touch(step.wire, value);
      }
    });
    return changed;
  }

  #solve(
    step: Exclude<Step, { kind: 'coordinate' }>,
    values: bigint[],
    dirty: ReadonlySet<number>,
    misses: Perturbation['misses'],
  ): bigint | undefined {
    if (step.kind === 'combined') {
      let sum = -evaluate(step.form, values);
      for (const [constraint, weight] of step.weights) {
        sum += weight * (this.#product(constraint, values, dirty) - (misses?.get(constraint) ?? 0n));
      }
      return mod(sum);
    }
    const { wire, constraint } = step;
    if (step.kind === 'held') {
      const side = heldSide(this.circuit.constraints[constraint]!);
      const [rest, slope] = split(side, wire, values);
      return mod((evaluate(side, this.base) - rest) * inverse(slope));
    }
    const [rest, slope] = equation(this.circuit.constraints[constraint]!, wire, values);
    // Slope 0: the constraint says nothing about this wire here (an inverse of 0, say), so the wire keeps its value.
    if (slope === 0n) return undefined;
    return mod(((misses?.get(constraint) ?? 0n) - rest) * inverse(slope));
  }

  /** Whether a step leaves its wire open at the honest assignment: a choice, or a constraint that says nothing there. */
  isOpen(step: Step): boolean {
    if (step.kind !== 'direct') return step.kind !== 'combined';
    return equation(this.circuit.constraints[step.constraint]!, step.wire, this.base)[1] === 0n;
  }

  /** A * B of a constraint, taken from the honest assignment when nothing in it changed. */
  #product(index: number, values: readonly bigint[], dirty: ReadonlySet<number>): bigint {
    const { a, b } = this.circuit.constraints[index]!;
    const isDirty = a.wires.some((wire) => dirty.has(wire)) || b.wires.some((wire) => dirty.has(wire));
    if (isDirty) return mod(evaluate(a, values) * mod(evaluate(b, values)));
    let product = this.#products[index];
    if (product === undefined) {
      product = mod(evaluate(a, this.base) * mod(evaluate(b, this.base)));
      this.#products[index] = product;
    }
    return product;
  }
}

/** A * B - C = rest + slope * wire, for a wire that A and B do not both hold. */
function equation({ a, b, c }: Constraint, wire: number, values: readonly bigint[]): [rest: bigint, slope: bigint] {
  const [a0, a1] = split(a, wire, values);
  const [b0, b1] = split(b, wire, values);
  const [c0, c1] = split(c, wire, values);
  return [mod(a0 * b0 - c0), mod(a1 * b0 + a0 * b1 - c1)];
}

/** combination = rest + slope * wire. */
function split(
  { wires, coefficients }: Linear,
  wire: number,
  values: readonly bigint[],
): [rest: bigint, slope: bigint] {
  let rest = 0n;
  let slope = 0n;
  for (let i = 0; i < wires.length; i++) {
    if (wires[i] === wire) slope += coefficients[i]!;
    else rest += coefficients[i]! * values[wires[i]!]!;
  }
  return [mod(rest), slope];
}

/** The side that a held wire keeps as it is: the shorter one, `b` in b * (b - s). */
function heldSide({ a, b }: Constraint): Linear {
  return b.wires.length < a.wires.length ? b : a;
}

function isMissed(step: Exclude<Step, { kind: 'coordinate' }>, misses: ReadonlyMap<number, bigint>): boolean {
  if (step.kind !== 'combined') return step.kind === 'direct' && misses.has(step.constraint);
  return step.weights.some(([constraint]) => misses.has(constraint));
}

/** For every wire the steps that read it. */
function stepsByWire({ constraints, wires }: ChipCircuit, { steps }: Program): number[][] {
  const lists: Set<number>[] = Array.from({ length: wires }, () => new Set());
  steps.forEach((step, at) => {
    if (step.kind === 'coordinate') return;
    const read = (...sides: Linear[]) => {
      for (const { wires } of sides) for (const wire of wires) lists[wire]!.add(at);
    };
    if (step.kind === 'combined') {
      read(step.form);
      for (const [constraint] of step.weights) read(constraints[constraint]!.a, constraints[constraint]!.b);
      return;
    }
    const constraint = constraints[step.constraint]!;
    if (step.kind === 'held') read(heldSide(constraint));
    else read(constraint.a, constraint.b, constraint.c);
  });
  return lists.map((set) => [...set]);
}
