import { inverse, mod } from '../bus/field.js';
import { fromLittleEndian, littleEndianAll } from '../bus/little-endian.js';

/** Numbers of the two coefficients that most terms have. */
export const ONE = 0;
export const MINUS_ONE = 1;

/** The distinct coefficients of a circuit, below r, each with a number in the order of first use: a shape has millions of terms and few thousand of them. */
export class Coefficients {
  readonly #values: bigint[] = [];
  readonly #numbers = new Map<bigint, number>();
  /** Numbers of values that were read, by a hash of their words. */
  readonly #read = new Map<number, number[]>();
  /** Their words, by number. */
  readonly #words: Uint32Array[] = [];
  readonly #inverses = new Map<number, number>();

  constructor() {
    this.numberOf(1n);
    this.numberOf(-1n);
  }

  /** The number of a value, taken mod r. */
  numberOf(value: bigint): number {
    const x = mod(value);
    const known = this.#numbers.get(x);
    if (known !== undefined) return known;
    this.#numbers.set(x, this.#values.length);
    return this.#values.push(x) - 1;
  }

  /** The number of the value, below r, whose eight words stand at `at`, the lowest first. */
  read(words: Uint32Array, at: number): number {
    const key = words[at]! ^ Math.imul(words[at + 7]!, 0x9e3779b1);
    const alike = this.#read.get(key) ?? [];
    for (const number of alike) {
      const known = this.#words[number]!;
      let i = 0;
      while (i < 8 && known[i] === words[at + i]) i++;
      if (i === 8) return number;
    }
    const own = words.slice(at, at + 8);
    const number = this.numberOf(fromLittleEndian(Buffer.from(own.buffer)));
    this.#words[number] = own;
    this.#read.set(key, [...alike, number]);
    return number;
  }

  /** The number of 1 / value. */
  inverseOf(number: number): number {
    let found = this.#inverses.get(number);
    if (found === undefined) {
      found = this.numberOf(inverse(this.valueOf(number)));
      this.#inverses.set(number, found);
    }
    return found;
  }

  valueOf(number: number): bigint {
    return this.#values[number]!;
  }

  /** All values, 32 little-endian bytes each. */
  words(): Buffer {
    return littleEndianAll(this.#values);
  }
}
