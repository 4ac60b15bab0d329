import { inverse, R } from '../../../src/bus/field.js';
import { constantOf, type Form, minus, type Product, plus, scaled, wiresIn } from './forms.js';
import { Contradiction, Knowledge } from './knowledge.js';

/** A row of which some wires are known: what follows from single constraints. */
export abstract class PartlyKnown {
  readonly known: Knowledge;
  /** Numbers of wires that stand for how far a form is from 0, by the form's place. */
  readonly #slacks: Map<string, number>;

  constructor(from?: PartlyKnown) {
    this.known = new Knowledge(from?.known);
    this.#slacks = new Map(from === undefined ? [] : from.#slacks);
  }

  /** Takes note that form = 0, where `slack` is the wire that says how far another one is from 0. */
  protected abstract note(form: Form, slack?: number): void;

  /** The form with what is known put in. */
  protected rest(form: Form): Form {
    return this.known.rest(form);
  }

  /** What a form is in which all that is known is put in. */
  protected constant(rest: Form): bigint | undefined {
    return constantOf(rest);
  }

  /** A sum of products each of which is linear. */
  protected linear(products: readonly Product[]): Form | undefined {
    let sum: Form = new Map();
    for (const product of products) {
      const form = this.product(product);
      if (form === undefined) return undefined;
      sum = plus(sum, form);
    }
    return sum;
  }

  /** A product one of whose factors is known. */
  protected product({ a, b }: Product): Form | undefined {
    const [x, y] = [this.rest(a), this.rest(b)];
    const first = this.constant(x);
    if (first !== undefined) return scaled(y, first);
    const second = this.constant(y);
    return second === undefined ? undefined : scaled(x, second);
  }

  /** a * b = 0, where b differs from a multiple of a by a constant: a is one of two values, here 0 and something else. */
  protected boolean(place: string, first: Form, second: Form): void {
    const [a, b] = first.has(0) ? [second, first] : [first, second];
    const [wire] = wiresIn(a);
    const [x, y] = [wire === undefined ? undefined : a.get(wire), wire === undefined ? undefined : b.get(wire)];
    if (x === undefined || y === undefined) return;
    const difference = constantOf(minus(scaled(b, x), scaled(a, y)));
    if (difference === undefined || difference === 0n) return;
    // x b = y a + difference, so b = 0 where a = -difference / y.
    this.within(place, scaled(a, inverse(-difference) * y), 1n);
  }

  /** The form is an integer of [0, most]. @throws Contradiction */
  protected within(place: string, form: Form, most: bigint): void {
    const rest = this.rest(form);
    const value = constantOf(rest);
    if (value !== undefined) {
      if (value > most) throw new Contradiction();
      return;
    }
    const [wire] = wiresIn(rest);
    if (rest.size === 1 && rest.get(wire!) === 1n) {
      this.known.narrow(wire!, 0n, most);
      return;
    }
    const slack = this.#slacks.get(place) ?? -1 - this.#slacks.size;
    this.#slacks.set(place, slack);
    this.known.narrow(slack, 0n, most);
    this.note(plus(rest, new Map([[slack, R - 1n]])), slack);
  }
}
