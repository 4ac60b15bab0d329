import { inverse, mod, R } from '../../../../src/bus/field.js';
import { fieldsOf, type TupleName } from '../../../../src/bus/layout.js';
import type { Print, Statement } from '../../determinism/extract.js';
import {
  constant,
  constantOf,
  type Form,
  minus,
  type Product,
  plus,
  wiresIn as wiresOfForm,
} from '../../determinism/forms.js';
import { type Bounds, Contradiction, centred } from '../../determinism/knowledge.js';
import { type ChipCircuit, WIRE } from '../circuit.js';
import { ABOVE, CHANGES, CONTRACT } from './contract.js';
import { type Goal, goalsOf } from './goals.js';
import { KnownRow } from './known-row.js';
import { boundsOf, isSame, type Poly, plus as sumOf, wiresIn, wiresOf } from './poly.js';

/** What bounds of single wires do not decide, with the argument that does. */
export interface WordReason {
  /** Matched against the goal, e.g. `STACK.hi`. */
  readonly goal: RegExp;
  /** Limits of cells on which the argument rests, by column: they are checked, and so is that every wire of the goal has bounds. */
  readonly limits: Readonly<Record<string, bigint>>;
  readonly reason: string;
}

/** Cases of one goal at most. */
const CASES = 600;
/** How far from a wire without bounds a boolean is looked for. */
const HOPS = 4;
/** Goals that a look-up may be superfluous for: sizes from a table, counts, and what is left of work, which rows bound beside. */
const NO_WORDS = /^EXEC.mem|^count of|BETWEEN.work/;
/** Tables that bound what is looked up in them. */
export const RANGES: readonly TupleName[] = ['RANGE12', 'BYTE', 'AND4', 'POW2'];

/** The check of one chip. */
export class WordCheck {
  readonly used = new Set<WordReason>();
  #cases = 0;
  #anyRow: KnownRow | undefined;
  #wires: readonly (readonly number[])[] | undefined;

  constructor(
    readonly circuit: ChipCircuit,
    readonly statement: Statement,
    readonly reasons: readonly WordReason[],
  ) {}

  /** One by one, so that who wants only the first need not wait for the others. */
  *findings(only?: ReadonlySet<number>): Generator<string> {
    for (const print of this.statement.prints) {
      const row = only?.has(print.at) === false ? undefined : this.#sending(print);
      if (row === undefined) continue;
      for (const goal of goalsOf(this.statement, print, row)) {
        this.#cases = 0;
        const open = this.#decide(row, goal);
        if (open !== undefined) yield `${goal.name}: ${open}`;
      }
    }
    const executed = this.statement.prints.find(
      ({ name, weight }) => name === 'EXEC' && centred(weight.values().next().value!) < 0n,
    );
    if (executed !== undefined) yield* this.#place(executed);
  }

  /** Of each tuple that the row sends the wires of which its words and prices are made, not just handed on. */
  made(): ReadonlyMap<number, ReadonlySet<number>> {
    const sources = this.#sources();
    const made = new Map<number, ReadonlySet<number>>();
    for (const print of this.statement.prints) {
      const row = RANGES.includes(print.name) ? undefined : this.#sending(print);
      if (row === undefined) continue;
      const goals = goalsOf(this.statement, print, row).filter(({ name }) => !NO_WORDS.test(name));
      const own = goals.filter(({ products }) => {
        const goal = row.polyOf(products);
        return goal === undefined || !this.#isTaken(row, goal);
      });
      const wires = new Set(own.flatMap(({ products }) => wiresOfProducts(products)));
      // What a wire is computed from, or is a sum of
      for (const wire of wires) for (const one of sources.get(wire) ?? []) wires.add(one);
      made.set(print.at, wires);
    }
    return made;
  }

  /** Of what the equation that defines a wire is made. */
  #sources(): ReadonlyMap<number, readonly number[]> {
    const sources = new Map<number, readonly number[]>();
    const isKnown = (wire: number) => wire === 0 || this.statement.cells.has(wire) || sources.has(wire);
    for (let before = -1; before !== sources.size; ) {
      before = sources.size;
      for (const { a, b, c } of this.statement.equations) {
        const factors = [...wiresOfForm(a), ...wiresOfForm(b)];
        const wires = [...factors, ...wiresOfForm(c)];
        const [wire, ...more] = wiresOfForm(c).filter((one) => !isKnown(one));
        if (wire !== undefined && more.length === 0 && factors.every(isKnown)) sources.set(wire, wires);
        if (constantOf(a) === undefined && constantOf(b) === undefined) continue;
        for (const cell of wires) if (this.statement.cells.has(cell)) sources.set(cell, wires);
      }
    }
    return sources;
  }

  /** A row that sends or supplies the print; undefined when none does. */
  #sending({ name, weight, class: kind, ...print }: Print): KnownRow | undefined {
    if (CONTRACT[name] === undefined && CHANGES[name] === undefined) return undefined;
    if (print.fields.every((products) => isConstant(products))) return new KnownRow(this.statement);
    const any = this.#any();
    const [wire, ...more] = wiresOfForm(weight);
    if (kind === 'table' && wire !== undefined && more.length === 0 && !isChoice(any, weight)) {
      const gate = [...this.statement.gates].find(([one]) => one.at === print.at)?.[1];
      return this.#assume(this.#used(wire, gate));
    }
    if (!this.#isPossible(any, weight)) return undefined;
    return this.#assume([minus(weight, constant(1n))]);
  }

  /** Whether the weight is 1 for some values of its booleans. */
  #isPossible(row: KnownRow, weight: Form): boolean {
    const value = row.polyOf([{ a: constant(1n), b: weight }]);
    const wire = value === undefined ? undefined : splitOf(row, value);
    if (wire === undefined) return value === undefined || value.size > 1 || value.get('') === 1n;
    return [0n, 1n].some((one) => {
      try {
        return this.#isPossible(row.with(minus(new Map([[wire, 1n]]), constant(one))), weight);
      } catch (error) {
        if (error instanceof Contradiction) return false;
        throw error;
      }
    });
  }

  /** What is 0 in a row whose multiplicity counts. */
  #used(wire: number, gate: Form | undefined): Form[] {
    const others = this.statement.equations.flatMap(({ a, b, c }) => {
      if (c.size > 0) return [];
      if (a.size === 1 && a.has(wire)) return [b];
      return b.size === 1 && b.has(wire) ? [a] : [];
    });
    return gate === undefined ? others : [...others, minus(gate, constant(1n))];
  }

  #assume(forms: readonly Form[]): KnownRow | undefined {
    try {
      return forms.reduce((row, form) => row.with(form), this.#any());
    } catch (error) {
      if (error instanceof Contradiction) return undefined;
      throw error;
    }
  }

  /** Any row at all. */
  #any(): KnownRow {
    this.#anyRow ??= new KnownRow(this.statement).with(new Map());
    return this.#anyRow;
  }

  /** A row that executes looks up what stands at its place in the code. */
  #place(executed: Print): string[] {
    const row = this.#assume([plus(executed.weight, constant(1n))])!;
    const field = (print: Print, name: string) => row.polyOf(print.fields[fieldsOf(print.name).indexOf(name)]!)!;
    const looks = this.statement.prints.some(
      (one) =>
        one.name === 'CODE' &&
        row.takes(one) &&
        ['code', 'pc'].every((name) => isSame(field(one, name), field(executed, name))),
    );
    return looks ? [] : ['EXEC.pc: CODE is not looked up there'];
  }

  /** Why the goal does not follow in some case; undefined when it does. */
  #decide(row: KnownRow, goal: Goal): string | undefined {
    const plain = row.polyOf(goal.products);
    if (plain === undefined) {
      const wire = [...this.statement.cells].find((one) => isOpen(row, one));
      return wire === undefined ? 'too large' : this.#split(row, goal, wire);
    }
    if (this.#follows(row, goal, plain)) return undefined;
    const kept = row.polyOf(goal.products, true);
    if (kept !== undefined && this.#follows(row, goal, kept)) return undefined;
    const wire = splitOf(row, plain) ?? this.#splitBeside(row, plain);
    if (wire === undefined) {
      if (this.#isListed(row, goal, plain)) return undefined;
      return this.#text(plain);
    }
    return this.#split(row, goal, wire);
  }

  #split(row: KnownRow, goal: Goal, wire: number): string | undefined {
    if (++this.#cases > CASES) return `more than ${CASES} cases`;
    for (const value of [1n, 0n]) {
      try {
        const open = this.#decide(row.with(minus(new Map([[wire, 1n]]), constant(value))), goal);
        if (open !== undefined) return open;
      } catch (error) {
        if (!(error instanceof Contradiction)) throw error;
      }
    }
    return undefined;
  }

  #follows(row: KnownRow, { from, to }: Goal, goal: Poly): boolean {
    const bounds = boundsOf(goal, (wire) => row.boundsOf(wire));
    if (bounds !== undefined && bounds.lo >= from && bounds.hi <= to) return true;
    if (this.#isAbove(row, { from, to }, goal)) return true;
    return from === 0n && this.#isTaken(row, goal, to);
  }

  /** Whether the goal is within its limits because a tuple that the row looks up has one field above another. */
  #isAbove(row: KnownRow, { from, to }: Pick<Goal, 'from' | 'to'>, goal: Poly): boolean {
    return this.statement.prints.some((print) => {
      const relation = row.takes(print) ? ABOVE[print.name] : undefined;
      if (relation === undefined) return false;
      const [field, other, least, most] = relation;
      const [high, low] = [field, other].map((name) => row.polyOf(print.fields[fieldsOf(print.name).indexOf(name)]!));
      if (high === undefined || low === undefined) return false;
      // goal = times * (high - low) + rest
      const apart = sumOf(high, low, -1n);
      const [key, x] = [...apart].find(([wires]) => goal.has(wires)) ?? [];
      if (key === undefined || key === '') return false;
      const times = centred(mod(goal.get(key)! * inverse(x!)));
      const bounds = boundsOf(sumOf(goal, apart, -times), (wire) => row.boundsOf(wire));
      if (bounds === undefined) return false;
      const [lo, hi] = times < 0n ? [times * most, times * least] : [times * least, times * most];
      return bounds.lo + lo >= from && bounds.hi + hi <= to;
    });
  }

  /** Whether the row looks up or receives the same value, within this limit. */
  #isTaken(row: KnownRow, goal: Poly, limit = R): boolean {
    return this.statement.prints.some((print) => {
      const limits = CONTRACT[print.name];
      if (limits === undefined || !row.takes(print)) return false;
      return fieldsOf(print.name).some((field, i) => {
        const most = limits[field];
        if (most === undefined || most > limit) return false;
        const value = row.polyOf(print.fields[i]!);
        return value !== undefined && isSame(value, goal);
      });
    });
  }

  #isListed(row: KnownRow, { name }: Goal, goal: Poly): boolean {
    const one = this.reasons.find((reason) => reason.goal.test(name));
    if (one === undefined) return false;
    const isBounded = (wire: number, most = R): boolean => {
      const bounds: Bounds | undefined = row.boundsOf(wire);
      return bounds !== undefined && bounds.lo >= 0n && bounds.hi <= most;
    };
    const limits = Object.entries(one.limits).every(([column, most]) =>
      this.#cells(column).every((wire) => isBounded(wire, most)),
    );
    if (!limits || !wiresIn(goal).every((wire) => isBounded(wire))) return false;
    this.used.add(one);
    return true;
  }

  /** The wires of a column. */
  #cells(column: string): number[] {
    return this.circuit.cells.flatMap((name, k) =>
      name === column || name.startsWith(`${column}[`) ? [WIRE.cells + k] : [],
    );
  }

  /** A boolean that is not known and stands beside a wire without bounds, or beside what that one depends on. */
  #splitBeside(row: KnownRow, goal: Poly): number | undefined {
    let wires = new Set(wiresIn(goal).filter((wire) => row.boundsOf(wire) === undefined));
    for (let hop = 0; hop < HOPS && wires.size > 0; hop++) {
      const beside = this.#groups().filter((group) => group.some((wire) => wires.has(wire)));
      const found = beside.flat().find((wire) => isOpen(row, wire));
      if (found !== undefined) return found;
      wires = new Set(beside.flat().filter((wire) => wire !== 0 && row.boundsOf(wire) === undefined));
    }
    return undefined;
  }

  /** Wires that stand together in an equation, or in a tuple and its weight. */
  #groups(): readonly (readonly number[])[] {
    if (this.#wires !== undefined) return this.#wires;
    this.#wires = [
      ...this.statement.equations.map(({ a, b, c }) => [...wiresOfForm(a), ...wiresOfForm(b), ...wiresOfForm(c)]),
      ...this.statement.prints.map(({ weight, fields }) => [
        ...wiresOfForm(weight),
        ...fields.flatMap(wiresOfProducts),
      ]),
    ];
    return this.#wires;
  }

  #text(goal: Poly): string {
    const terms = [...goal].slice(0, 4).map(([key, x]) => {
      return [`${centred(x)}`, ...wiresOf(key).map((wire) => this.circuit.nameOf(wire))].join('*');
    });
    return goal.size > 4 ? `${terms.join(' + ')} + ... (${goal.size} terms)` : terms.join(' + ');
  }
}

/** A boolean of the goal that is not known, one of its products before others. */
function splitOf(row: KnownRow, goal: Poly): number | undefined {
  const keys = [...goal.keys()].map(wiresOf).sort((a, b) => b.length - a.length);
  return keys.flat().find((wire) => isOpen(row, wire));
}

/** Whether a weight is made of booleans. */
function isChoice(row: KnownRow, weight: Form): boolean {
  const value = row.polyOf([{ a: constant(1n), b: weight }]);
  return value !== undefined && wiresIn(value).every((wire) => isOpen(row, wire));
}

/** Whether a wire may be 0 or 1, for all that is known. */
function isOpen({ known }: KnownRow, wire: number): boolean {
  const bounds = known.values.has(wire) ? undefined : known.bounds.get(wire);
  return bounds?.lo === 0n && bounds.hi === 1n;
}

function isConstant(products: readonly Product[]): boolean {
  return products.every(({ a, b }) => constantOf(a) !== undefined && constantOf(b) !== undefined);
}

/** All wires of a field. */
export function wiresOfProducts(products: readonly Product[]): number[] {
  return products.flatMap(({ a, b }) => [...wiresOfForm(a), ...wiresOfForm(b)]);
}
