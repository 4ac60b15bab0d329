import { mod } from '../bus/field.js';
import { fromLittleEndian, littleEndianAll } from '../bus/little-endian.js';

/** Numbers of the two coefficients that most terms have. */
export const ONE = 0;
export const MINUS_ONE = 1;

/** The distinct coefficients of a circuit, below r, each with a number in the order of first use: a shape has millions of terms and few thousand of them. */
export class Coefficients {
  readonly #values: bigint[] = [];
  readonly #numbers = new Map<bigint, number>();
  readonly #read = new Map<string, number>();

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

  /** The number of the value that stands at `at` as 32 little-endian bytes. */
  read(bytes: Buffer, at: number): number {
    const text = bytes.toString('latin1', at, at + 32);
    let number = this.#read.get(text);
    if (number === undefined) {
      number = this.numberOf(fromLittleEndian(bytes, at));
      this.#read.set(text, number);
    }
    return number;
  }

  valueOf(number: number): bigint {
    return this.#values[number]!;
  }

  /** All values, 32 little-endian bytes each. */
  words(): Buffer {
    return littleEndianAll(this.#values);
  }
}
