/** The parts of a field's text that multiply, and what all of it is written with; `generate-field.ts` says what an element is. */
const LIMBS = 9;
const BITS = 29n;
export const BASE = 1n << BITS;
export const MASK = '0x1fffffff';
export const INDEX = Array.from({ length: LIMBS }, (_, i) => i);
export const LAST = LIMBS - 1;

export const hex = (x: bigint) => `0x${x.toString(16)}`;
export const each = (line: (i: number) => string) => INDEX.map(line).join('\n');

export const limb = (name: string, i: number) => `load<u32>(${name}, ${4 * i})`;

export function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  for (let b = base % p, e = exponent; e > 0n; e >>= 1n, b = (b * b) % p) if (e & 1n) result = (result * b) % p;
  return result;
}

/** Limbs of a value below 2^264, the last one taking what is left. */
export function limbsOf(x: bigint): bigint[] {
  return INDEX.map((i) => (i < LAST ? (x >> (BITS * BigInt(i))) & (BASE - 1n) : x >> (BITS * BigInt(LAST))));
}

/** Limbs of t, 64 bits wide, brought below 2^29 and given to `use`; limb 8 is what limb 7 carries. */
const normalised = (use: (i: number, limb: string) => string) =>
  INDEX.map((i) => {
    const t = `t${LIMBS + i}`;
    const value = i === 0 ? t : i < LAST ? `${t} + k` : 'k';
    return [`${i === 0 ? 'let k' : 'k'} = ${value};`, use(i, `<u32>k${i < LAST ? ` & ${MASK}` : ''}`)]
      .concat(i < LAST ? ['k >>= 29;'] : [])
      .join('\n');
  }).join('\n');

/** Stores a product's limbs at r. */
const stored = (i: number, limb: string) => `store<u32>(r, ${limb}, ${4 * i});`;

/** Adds a product's limbs to those at x, and stores what was there less the product, and `multiple` of p, at y. */
const addedAndTaken = (multiple: readonly bigint[]) => (i: number, product: string) =>
  [
    `const m${i} = ${product};`,
    `const x${i} = ${limb('x', i)};`,
    `${i === 0 ? 'let v: u32' : 'v'} = x${i} + m${i}${i === 0 ? '' : ' + (v >>> 29)'};`,
    `store<u32>(x, v${i < LAST ? ` & ${MASK}` : ''}, ${4 * i});`,
    `${i === 0 ? 'let d: u32' : 'd'} = x${i} + ${hex(multiple[i]!)} - m${i}${i === 0 ? '' : ' + (d >>> 29)'};`,
    `store<u32>(y, d${i < LAST ? ` & ${MASK}` : ''}, ${4 * i});`,
  ].join('\n');

/** Terms by column; the first column is that of the lower row. */
type Columns = readonly (readonly string[])[];

/** Rows i and i + 1 of a product, or the last one: what is computed ahead of their terms, and these. */
interface Rows {
  readonly ahead: readonly string[];
  readonly columns: Columns;
}

/** (x0 + x1 2^29) times nine limbs, two by two in three products (Karatsuba): `sums` are those of limbs 0 and 1, 2 and 3, and so on. */
function twoRows(name: string, x0: string, x1: string, limbs: readonly string[], sums: readonly string[]): Rows {
  const ahead: string[] = [];
  const columns = Array.from({ length: LIMBS + 1 }, (): string[] => []);
  for (const [k, sum] of sums.entries()) {
    const [low, high] = [`${name}l${k}`, `${name}h${k}`];
    ahead.push(`const ${low} = ${x0} * ${limbs[2 * k]};`, `const ${high} = ${x1} * ${limbs[2 * k + 1]};`);
    columns[2 * k]!.push(low);
    columns[2 * k + 1]!.push(`(${x0} + ${x1}) * ${sum} - ${low} - ${high}`);
    columns[2 * k + 2]!.push(high);
  }
  columns[LAST]!.push(`${x0} * ${limbs[LAST]}`);
  columns[LAST + 1]!.push(`${x1} * ${limbs[LAST]}`);
  return { ahead, columns };
}

/**
 * Products, two rows at a time, each followed by a step of Montgomery's reduction, which adds a multiple of p to make the two lowest limbs 0.
 *
 * The time of a product hangs on its multiplications of words, one a cycle on many machines, and on the chain from each lowest limb to the
 * next. So the first steps add q M with M = k p, k = -1/p mod 2^58 (a scaled modulus): M is -1 modulo 2^58, so q is the two lowest limbs
 * themselves, and what the two leave above them is q (M + 1) / 2^58. The next one does so with one limb. All that these add is below
 * 2^233 p, in the end 2^-28 p; the last two steps add less than p.
 */
export function montgomery(p: bigint, head: string, rows: (i: number) => Rows, use = stored) {
  const lines = [head, 'let q: u64, q1: u64, u: u64;'];
  const declared = new Set<string>();
  const add = (from: number, { ahead, columns }: Rows) => {
    lines.push(...ahead);
    for (const [k, terms] of columns.entries()) {
      const t = `t${from + k}`;
      if (terms.length === 0) continue;
      lines.push(`${declared.has(t) ? `${t} = ${t} +` : `let ${t} =`} ${terms.join(' + ')};`);
      declared.add(t);
    }
  };
  const scaled = (bits: bigint) => limbsOf((negativeInverse(p, bits) * p + 1n) >> bits);
  const [one, two, plain] = [scaled(BITS), scaled(2n * BITS), limbsOf(p)];
  const twoSums = [0, 2, 4, 6].map((j) => hex(two[j]! + two[j + 1]!));
  const times = (limbs: readonly bigint[]) => limbs.map((limb) => [`q * ${hex(limb)}`]);
  for (let i = 0; i < LIMBS - 3; i += 2) {
    add(i, rows(i));
    lines.push(`q = t${i} & ${MASK};`, `u = t${i + 1} + (t${i} >> 29);`, `q1 = u & ${MASK};`);
    const step = twoRows(`r${i}`, 'q', 'q1', two.map(hex), twoSums);
    add(i + 2, { ...step, columns: step.columns.map((terms, k) => (k === 0 ? ['(u >> 29)', ...terms] : terms)) });
  }
  const i = LIMBS - 3;
  add(i, rows(i));
  lines.push(`q = t${i} & ${MASK};`);
  add(i + 1, {
    ahead: [`u = t${i} >> 29;`],
    columns: times(one).map((terms, k) => (k === 0 ? ['u', ...terms] : terms)),
  });
  for (const i of [LIMBS - 2, LIMBS - 1]) {
    if (i === LAST) add(i, rows(i));
    lines.push(`q = (<u32>t${i} * ${hex(negativeInverse(p, BITS))}) & ${MASK};`);
    lines.push(`u = (t${i} + q * ${hex(plain[0]!)}) >> 29;`);
    add(i + 1, { ahead: [], columns: times(plain.slice(1)).map((terms, k) => (k === 0 ? ['u', ...terms] : terms)) });
  }
  lines.push(normalised(use));
  return lines.join('\n');
}

/** -1/p mod 2^bits. */
function negativeInverse(p: bigint, bits: bigint): bigint {
  return (1n << bits) - power(p, (1n << (bits - 1n)) - 1n, 1n << bits);
}

/** Texts of products, each divided by 2^261. */
export interface Products {
  /** Writes a b to r. */
  readonly product: string;
  /** Writes a b + c d to r. */
  readonly fused: string;
  /** Writes a^2 to r. */
  readonly square: string;
  /** Writes x + y w to x, and x - y w and the multiple of p to y. */
  readonly butterfly: string;
}

const wide = (name: string) => each((i) => `const ${name}${i}: u64 = ${limb(name, i)};`);
/** Sums of limbs 0 and 1, 2 and 3, and so on. */
const pairs = (name: string) =>
  [0, 1, 2, 3].map((k) => `const ${name}s${k} = ${name}${2 * k} + ${name}${2 * k + 1};`).join('\n');

/** A factor's limbs and their sums: what stands ahead of the rows of a product with it. */
export const factor = (name: string) => `${wide(name)}\n${pairs(name)}`;

/** Rows i and i + 1 of x y, or row 8 alone, y being a {@link factor}; `at` gives limb j of x. */
export function productRows(x: string, y: string, i: number, at = (j: number) => limb(x, j)): Rows {
  const limbs = INDEX.map((j) => `${y}${j}`);
  const loads = [i, i + 1].filter((j) => j < LIMBS).map((j) => `const ${x}${j}: u64 = ${at(j)};`);
  if (i === LAST) return { ahead: loads, columns: limbs.map((name) => [`${x}${i} * ${name}`]) };
  const sums = [0, 1, 2, 3].map((k) => `${y}s${k}`);
  const { ahead, columns } = twoRows(`${x}${i}`, `${x}${i}`, `${x}${i + 1}`, limbs, sums);
  return { ahead: [...loads, ...ahead], columns };
}

/** Rows i and i + 1 of a square of limbs by a name, or row 8: products of two different limbs are made once, and doubled. */
export function squareRows(name: string, i: number): Rows {
  const own = [i, i + 1].filter((j) => j < LIMBS);
  const columns = Array.from({ length: 2 * LIMBS - i }, (): string[] => []);
  for (const row of own) {
    for (let j = row; j < LIMBS; j++) columns[row + j - i]!.push(`${j === row ? name : 'e'}${row} * ${name}${j}`);
  }
  return { ahead: own.filter((row) => row < LAST).map((row) => `const e${row} = ${name}${row} << 1;`), columns };
}

/** @param multiple limbs of the multiple of p that keeps differences from being negative, limb by limb */
export function products(p: bigint, multiple: readonly bigint[]): Products {
  const fused = montgomery(p, ['b', 'd'].map(factor).join('\n'), (i) => {
    const [one, other] = [productRows('a', 'b', i), productRows('c', 'd', i)];
    const columns = one.columns.map((terms, k) => [...terms, ...other.columns[k]!]);
    return { ahead: [...one.ahead, ...other.ahead], columns };
  });
  return {
    product: montgomery(p, factor('b'), (i) => productRows('a', 'b', i)),
    fused,
    square: montgomery(p, wide('a'), (i) => squareRows('a', i)),
    butterfly: montgomery(p, factor('w'), (i) => productRows('y', 'w', i), addedAndTaken(multiple)),
  };
}
