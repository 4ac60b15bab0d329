import type { Curve } from 'ffjavascript';
import { forEachTerm, type R1cs, TERM } from '../../build/r1cs.js';
import { inverse, mod, R } from '../../bus/field.js';
import { fromLittleEndian, littleEndian } from '../../bus/little-endian.js';
import type { Trapdoors } from './seeds.js';

/** A constraint system as a quadratic arithmetic program, evaluated at tau (Groth 2016, section 2.3). */
export interface Qap {
  /** log2 of the domain's size. */
  readonly power: number;
  /** A_i(tau), B_i(tau), C_i(tau) per wire. */
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly c: readonly bigint[];
  /** Lagrange polynomials of the double domain at tau, odd positions only: how snarkjs writes its H section. Computed when asked. */
  h(): readonly bigint[];
}

/** beta A_i(tau) + alpha B_i(tau) + C_i(tau): what gamma or delta divides (Groth 2016, section 3.2). */
export function combinedAt({ a, b, c }: Qap, { alpha, beta }: Pick<Trapdoors, 'alpha' | 'beta'>, wire: number): bigint {
  return (beta * a[wire]! + alpha * b[wire]! + c[wire]!) % R;
}

/** log2 of the smallest domain that holds a row per constraint and per public signal, the constant 1 included. */
function domainPower({ constraints, publics }: R1cs): number {
  return Math.ceil(Math.log2(constraints + publics + 1));
}

/** Evaluates the constraints at tau. As in snarkjs, one row `public signal i in A` per public signal follows them. */
export function evaluateQap(r1cs: R1cs, curve: Curve, tau: bigint): Qap {
  const power = domainPower(r1cs);
  const lagrange = lagrangeAt(curve, tau, power, false);
  const matrices = [0, 1, 2].map(() => new Array<bigint>(r1cs.wires).fill(0n)) as [bigint[], bigint[], bigint[]];
  forEachTerm(r1cs, (constraint, matrix, wire, at) => {
    const values = matrices[matrix]!;
    const coefficient = fromLittleEndian(r1cs.bytes, at);
    const product = coefficient === 1n ? lagrange[constraint]! : coefficient * lagrange[constraint]!;
    values[wire] = (values[wire]! + product) % R;
  });
  const [a, b, c] = matrices;
  for (let i = 0; i <= r1cs.publics; i++) a[i] = mod(a[i]! + lagrange[r1cs.constraints + i]!);
  return { power, a, b, c, h: () => lagrangeAt(curve, tau, power + 1, true) };
}

/**
 * The Lagrange polynomials of the domain of 2^power roots of unity at tau, L_i = w^i (tau^n - 1) / (n (tau - w^i)),
 * with one inversion for all. `odd`: only those of odd i.
 */
function lagrangeAt(curve: Curve, tau: bigint, power: number, odd: boolean): bigint[] {
  const n = 1 << power;
  const root = curve.Fr.toObject(curve.Fr.w[power]!);
  const step = odd ? (root * root) % R : root;
  const count = odd ? n / 2 : n;
  let tauToN = tau;
  for (let i = 0; i < power; i++) tauToN = (tauToN * tauToN) % R;
  const factor = (mod(tauToN - 1n) * inverse(BigInt(n))) % R;
  const numerators = new Array<bigint>(count);
  const denominators = new Array<bigint>(count);
  const prefixes = new Array<bigint>(count);
  let product = 1n;
  for (let i = 0, x = odd ? root : 1n; i < count; i++, x = (x * step) % R) {
    numerators[i] = (factor * x) % R;
    denominators[i] = mod(tau - x);
    prefixes[i] = product;
    product = (product * denominators[i]!) % R;
  }
  for (let i = count - 1, suffix = inverse(product); i >= 0; i--) {
    numerators[i] = (numerators[i]! * ((suffix * prefixes[i]!) % R)) % R;
    suffix = (suffix * denominators[i]!) % R;
  }
  return numerators;
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
