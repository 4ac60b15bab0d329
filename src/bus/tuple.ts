import { inverse, mod, R } from './field.js';
import { fieldsOf, LAYOUT, TAG_POWER, type TupleName } from './layout.js';

/** One tuple: its kind and its values in the order of the layout's fields, each in [0, r). */
export interface Tuple {
  readonly name: TupleName;
  readonly values: readonly bigint[];
}

/** A text that is the same for equal tuples alone. */
export function keyOf({ name, values }: Tuple): string {
  return `${name}:${values.join()}`;
}

/** A weighted tuple: positive weight sent, negative received. Weights live in the field; trie tuples use any. */
export interface Term {
  readonly weight: bigint;
  readonly tuple: Tuple;
}

/** The values of a tuple kind by field name. */
export type TupleFields<N extends TupleName> = { readonly [F in keyof (typeof LAYOUT)[N]['fields']]: bigint };

/** Rows make tuples by the million: their fields are listed once. */
const FIELDS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.keys(LAYOUT).map((name) => [name, fieldsOf(name as TupleName)]),
);

/** Makes a tuple from named fields, reduced mod r. */
export function tuple<N extends TupleName>(name: N, fields: TupleFields<N>): Tuple {
  const byName = fields as Readonly<Record<string, bigint>>;
  const names = FIELDS[name]!;
  const values = new Array<bigint>(names.length);
  for (let i = 0; i < names.length; i++) {
    const value = byName[names[i]!]!;
    values[i] = value >= 0n && value < R ? value : mod(value);
  }
  return { name, values };
}

/** Weight times a tuple: `term(1n, ...)` sends, `term(-1n, ...)` receives. */
export function term<N extends TupleName>(weight: bigint, name: N, fields: TupleFields<N>): Term {
  return { weight, tuple: tuple(name, fields) };
}

/** The two challenges with the powers of beta that fingerprints need. */
export interface Challenge {
  readonly alpha: bigint;
  readonly beta: bigint;
  /** beta^0 .. beta^31. */
  readonly powers: readonly bigint[];
}

/** Challenge with its powers of beta. */
export function challengeOf(alpha: bigint, beta: bigint): Challenge {
  const powers = [1n];
  for (let i = 1; i <= TAG_POWER; i++) powers.push(mod(powers[i - 1]! * beta));
  return { alpha, beta, powers };
}

/** f = alpha + sum beta^power * value + beta^31 * tag (layout.ts). */
export function fingerprint({ name, values }: Tuple, { alpha, powers }: Challenge): bigint {
  const spec = LAYOUT[name];
  const fieldPowers = Object.values(spec.fields) as number[];
  return mod(
    values.reduce(
      (sum, value, i) => sum + powers[fieldPowers[i]!]! * value,
      alpha + powers[TAG_POWER]! * BigInt(spec.tag),
    ),
  );
}

/** The LogUp sum of weighted tuples: sum weight / fingerprint, what a circuit's `sum` output must equal. */
export function sumOf(terms: readonly Term[], challenge: Challenge): bigint {
  // One fraction, one inversion: an inversion costs as much as a hundred products.
  let numerator = 0n;
  let denominator = 1n;
  for (const { weight, tuple } of terms) {
    const w = mod(weight);
    if (w === 0n) continue;
    const f = fingerprint(tuple, challenge);
    numerator = mod(numerator * f + w * denominator);
    denominator = mod(denominator * f);
  }
  return mod(numerator * inverse(denominator));
}

/** A readable, unique key: `REF X=5 trie=0 q=1 d=0`. */
export function describe({ name, values }: Tuple): string {
  return `${name} ${fieldsOf(name)
    .map((field, i) => `${field}=${values[i]}`)
    .join(' ')}`;
}
