import { inverse, mod, R } from '../../../src/bus/field.js';
import { constantOf, type Form, larger, plus, scaled, wiresIn } from './forms.js';

/** What is assumed cannot be. */
export class Contradiction extends Error {}

/** Integers between which a wire lies, both included. */
export interface Bounds {
  readonly lo: bigint;
  readonly hi: bigint;
}

/** A number of the field, the one of least size. */
export function centred(x: bigint): bigint {
  const value = mod(x);
  return value > R / 2n ? value - R : value;
}

/** Coefficients of a form whose first few inverses are tried to make integers of all. */
const SCALES = 40;

/** What is known of wires: values, and integer bounds. It learns from linear equations. */
export class Knowledge {
  readonly values: Map<number, bigint>;
  readonly bounds: Map<number, Bounds>;
  /** Counts what has been learned. */
  news = 0;

  constructor(from?: Knowledge) {
    this.values = new Map(from?.values);
    this.bounds = new Map(from?.bounds);
  }

  /** The form with known wires put in. */
  rest(form: Form): Form {
    const rest = new Map<number, bigint>();
    let fixed = 0n;
    for (const [wire, x] of form) {
      const value = wire === 0 ? 1n : this.values.get(wire);
      if (value === undefined) rest.set(wire, x);
      else fixed += x * value;
    }
    if (mod(fixed) !== 0n) rest.set(0, mod(fixed));
    return rest;
  }

  valueOf(form: Form): bigint | undefined {
    return constantOf(this.rest(form));
  }

  set(wire: number, value: bigint): void {
    const old = this.values.get(wire);
    const { lo, hi } = this.bounds.get(wire) ?? { lo: 0n, hi: R };
    if ((old ?? value) !== value || value < lo || value > hi) throw new Contradiction();
    if (old === undefined) this.news++;
    this.values.set(wire, value);
  }

  narrow(wire: number, from: bigint, to: bigint): void {
    const old = this.bounds.get(wire);
    const lo = old !== undefined && old.lo > from ? old.lo : from;
    const hi = old !== undefined && old.hi < to ? old.hi : to;
    const value = this.values.get(wire);
    if (lo > hi || (value !== undefined && (value < lo || value > hi))) throw new Contradiction();
    if (lo === old?.lo && hi === old.hi) return;
    this.bounds.set(wire, { lo, hi });
    this.news++;
    if (lo === hi && value === undefined) this.set(wire, lo);
  }

  /** Whether form = 0 contradicts nothing at once. */
  allows(form: Form): boolean {
    const value = this.valueOf(form);
    if (value !== undefined) return value === 0n;
    try {
      new Knowledge(this).learn(form);
      return true;
    } catch (error) {
      if (error instanceof Contradiction) return false;
      throw error;
    }
  }

  /** Learns from form = 0. */
  learn(form: Form): void {
    const rest = this.rest(form);
    const wires = wiresIn(rest);
    if (wires.length === 0) {
      if (constantOf(rest) !== 0n) throw new Contradiction();
    } else if (wires.length === 1) {
      this.set(wires[0]!, mod(-(rest.get(0) ?? 0n) * inverse(rest.get(wires[0]!)!)));
    } else if (wires.every((wire) => this.bounds.has(wire))) {
      this.#learnInteger(rest, wires);
    }
  }

  /** All wires have bounds: where no multiple of r fits, the equation holds in integers, and each wire is bounded by the others. */
  #learnInteger(form: Form, wires: readonly number[]): void {
    const scales = [1n, ...new Set(wires.slice(0, SCALES).map((wire) => inverse(form.get(wire)!)))];
    const integers = [...scales, 32n]
      .map((by) => new Map([...scaled(form, by)].map(([wire, x]) => [wire, centred(x)])))
      .map((candidate) => ({ candidate, size: this.#size(candidate) }))
      .reduce((a, b) => (b.size < a.size ? b : a));
    if (integers.size >= R / 2n) return;
    for (let round = 0, news = -1; round < 3 && news !== this.news; round++) {
      news = this.news;
      this.#bound(integers.candidate, wires);
    }
  }

  /** Largest absolute value that an integer form can have. */
  #size(form: ReadonlyMap<number, bigint>): bigint {
    return [...form].reduce((sum, [wire, x]) => {
      const { lo, hi } = this.#boundsOf(wire);
      return sum + abs(x) * larger(abs(lo), abs(hi));
    }, 0n);
  }

  #boundsOf(wire: number): Bounds {
    const value = wire === 0 ? 1n : this.values.get(wire);
    return value === undefined ? this.bounds.get(wire)! : { lo: value, hi: value };
  }

  #bound(form: ReadonlyMap<number, bigint>, wires: readonly number[]): void {
    const span = (wire: number, x: bigint): Bounds => {
      const { lo, hi } = this.#boundsOf(wire);
      return x > 0n ? { lo: x * lo, hi: x * hi } : { lo: x * hi, hi: x * lo };
    };
    const spans = new Map([...form].map(([wire, x]) => [wire, span(wire, x)]));
    const lo = [...spans.values()].reduce((sum, one) => sum + one.lo, 0n);
    const hi = [...spans.values()].reduce((sum, one) => sum + one.hi, 0n);
    if (lo > 0n || hi < 0n) throw new Contradiction();
    for (const wire of wires) {
      if (this.values.has(wire)) continue;
      const x = form.get(wire)!;
      // x * wire lies in [-(hi of the others), -(lo of the others)].
      const [least, most] = [spans.get(wire)!.hi - hi, spans.get(wire)!.lo - lo];
      if (x > 0n) this.narrow(wire, -floor(-least, x), floor(most, x));
      else this.narrow(wire, -floor(-most, x), floor(least, x));
    }
  }
}

function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** x / y, rounded down. */
function floor(x: bigint, y: bigint): bigint {
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
}

/** An equation wire = the rest of the form, which has coefficient 1 at the wire. */
export interface Pivot {
  readonly wire: number;
  readonly form: Form;
}

/** Takes what pivots say out of a form. */
export function reduced(form: Form, pivots: readonly Pivot[]): Form {
  return pivots.reduce((rest, pivot) => {
    const x = rest.get(pivot.wire);
    return x === undefined ? rest : plus(rest, scaled(pivot.form, -x));
  }, form);
}

/** Gauss-Jordan elimination of forms that are 0; pivots are wires that `choose` names. What has none is returned beside. */
export function eliminate(
  forms: readonly Form[],
  choose: (wires: readonly number[]) => number | undefined,
  known: readonly Pivot[] = [],
): { readonly pivots: Pivot[]; readonly left: Form[] } {
  let pivots = [...known];
  const left: Form[] = [];
  for (const form of forms) {
    const rest = reduced(form, pivots);
    const wire = choose(wiresIn(rest));
    if (wire === undefined) {
      if (rest.size > 0) left.push(rest);
      continue;
    }
    const pivot = { wire, form: scaled(rest, inverse(rest.get(wire)!)) };
    pivots = [...pivots.map((one) => ({ ...one, form: reduced(one.form, [pivot]) })), pivot];
  }
  return { pivots, left };
}
