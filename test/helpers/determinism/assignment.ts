import { mod, R } from '../../../src/bus/field.js';
import type { TupleName } from '../../../src/bus/layout.js';
import type { Print, Statement } from './extract.js';
import { constant, constantOf, type Form, minus, plus } from './forms.js';
import { Contradiction, eliminate, type Pivot, reduced } from './knowledge.js';
import { PartlyKnown } from './partly-known.js';
import { COMPUTED, matching, restrictionsOf, type Values } from './tables.js';

/** What a row receives: a tuple that is there, or one that the row itself sends. */
type Source = Values | Print;

/** What surrounds a row: the linear tuples that it may receive, and the entries of tables that it may look up. */
export interface Surroundings {
  live(name: TupleName): readonly Values[];
  entries(name: TupleName): readonly Values[];
}

/** Weights of the linear tuples that a row puts on the bus, by their text. */
export type Net = ReadonlyMap<string, bigint>;

/** More alternatives than this are never tried one by one. */
const MOST = 130n;

/** A row that is partly known: what it must still satisfy, and what follows. */
export class Assignment extends PartlyKnown {
  readonly #taken: Map<Print, Source>;
  #basis: readonly Pivot[] = [];
  /** Forms that are 0, as far as they have been found. */
  #found: Form[] = [];

  constructor(
    readonly statement: Statement,
    readonly around: Surroundings,
    from?: Assignment,
  ) {
    super(from);
    this.#taken = new Map(from === undefined ? [] : from.#taken);
  }

  /** The row receives this tuple, or looks it up. */
  take(print: Print, source: Source): void {
    this.#taken.set(print, source);
    this.known.news++;
  }

  set(wire: number, value: bigint): void {
    this.known.set(wire, value);
  }

  /** Wires that are not known. */
  get unknown(): number[] {
    return [...this.statement.wires].filter((wire) => !this.known.values.has(wire));
  }

  /** Lets everything follow that follows from single equations. @throws Contradiction */
  propagate(): void {
    for (let news = -1; news !== this.known.news; ) {
      news = this.known.news;
      for (const form of this.#forms()) this.known.learn(form);
    }
  }

  /** Lets follow what follows from several equations together; whether anything did. @throws Contradiction */
  combine(): boolean {
    const { news } = this.known;
    // Products become linear by what forms are: again, as long as that brings any.
    let forms = this.#forms();
    for (let before = -1, old = -1; forms.length > before || this.known.news !== old; forms = this.#forms()) {
      before = forms.length;
      old = this.known.news;
      this.#eliminate(forms);
    }
    for (const form of forms) this.known.learn(form);
    return this.known.news !== news;
  }

  /** The linear tuples, once all of them are known. */
  net(): Net | undefined {
    const net = new Map<string, bigint>();
    for (const print of this.statement.prints) {
      if (print.class !== 'linear') continue;
      const weight = this.known.valueOf(print.weight);
      if (weight === 0n) continue;
      const values = this.#valuesOf(print);
      if (weight === undefined || values.includes(undefined)) return undefined;
      if (weight === R - 1n && !this.#taken.has(print)) return undefined;
      const key = `${print.name}:${values.join()}`;
      net.set(key, mod((net.get(key) ?? 0n) + weight));
    }
    for (const [key, weight] of net) if (weight === 0n) net.delete(key);
    return net;
  }

  /** The fewest alternatives of which one must hold, of at most `most`; undefined when there is nothing to choose from. */
  alternatives(most = MOST): (() => Assignment)[] | undefined {
    const choices: { readonly size: bigint; make(): (() => Assignment)[] }[] = [];
    for (const [wire, { lo, hi }] of this.known.bounds) {
      if (this.known.values.has(wire)) continue;
      const values = () => Array.from({ length: Number(hi - lo + 1n) }, (_, i) => lo + BigInt(i));
      choices.push({
        size: hi - lo + 1n,
        make: () => values().map((value) => this.#with((one) => one.set(wire, value))),
      });
    }
    for (const print of this.statement.prints) {
      if (!this.#isToTake(print)) continue;
      const found = this.#candidates(print);
      choices.push({
        size: BigInt(found.length),
        make: () => found.map((source) => this.#with((one) => one.take(print, source))),
      });
    }
    const few = choices.filter(({ size }) => size <= most);
    return few.length === 0 ? undefined : few.reduce((a, b) => (b.size < a.size ? b : a)).make();
  }

  #with(change: (one: Assignment) => void): () => Assignment {
    return () => {
      const one = new Assignment(this.statement, this.around, this);
      change(one);
      return one;
    };
  }

  /** Forms that are 0. @throws Contradiction */
  #forms(): Form[] {
    this.#found = [];
    for (const [i, { a, b, c }] of this.statement.equations.entries()) {
      const product = this.product({ a, b });
      if (product !== undefined) this.note(minus(product, this.known.rest(c)));
      if (c.size === 0) this.boolean(`boolean ${i}`, a, b);
    }
    for (const [i, print] of this.statement.prints.entries()) {
      const source = this.#taken.get(print);
      if (source !== undefined) this.#equal(print, source);
      else if (this.known.valueOf(print.weight) !== R - 1n) continue;
      else if (print.class === 'table') this.#lookUp(print, `print ${i}`);
      else if (print.class === 'linear') this.#receive(print);
    }
    return this.#found;
  }

  protected override note(form: Form): void {
    this.#found.push(form);
  }

  /** The print is this tuple, taken once. */
  #equal(print: Print, source: Source): void {
    const isOwn = 'fields' in source;
    this.note(plus(print.weight, constant(1n)));
    if (isOwn) this.note(minus(source.weight, constant(1n)));
    print.fields.forEach((field, i) => {
      const form = this.linear(field);
      const other = isOwn ? this.linear(source.fields[i]!) : constant(source[i]!);
      if (form !== undefined && other !== undefined) this.note(minus(form, other));
    });
  }

  #receive(print: Print): void {
    const found = this.#candidates(print);
    if (found.length === 0) throw new Contradiction();
    if (found.length === 1) this.take(print, found[0]!);
  }

  /** Whether it is certain that the row takes a tuple, but not which one. */
  #isToTake(print: Print): boolean {
    if (this.#taken.has(print) || COMPUTED.includes(print.name) || print.class === 'formal') return false;
    if (this.known.valueOf(print.weight) !== R - 1n) return false;
    return print.class === 'linear' || this.#valuesOf(print).includes(undefined);
  }

  #candidates(print: Print): Source[] {
    const { live, entries } = this.around;
    if (print.class === 'table') return matching(entries(print.name), this.#valuesOf(print));
    const own = this.statement.prints.filter((one) => one.name === print.name && this.#mayBeSame(one, print));
    return [...matching(live(print.name), this.#valuesOf(print)), ...own];
  }

  /** Whether the row may send what it receives. */
  #mayBeSame(sent: Print, received: Print): boolean {
    if (sent === received || !this.known.allows(minus(sent.weight, constant(1n)))) return false;
    return sent.fields.every((field, i) => {
      const [form, other] = [this.linear(field), this.linear(received.fields[i]!)];
      return form === undefined || other === undefined || this.known.allows(minus(form, other));
    });
  }

  #lookUp(print: Print, place: string): void {
    const values = this.#valuesOf(print);
    const restrictions = restrictionsOf(print.name, values, this.around.entries(print.name));
    // What is known only by several forms together stays a form, or the next elimination would lack it.
    const known = values.flatMap((from, field) => (from === undefined ? [] : [{ field, from, size: 0n }]));
    for (const { field, from, size } of [...known, ...restrictions]) {
      const form = this.linear(print.fields[field]!);
      if (form === undefined) continue;
      const above = minus(form, constant(from));
      if (size === 0n) this.note(above);
      else this.within(`${place} ${field}`, above, size);
    }
  }

  #eliminate(all: readonly Form[]): void {
    const forms = all.map((form) => this.known.rest(form)).sort((a, b) => a.size - b.size);
    const { pivots, left } = eliminate(forms, (wires) => wires.find((wire) => !this.known.bounds.has(wire)));
    const { pivots: basis, left: none } = eliminate(left, ([wire]) => wire, pivots);
    if (none.length > 0) throw new Contradiction();
    this.#basis = basis;
    for (const form of [...left, ...pivots.map((pivot) => pivot.form), ...basis.map((pivot) => pivot.form)])
      this.known.learn(form);
  }

  #valuesOf(print: Print): (bigint | undefined)[] {
    return print.fields.map((field) => {
      const form = this.linear(field);
      return form === undefined ? undefined : this.constant(this.known.rest(form));
    });
  }

  /** What a form is, by itself or by what its wires are together. */
  protected override constant(rest: Form): bigint | undefined {
    return constantOf(rest) ?? constantOf(this.known.rest(reduced(rest, this.#basis)));
  }
}
