import { domainPower, forEachTerm, type R1cs, TERM } from '../../build/r1cs.js';
import { R } from '../../bus/field.js';
import { fromLittleEndian, littleEndian } from '../../bus/little-endian.js';
import { FE, type Kernel, type Pointer, WORD } from '../../engine/kernel.js';
import { putWords } from '../../engine/points.js';
import type { Trapdoors } from './seeds.js';

/** Scalars in the kernel's memory: so many words from an address on. */
export interface Scalars {
  readonly at: Pointer;
  readonly count: number;
}

/** Puts numbers into the kernel's memory as words. */
export function putScalars(kernel: Kernel, values: readonly bigint[]): Scalars {
  return { at: putWords(kernel, values), count: values.length };
}

/**
 * A constraint system as a quadratic arithmetic program, evaluated at tau (Groth 2016, section 2.3) in a kernel's memory. As in snarkjs, one
 * row `public signal i in A` per public signal follows the constraints. tau is no root of unity: it is a hash (`seeds.ts`).
 */
export class Qap {
  /** log2 of the domain's size. */
  readonly power: number;
  readonly #kernel: Kernel;
  readonly #wires: number;
  readonly #tau: Pointer;
  /** A_i(tau), B_i(tau), C_i(tau) per wire: three lists of elements. */
  readonly #values: Pointer;

  constructor(kernel: Kernel, r1cs: R1cs, tau: bigint) {
    const { call } = kernel;
    const { wires, constraints, publics } = r1cs;
    this.#kernel = kernel;
    this.#wires = wires;
    this.power = domainPower(r1cs);
    this.#tau = this.#element(tau);
    this.#values = kernel.alloc(3 * FE * wires);
    kernel.view(this.#values, 3 * FE * wires).fill(0);
    const mark = kernel.mark();
    const lagrange = this.#lagrange(1n, this.power, false);
    call.fr_evaluate(kernel.put(r1cs.bytes), constraints, lagrange, this.#values, wires);
    call.fr_evaluate(kernel.put(publicRows(publics)), publics + 1, lagrange + FE * constraints, this.#values, wires);
    kernel.release(mark);
  }

  /** A_i(tau) of all wires. */
  a(): Scalars {
    return this.#words(this.#values, this.#wires);
  }

  /** B_i(tau) of all wires. */
  b(): Scalars {
    return this.#words(this.#values + FE * this.#wires, this.#wires);
  }

  /** Lagrange polynomials of the double domain at tau, odd positions only, times a factor: how snarkjs writes its H section. */
  h(factor: bigint): Scalars {
    return this.#words(this.#lagrange(factor, this.power + 1, true), 2 ** this.power);
  }

  /** (beta A_i(tau) + alpha B_i(tau) + C_i(tau)) times a factor, of wires [from, to): what gamma or delta divides (Groth 2016, section 3.2). */
  combined({ alpha, beta }: Pick<Trapdoors, 'alpha' | 'beta'>, from: number, to: number, factor = 1n): Scalars {
    const { call } = this.#kernel;
    const [a, b, c] = [0, 1, 2].map((matrix) => this.#values + FE * (matrix * this.#wires + from)) as Triple;
    const [x, y, z] = [beta * factor, alpha * factor, factor].map((v) => this.#element(v % R)) as Triple;
    const at = this.#kernel.alloc(WORD * (to - from));
    call.fr_combine(at, a, b, c, to - from, x, y, z);
    return { at, count: to - from };
  }

  #element(x: bigint): Pointer {
    const at = this.#kernel.alloc(FE);
    this.#kernel.call.fr_from_words(at, putWords(this.#kernel, [x]), 1);
    return at;
  }

  #words(elements: Pointer, count: number): Scalars {
    const at = this.#kernel.alloc(WORD * count);
    this.#kernel.call.fr_to_words(at, elements, count);
    return { at, count };
  }

  #lagrange(factor: bigint, power: number, odd: boolean): Pointer {
    const kernel = this.#kernel;
    const bytes = FE * 2 ** (odd ? power - 1 : power);
    const scale = this.#element(factor);
    const out = kernel.alloc(bytes);
    const mark = kernel.mark();
    kernel.call.fr_lagrange(out, this.#tau, scale, power, odd ? 1 : 0, kernel.alloc(bytes));
    kernel.release(mark);
    return out;
  }
}

type Triple = [Pointer, Pointer, Pointer];

/** Rows `wire i in A` of the constant 1 and the public signals, as an r1cs has constraints. */
function publicRows(publics: number): Buffer {
  const rows = Array.from({ length: publics + 1 }, (_, wire) => {
    const row = Buffer.alloc(4 + TERM + 4 + 4);
    row.writeUInt32LE(1);
    row.writeUInt32LE(wire, 4);
    littleEndian(1n, row, 8);
    return row;
  });
  return Buffer.concat(rows);
}

/** 2^512 mod r: snarkjs stores a coefficient x as x * 2^512, Montgomery form twice. */
const MONTGOMERY_SQUARED = (1n << 512n) % R;
/** Bytes of one coefficient: u32 matrix, u32 row, u32 wire, value. */
const COEFFICIENT = 44;

/** The zkey's section of the coefficients of A and B: u32 count, then {@link COEFFICIENT} bytes each. */
export function coefficientSection(r1cs: R1cs): Buffer {
  let count = r1cs.publics + 1;
  forEachTerm(r1cs, (_constraint, matrix) => {
    if (matrix < 2) count++;
  });
  const bytes = Buffer.alloc(4 + COEFFICIENT * count);
  bytes.writeUInt32LE(count);
  // A circuit has few distinct coefficients: each is brought into form once.
  const forms = new Map<bigint, Buffer>();
  const formOf = (value: bigint) => {
    const known = forms.get(value);
    if (known !== undefined) return known;
    const form = Buffer.alloc(TERM - 4);
    littleEndian((value * MONTGOMERY_SQUARED) % R, form);
    forms.set(value, form);
    return form;
  };
  let at = 4;
  const push = (matrix: number, row: number, wire: number, value: bigint) => {
    bytes.writeUInt32LE(matrix, at);
    bytes.writeUInt32LE(row, at + 4);
    bytes.writeUInt32LE(wire, at + 8);
    bytes.set(formOf(value), at + 12);
    at += COEFFICIENT;
  };
  forEachTerm(r1cs, (constraint, matrix, wire, offset) => {
    if (matrix < 2) push(matrix, constraint, wire, fromLittleEndian(r1cs.bytes, offset));
  });
  for (let i = 0; i <= r1cs.publics; i++) push(0, r1cs.constraints + i, i, 1n);
  return bytes;
}
