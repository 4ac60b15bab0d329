import { inverse, mod, R } from '../../../../src/bus/field.js';
import { fieldsOf } from '../../../../src/bus/layout.js';
import type { Print, Statement } from '../../determinism/extract.js';
import { type Form, minus, type Product, plus, scaled, wiresIn } from '../../determinism/forms.js';
import type { Bounds } from '../../determinism/knowledge.js';
import { PartlyKnown } from '../../determinism/partly-known.js';
import { CONTRACT } from './contract.js';
import type { Poly } from './poly.js';
import * as poly from './poly.js';

/** Rounds in which something new may follow. */
const ROUNDS = 40;
/** Bounds further apart are not worth knowing, and nothing wraps within them. */
const LARGE = 1n << 200n;

/** A row of which some wires are known: what follows from its constraints, from what it looks up and from what it receives. */
export class KnownRow extends PartlyKnown {
  /** Wires as a constant and a slack, which may make them negative. */
  readonly #shifted: Map<number, Form>;
  #defined: ReadonlyMap<number, Poly> | undefined;

  constructor(
    readonly statement: Statement,
    from?: KnownRow,
  ) {
    super(from);
    this.#shifted = new Map(from === undefined ? [] : from.#shifted);
  }

  /** The row, and form = 0. @throws Contradiction */
  with(form: Form): KnownRow {
    const row = new KnownRow(this.statement, this);
    row.known.learn(form);
    row.#propagate();
    return row;
  }

  /** Whether the print is received or looked up for certain. */
  takes({ weight }: Print): boolean {
    return this.known.valueOf(weight) === R - 1n;
  }

  /** A field as a polynomial in wires that nothing defines; undefined when it is too large. */
  polyOf(products: readonly Product[], keepBounded = false): Poly | undefined {
    let sum: Poly | undefined = new Map();
    for (const { a, b } of products) {
      const [x, y] = [this.#expand(a, keepBounded), this.#expand(b, keepBounded)];
      const product = x === undefined || y === undefined ? undefined : poly.times(x, y);
      if (product === undefined) return undefined;
      sum = poly.plus(sum, product);
    }
    return sum;
  }

  boundsOf(wire: number): Bounds | undefined {
    const value = this.known.values.get(wire);
    if (value !== undefined) return { lo: value, hi: value };
    const shifted = this.#shifted.get(wire);
    if (shifted === undefined) return this.known.bounds.get(wire);
    return poly.boundsOf(poly.polyOf(shifted), (slack) => this.known.bounds.get(slack));
  }

  #propagate(): void {
    for (let round = 0, news = -1; news !== this.known.news && round < ROUNDS; round++) {
      news = this.known.news;
      for (const flag of flagsOf(this.statement)) this.known.narrow(flag, 0n, 1n);
      for (const [i, { a, b, c }] of this.statement.equations.entries()) {
        const product = this.product({ a, b });
        if (product !== undefined) this.note(minus(product, this.rest(c)));
        if (c.size === 0) this.boolean(`equation ${i}`, a, b);
      }
      for (const [i, print] of this.statement.prints.entries()) {
        const limits = CONTRACT[print.name];
        if (limits === undefined || !this.takes(print)) continue;
        for (const [k, field] of fieldsOf(print.name).entries()) {
          const form = limits[field] === undefined ? undefined : this.linear(print.fields[k]!);
          if (form !== undefined) this.within(`print ${i} ${k}`, form, limits[field]!);
        }
      }
    }
  }

  /** Learns from form = 0; one wire without bounds has those that the others leave to it. */
  protected override note(form: Form, slack?: number): void {
    const wires = wiresIn(form);
    const without = wires.filter((one) => !this.known.bounds.has(one) && !this.known.values.has(one));
    if (wires.length === 1 || without.length !== 1) {
      this.known.learn(form);
      return;
    }
    const [wire] = without as [number];
    const others = new Map(form);
    others.delete(wire);
    const is = scaled(others, -inverse(form.get(wire)!));
    const bounds = poly.boundsOf(poly.polyOf(is), (one) => this.known.bounds.get(one));
    if (bounds === undefined || bounds.hi - bounds.lo >= LARGE) return;
    if (bounds.lo >= 0n) this.known.narrow(wire, bounds.lo, bounds.hi);
    else if (wiresIn(is).every((one) => one === slack) && !this.#shifted.has(wire)) {
      this.#shifted.set(wire, is);
      this.known.news++;
    }
  }

  /** The form with known wires put in, and those that are a constant and a slack. */
  protected override rest(form: Form): Form {
    let rest = this.known.rest(form);
    for (const [wire, shifted] of this.#shifted) {
      const x = rest.get(wire);
      if (x === undefined) continue;
      rest = plus(plus(rest, new Map([[wire, -x]])), scaled(shifted, x));
    }
    return this.known.rest(rest);
  }

  /** The form in wires that nothing defines, or also in those that have bounds. */
  #expand(form: Form, keepBounded: boolean): Poly | undefined {
    let sum: Poly = new Map();
    for (const [wire, x] of this.known.rest(form)) {
      const isKept = keepBounded && this.known.bounds.has(wire);
      const defined = isKept ? undefined : this.#definitions().get(wire);
      sum = poly.plus(sum, defined ?? poly.polyOf(new Map([[wire, 1n]])), x);
      if (sum.size > poly.MOST_TERMS) return undefined;
    }
    return sum;
  }

  /** What wires are, by equations whose other wires are known, have bounds or are defined before. */
  #definitions(): ReadonlyMap<number, Poly> {
    if (this.#defined !== undefined) return this.#defined;
    const defined = new Map<number, Poly>();
    this.#defined = defined;
    let loose = false;
    const isGround = (wire: number) => this.#isGround(wire) || (loose && this.statement.cells.has(wire));
    const isOpen = (wire: number) => !defined.has(wire) && !isGround(wire);
    const open = this.statement.equations.map(({ a, b, c }) => ({
      ...{ a: this.known.rest(a), b: this.known.rest(b), c: this.known.rest(c) },
    }));
    for (let before = -1; before !== defined.size; ) {
      before = defined.size;
      for (const { a, b, c } of open) {
        // A wire that is a factor's may be defined too, when the other factor is known.
        const product = this.product({ a, b });
        const line = product === undefined ? undefined : minus(product, c);
        const wires = line === undefined ? wiresIn(c) : wiresIn(line);
        const [wire, ...more] = wires.filter(isOpen);
        if (wire === undefined || more.length > 0) continue;
        if (line === undefined && [...wiresIn(a), ...wiresIn(b)].some(isOpen)) continue;
        const by = -inverse(line === undefined ? mod(-c.get(wire)!) : line.get(wire)!);
        const rest = new Map(line ?? scaled(c, -1n));
        rest.delete(wire);
        const linear = this.#expand(rest, false);
        const [x, y] = line === undefined ? [this.#expand(a, false), this.#expand(b, false)] : [new Map(), new Map()];
        const factors = x === undefined || y === undefined ? undefined : poly.times(x, y);
        if (linear === undefined || factors === undefined) continue;
        defined.set(wire, poly.plus(new Map(), poly.plus(linear, factors), by));
      }
      // What is left of the cells stands for itself too.
      if (before === defined.size && !loose) [loose, before] = [true, -1];
    }
    return defined;
  }

  /** Cells with bounds stand for themselves; what the row computes is defined by them. */
  #isGround(wire: number): boolean {
    return wire <= 0 || this.known.values.has(wire) || (this.statement.cells.has(wire) && this.known.bounds.has(wire));
  }
}

const FLAGS = new WeakMap<Statement, readonly number[]>();

/** Wires f with x * y = f and x * (1 - f) = 0: 0 or 1. */
function flagsOf(statement: Statement): readonly number[] {
  const known = FLAGS.get(statement);
  if (known !== undefined) return known;
  const { equations } = statement;
  const isNegation = (form: Form, wire: number) => form.size === 2 && form.get(0) === mod(-(form.get(wire) ?? 0n));
  const flags = equations.flatMap(({ a, b, c }) => {
    const [wire] = wiresIn(c);
    if (wire === undefined || c.size !== 1) return [];
    const isFlag = equations.some((one) => {
      if (one.c.size > 0) return false;
      const [other, negation] = isNegation(one.a, wire) ? [one.b, one.a] : [one.a, one.b];
      return isNegation(negation, wire) && [a, b].some((form) => isMultiple(form, other));
    });
    return isFlag ? [wire] : [];
  });
  FLAGS.set(statement, flags);
  return flags;
}

function isMultiple(a: Form, b: Form): boolean {
  const [first] = a;
  if (first === undefined || a.size !== b.size || !b.has(first[0])) return false;
  return minus(scaled(a, b.get(first[0])! * inverse(first[1])), b).size === 0;
}
