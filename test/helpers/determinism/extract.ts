import { inverse, mod } from '../../../src/bus/field.js';
import { LAYOUT, TAG_POWER, type TupleClass, type TupleName, type TupleSpec } from '../../../src/bus/layout.js';
import type { Term } from '../../../src/bus/tuple.js';
import { type ChipCircuit, type Constraint, WIRE, wiresOf } from '../chips/circuit.js';
import { constantOf, type Form, formOf, ONE, type Product, plus, scaled, without } from './forms.js';

/** A tuple that a row puts on the bus: its weight and its fields, in the layout's order, as the r1cs has them. */
export interface Print {
  readonly name: TupleName;
  readonly class: TupleClass;
  readonly weight: Form;
  readonly fields: readonly (readonly Product[])[];
  /** Number of its constraint. */
  readonly at: number;
}

/** a * b = c, without the challenge. */
export interface Equation {
  readonly a: Form;
  readonly b: Form;
  readonly c: Form;
}

/** What a chip's constraints say, sorted into arithmetic and tuples. */
export interface Statement {
  readonly equations: readonly Equation[];
  readonly prints: readonly Print[];
  /** Wires of the arithmetic: the row's cells, and hints. */
  readonly wires: ReadonlySet<number>;
  /** The row's cells. */
  readonly cells: ReadonlySet<number>;
  /** What the quotient of a print is multiplied by before it enters the sum, if it is. */
  readonly gates: ReadonlyMap<Print, Form>;
}

/** The tuples of a row that wires make; undefined when they break an equation. */
export function termsBy({ equations, prints }: Statement, wires: readonly bigint[]): Term[] | undefined {
  const value = (form: Form) => mod([...form].reduce((sum, [wire, x]) => sum + x * wires[wire]!, 0n));
  if (equations.some(({ a, b, c }) => mod(value(a) * value(b)) !== value(c))) return undefined;
  return prints.map(({ name, weight, fields }) => {
    const values = fields.map((products) => mod(products.reduce((sum, { a, b }) => sum + value(a) * value(b), 0n)));
    return { weight: value(weight), tuple: { name, values } };
  });
}

/** Parts of a fingerprint: sums of products by power of beta. */
type Parts = ReadonlyMap<number, readonly Product[]>;

type WireClass =
  | { readonly kind: 'number' }
  | { readonly kind: 'share'; readonly parts: Parts }
  | { readonly kind: 'quotient'; readonly of: readonly Print[] };

const NUMBER: WireClass = { kind: 'number' };

/**
 * Reads a chip's r1cs backwards: what each fingerprint's fields are, and what is left as arithmetic. Throws when a constraint is none that
 * chips are made of (`circuits/bus.circom`).
 */
export function statementOf(circuit: ChipCircuit): Statement {
  return new Reader(circuit).read();
}

class Reader {
  readonly #classes = new Map<number, WireClass>([[WIRE.one, NUMBER]]);
  readonly #powers: ReadonlyMap<number, number>;
  readonly #open = new Set<number>();
  readonly #equations: Equation[] = [];
  readonly #prints: Print[] = [];
  readonly #gates = new Map<Print, Form>();

  constructor(readonly circuit: ChipCircuit) {
    this.#powers = new Map([[WIRE.beta, 1], ...[...circuit.powers].map(([k, wire]) => [wire, k] as const)]);
    circuit.cells.forEach((_, k) => void this.#classes.set(WIRE.cells + k, NUMBER));
    for (const i of circuit.constraints.keys()) if (!circuit.frame.has(i)) this.#open.add(i);
  }

  read(): Statement {
    while (this.#open.size > 0) {
      const read = [...this.#open].filter((i) => this.#take(this.circuit.constraints[i]!, i));
      for (const i of read) this.#open.delete(i);
      if (read.length === 0 && !this.#hint())
        throw new Error(`${this.circuit.chip.name}: ${this.#open.size} constraints are not understood`);
    }
    const wires = [...this.#classes].filter(([wire, { kind }]) => kind === 'number' && wire !== WIRE.one);
    return {
      equations: this.#equations,
      prints: this.#prints,
      wires: new Set(wires.map(([wire]) => wire)),
      cells: new Set(this.circuit.cells.map((_, k) => WIRE.cells + k)),
      gates: this.#gates,
    };
  }

  /** Nothing follows: an unknown wire of a constraint without challenge is a hint or an intermediate number. */
  #hint(): boolean {
    for (const i of this.#open) {
      const wires = wiresOf(this.circuit.constraints[i]!);
      if (wires.some((wire) => this.#isChallenged(wire))) continue;
      const unknown = wires.filter((wire) => !this.#classes.has(wire));
      for (const wire of unknown) this.#classes.set(wire, NUMBER);
      if (unknown.length > 0) return true;
    }
    return false;
  }

  /** Reads one constraint, if all that it needs is known. */
  #take(constraint: Constraint, at: number): boolean {
    const [a, b, c] = [formOf(constraint.a), formOf(constraint.b), formOf(constraint.c)];
    if (a.has(WIRE.alpha)) return this.#fingerprint(b, a, c, at);
    if (b.has(WIRE.alpha)) return this.#fingerprint(a, b, c, at);
    const unknown = wiresOf(constraint).filter((wire) => !this.#isKnown(wire));
    const [wire] = unknown;
    if (unknown.length > 1 || (wire !== undefined && (a.has(wire) || b.has(wire)))) return false;
    if ([a, b].some((form) => this.#has(form, 'quotient'))) return this.#define(wire, this.#gated(a, b));
    if (this.#has(c, 'quotient')) return this.#define(wire, { kind: 'quotient', of: this.#quotients(c) });
    const isShare = [a, b, c].some((form) => this.#isShare(form));
    if (isShare) return wire !== undefined && this.#define(wire, { kind: 'share', parts: this.#share(a, b, c, wire) });
    if (wire !== undefined) return false;
    this.#equations.push({ a, b, c });
    return true;
  }

  #define(wire: number | undefined, as: WireClass): boolean {
    if (wire !== undefined) this.#classes.set(wire, as);
    return true;
  }

  /** Quotients times a number. */
  #gated(a: Form, b: Form): WireClass {
    const [sum, gate] = this.#has(a, 'quotient') ? [a, b] : [b, a];
    const of = this.#quotients(sum);
    for (const print of of) this.#gates.set(print, gate);
    return { kind: 'quotient', of };
  }

  #quotients(sum: Form): Print[] {
    return [...sum.keys()].flatMap((wire) => {
      const one = this.#classes.get(wire);
      return one?.kind === 'quotient' ? one.of : [];
    });
  }

  /** The parts of `wire` in a * b = c. */
  #share(a: Form, b: Form, c: Form, wire: number): Parts {
    const by = inverse(c.get(wire)!);
    const [share, other] = this.#isShare(a) ? [a, b] : [b, a];
    const product = share.size === 0 || other.size === 0 ? new Map() : times(this.#parts(share), other);
    return added(scaledParts(product, by), scaledParts(this.#parts(without(c, wire)), -by));
  }

  /** o * f = m. */
  #fingerprint(o: Form, f: Form, m: Form, at: number): boolean {
    const known = [...f.keys(), ...m.keys()].every((wire) => wire === WIRE.alpha || this.#isKnown(wire));
    if (!known || o.size !== 1) return false;
    const by = inverse(f.get(WIRE.alpha)!);
    const parts = scaledParts(this.#parts(without(f, WIRE.alpha)), by);
    const tag = constantOf((parts.get(TAG_POWER) ?? []).reduce<Form>((sum, { b }) => plus(sum, b), new Map()))!;
    const [name, spec] = Object.entries<TupleSpec>(LAYOUT).find(([, one]) => BigInt(one.tag) === tag)!;
    const [[quotient, factor]] = [...o] as [[number, bigint]];
    const print: Print = {
      name: name as TupleName,
      class: spec.class,
      weight: scaled(m, by * inverse(factor)),
      fields: Object.values(spec.fields).map((power) => parts.get(power) ?? []),
      at,
    };
    this.#classes.set(quotient, { kind: 'quotient', of: [print] });
    this.#prints.push(print);
    return true;
  }

  #parts(form: Form): Parts {
    let parts: Parts = new Map();
    for (const [wire, x] of form) {
      const power = this.#powers.get(wire);
      const one = this.#classes.get(wire);
      if (power !== undefined) parts = added(parts, new Map([[power, [{ a: ONE, b: scaled(ONE, x) }]]]));
      else if (one?.kind === 'share') parts = added(parts, scaledParts(one.parts, x));
      else parts = added(parts, new Map([[0, [{ a: ONE, b: new Map([[wire, x]]) }]]]));
    }
    return parts;
  }

  #isChallenged(wire: number): boolean {
    const kind = this.#classes.get(wire)?.kind;
    return wire === WIRE.alpha || this.#powers.has(wire) || kind === 'share' || kind === 'quotient';
  }

  #isKnown(wire: number): boolean {
    return this.#powers.has(wire) || this.#classes.has(wire);
  }

  #has(form: Form, kind: WireClass['kind']): boolean {
    return [...form.keys()].some((wire) => this.#classes.get(wire)?.kind === kind);
  }

  #isShare(form: Form): boolean {
    return this.#has(form, 'share') || [...form.keys()].some((wire) => this.#powers.has(wire));
  }
}

function added(a: Parts, b: Parts): Parts {
  const sum = new Map(a);
  for (const [power, products] of b) sum.set(power, [...(sum.get(power) ?? []), ...products]);
  return sum;
}

function scaledParts(parts: Parts, by: bigint): Parts {
  return new Map([...parts].map(([power, products]) => [power, products.map(({ a, b }) => ({ a, b: scaled(b, by) }))]));
}

/** Parts times a number. */
function times(parts: Parts, number: Form): Parts {
  const one = ({ a, b }: Product): Product => {
    if (constantOf(a) !== 1n) throw new Error('a fingerprint has a product of three');
    const k = constantOf(b);
    return k === undefined ? { a: number, b } : { a: ONE, b: scaled(number, mod(k)) };
  };
  return new Map([...parts].map(([power, products]) => [power, products.map(one)]));
}
