/**
 * Writes a prime field's arithmetic, unrolled, in AssemblyScript: `src/engine/assembly/generated/{fq,fr}.ts`.
 *
 * An element is nine limbs of 29 bits, each a u32 in memory, least significant first: limbs 0 to 7 are below 2^29 always, limb 8
 * takes what is left (values stay below 2^261, so it is below 2^29 as well). It stands for value / 2^261 mod p (Montgomery form),
 * and is reduced lazily: each function says which values it takes and gives, **in units of p**. 2^261 is 169.28 p, which is
 * what makes laziness cheap: a product of a and b, divided by 2^261, is below 1 + 2^-28 + a b / 169.
 * An element is **lazy** when carries are not taken along: its limbs, the last one too, are below 3 2^29. One factor of a product may be.
 * All functions take byte addresses; a result may stand where an operand stands.
 */
import { chord, packed, type Use, unpacked, unpackedPair, WORDS } from './generate-chord.js';
import { BASE, each, hex, INDEX, LAST, limb, limbsOf, MASK, power, products } from './montgomery.js';

/** 2^28 divides r - 1, and 5 is no square modulo r. */
const TWO_ADICITY = 28n;

/** What the text of a field is made from. */
export interface FieldSpec {
  /** Name of the class. */
  readonly name: string;
  readonly modulus: bigint;
}

/**
 * A multiple of p whose limbs 0 to 7 are at least `least`: taken from it, what is up to that makes no negative limb. Limbs 0 to 7 stay below
 * least + 2^29, and what the limbs above lend below 2^33 / 2^29.
 */
function spread(multiple: bigint, least = BASE - 1n): bigint[] {
  const limbs = limbsOf(multiple);
  for (let i = 0; i < LAST; i++) {
    while (limbs[i]! < least) {
      limbs[i]! += BASE;
      limbs[i + 1]! -= 1n;
    }
  }
  const sum = limbs.reduceRight((high, limb) => high * BASE + limb, 0n);
  if (sum !== multiple || limbs.some((limb) => limb < 0n || limb > least + BASE)) throw new Error('spread: limbs');
  return limbs;
}

const method = (head: string, comment: string, body: string) =>
  `  /** ${comment} */\n  ${head} {\n${body.replace(/^/gm, '    ')}\n  }\n`;

/** `let c = …` per limb of a sum, carries taken along, stored at r. `term` gives limb i, below 2^32 - 8 with its carry. */
function carried(term: (i: number) => string): string {
  const lines = INDEX.flatMap((i) => [
    `${i === 0 ? 'let v: u32' : 'v'} = ${term(i)}${i === 0 ? '' : ' + (v >>> 29)'};`,
    `store<u32>(r, v${i < LAST ? ` & ${MASK}` : ''}, ${4 * i});`,
  ]);
  return lines.join('\n');
}

/** Limbs stored at r as they are, each below 2^32, without carries. */
const uncarried = (term: (i: number) => string) => each((i) => `store<u32>(r, ${term(i)}, ${4 * i});`);

/** Stores limbs at r. */
const stored: Use = (i, limb) => `store<u32>(r, ${limb}, ${4 * i});`;

/**
 * The weak reduction: a sum of limbs less floor(s8 m / 2^44) p. `term(i)` is limb i of the sum, below 2^32 but for s8, which is signed. What the
 * limbs below carry into s8, 7 at most, is left out of the quotient: so it waits for no carry, and does not exceed the true one.
 */
function weakly(p: bigint, term: (i: number) => string, use = stored): string {
  const limbs = limbsOf(p);
  const estimate = (1n << 44n) / (limbs[LAST]! + 1n);
  const lines = INDEX.map((i) => {
    const sum = i < LAST ? `<i64>(${term(i)})` : 's8';
    const difference = `${sum} - q * ${hex(limbs[i]!)}${i === 0 ? '' : ' + (k >> 29)'}`;
    return `${i === 0 ? 'let k' : 'k'} = ${difference};\n${use(i, `<u32>k${i < LAST ? ` & ${MASK}` : ''}`)}`;
  });
  return [`const s8 = <i64><i32>(${term(LAST)});`, `const q = (s8 * ${hex(estimate)}) >> 44;`, ...lines].join('\n');
}

/**
 * Signed sums of limbs, s0 to s8, reduced: carries taken along, then less floor of the last limb's share of p. Where the last limb is negative its
 * share is rounded away from 0, so that in both cases the quotient does not exceed the true one.
 */
function reduced(p: bigint): string {
  const limbs = limbsOf(p);
  const carries = INDEX.map((i) => {
    const sum = i === 0 ? 's0' : `s${i} + (k >> 29)`;
    return `${i === 0 ? 'let k' : 'k'} = ${sum};${i < LAST ? `\nconst t${i} = k & ${MASK};` : ''}`;
  });
  const quotient = `const q = k < 0 ? -((${hex(limbs[LAST]! - 1n)} - k) / ${hex(limbs[LAST]!)}) : k / ${hex(limbs[LAST]! + 1n)};`;
  const lines = INDEX.map((i) => {
    const own = i < LAST ? `t${i}` : 't8';
    const difference = `${own} - q * ${hex(limbs[i]!)}${i === 0 ? '' : ' + (k >> 29)'}`;
    return `k = ${difference};\nstore<u32>(r, <u32>k${i < LAST ? ` & ${MASK}` : ''}, ${4 * i});`;
  });
  return [...carries, `const t8 = k;`, quotient, ...lines].join('\n');
}

/** Words to limbs. */
const unpack = each((i) => `store<u32>(r, ${unpacked('w', i)}, ${4 * i});`);

/** Limbs to words. */
const pack = `${each((i) => `const t${i} = ${limb('a', i)};`)}\n${packed('t', 'w')}`;

/** The text of a field's class and constants. */
export function fieldSource({ name, modulus: p }: FieldSpec): string {
  const limbs = limbsOf(p);
  const k2 = spread(2n * p);
  const k4 = spread(4n * p);
  const k12 = spread(12n * p, 5n * BASE - 2n);
  const constant = (id: string, words: readonly bigint[], comment: string) =>
    `  /** ${comment} */\n  get ${id}(): usize {\n    return memory.data<u32>([${words.map(hex).join(', ')}]);\n  }\n`;
  const word = (x: bigint) => WORDS.map((k) => (x >> BigInt(32 * k)) & 0xffffffffn);
  const { product, fused, square, butterfly } = products(p, k2);
  const multiples = Array.from({ length: 9 }, (_, k) => hex((BigInt(k) * p) & (BASE - 1n)));
  const constants = [
    constant('one', limbsOf((1n << 261n) % p), '1.'),
    constant('minusOne', limbsOf(p - ((1n << 261n) % p)), '-1.'),
    constant('plainOne', limbsOf(1n), 'What a product takes out of Montgomery form.'),
    constant('toMontgomery', limbsOf((1n << 522n) % p), 'What a product brings a plain number into Montgomery form.'),
    constant(
      'from256',
      limbsOf((1n << 266n) % p),
      'What a product brings from Montgomery form by 2^256 to that by 2^261.',
    ),
    constant('to256', limbsOf((1n << 256n) % p), 'What a product brings to Montgomery form by 2^256.'),
    constant(
      'rootOfUnity',
      limbsOf((power(5n, (p - 1n) >> TWO_ADICITY, p) << 261n) % p),
      '5^((p - 1) / 2^28), Montgomery form: of the scalar field, a root of unity of order 2^28.',
    ),
    constant(
      'cubeRoot',
      limbsOf((power(3n, (p - 1n) / 3n, p) << 261n) % p),
      '3^((p - 1) / 3), Montgomery form: of the base field, a root of unity of order 3.',
    ),
    constant(
      'otherCubeRoot',
      limbsOf((power(3n, (2n * (p - 1n)) / 3n, p) << 261n) % p),
      'Its square, which is its inverse.',
    ),
    constant('modulus', word(p), 'p as eight words.'),
  ];
  const methods = [
    method(
      'mul(r: usize, a: usize, b: usize): void',
      'a b / 2^261, below 1 + 2^-28 + a b / 169. For a, b below 160; a may be lazy. A column is 9 products below 3 2^58, 9 below 2^58 and a carry: below 2^64, whatever is borrowed on the way.',
      product,
    ),
    method(
      'sqr(r: usize, a: usize): void',
      'a^2 / 2^261, as `mul`; products of two different limbs are made once, and doubled.',
      square,
    ),
    method(
      'mul2(r: usize, a: usize, b: usize, c: usize, d: usize): void',
      '(a b + c d) / 2^261, below 1 + 2^-28 + (a b + c d) / 169. For operands below 160; a and c may be lazy. A column sums 18 products below 3 2^58, 9 below 2^58 and a carry: below 2^64, as 63 2^58 and a carry are.',
      fused,
    ),
    method(
      'butterfly(x: usize, y: usize, w: usize): void',
      'x + y w / 2^261 and x - y w / 2^261 + 2, not reduced, to x and y. For products of y and w below 169, and x below 160.',
      butterfly,
    ),
    method(
      'add(r: usize, a: usize, b: usize): void',
      'a + b, not reduced. For sums below 169.',
      carried((i) => `${limb('a', i)} + ${limb('b', i)}`),
    ),
    method(
      'sub(r: usize, a: usize, b: usize): void',
      'a - b + 4, not reduced. For b up to 4 and a below 160: limbs of 4 p are spread so that none gets negative; the last is right modulo 2^32, and the whole is not negative.',
      carried((i) => `${limb('a', i)} + ${hex(k4[i]!)} - ${limb('b', i)}`),
    ),
    method(
      'sub2(r: usize, a: usize, b: usize): void',
      'a - b + 2, not reduced. For b up to 2 and a below 160, as `sub`.',
      carried((i) => `${limb('a', i)} + ${hex(k2[i]!)} - ${limb('b', i)}`),
    ),
    method(
      'sub8(r: usize, a: usize, b: usize): void',
      'a - b + 8, not reduced. For b up to 8 and a below 160, as `sub`.',
      carried((i) => `${limb('a', i)} + ${hex(2n * k4[i]!)} - ${limb('b', i)}`),
    ),
    method(
      'subLazy(r: usize, a: usize, b: usize): void',
      'a - b + 4, lazy. For b up to 2, whose last limb is below that of 4, and a below 160.',
      uncarried((i) => `${limb('a', i)} + ${hex(k4[i]!)} - ${limb('b', i)}`),
    ),
    method(
      'neg2(r: usize, a: usize): void',
      '2 - a, not reduced. For a up to 2.',
      carried((i) => `${hex(k2[i]!)} - ${limb('a', i)}`),
    ),
    method(
      'neg8(r: usize, a: usize): void',
      '8 - a, not reduced. For a up to 8.',
      carried((i) => `${hex(2n * k4[i]!)} - ${limb('a', i)}`),
    ),
    method(
      'addReduced(r: usize, a: usize, b: usize): void',
      'a + b below 1.0001. For sums below 16: the quotient by the last limb never exceeds the true one, and is short of it by less than 2^-17 beside its fraction.',
      weakly(p, (i) => `${limb('a', i)} + ${limb('b', i)}`),
    ),
    method(
      'subReduced(r: usize, a: usize, b: usize): void',
      'a - b below 1.0001. For b up to 4 and a below 12, as `sub` and `addReduced`.',
      weakly(p, (i) => `${limb('a', i)} + ${hex(k4[i]!)} - ${limb('b', i)}`),
    ),
    method(
      'subSubReduced(r: usize, a: usize, b: usize, c: usize): void',
      'a - b - c below 1.0001. For b, c up to 4 and a below 8. A limb is below 2^29 + 2^31 + 4.',
      weakly(p, (i) => `${limb('a', i)} + ${hex(2n * k4[i]!)} - ${limb('b', i)} - ${limb('c', i)}`),
    ),
    method(
      `reduce(r: usize, ${INDEX.map((i) => `s${i}: i64`).join(', ')}): void`,
      'The sum of s_i 2^(29 i), below 1.03. For sums of limbs of at most 2^16 elements below 1.1, each added or subtracted: the last limb is below 2^38, so its share errs by less than 2^38 / 2^43.',
      reduced(p),
    ),
    method(
      'mayBeZero(a: usize): bool',
      'False when a is no multiple of p: its lowest limb is not that of 0 to 8. For a up to 8, which may be lazy.',
      `const v = ${limb('a', 0)} & ${MASK};\nreturn ${multiples.map((m) => `v == ${m}`).join(' || ')};`,
    ),
    method(
      'copy(r: usize, a: usize): void',
      'r = a.',
      [0, 8, 16, 24].map((at) => `store<u64>(r, load<u64>(a, ${at}), ${at});`).join('\n') +
        '\nstore<u32>(r, load<u32>(a, 32), 32);',
    ),
    method(
      'canonical(r: usize, a: usize): void',
      'a less p when it is not below p. For a below 2: the result is below 1.',
      `${each((i) => `const t${i} = ${limb('a', i)};`)}\n${each((i) => `${i === 0 ? 'let c' : 'c'} = <i32>t${i} - ${hex(limbs[i]!)}${i === 0 ? '' : ' + (c >> 29)'};\nconst s${i} = <u32>c${i < LAST ? ` & ${MASK}` : ''};`)}\nconst keep = c < 0;\n${each((i) => `store<u32>(r, keep ? t${i} : s${i}, ${4 * i});`)}`,
    ),
    method(
      'subTwiceSubReduced(r: usize, a: usize, b: usize, d: usize): void',
      'a - 2 b - d below 1.0001. For a below 4, b up to 2, d up to 6, which may be lazy. A limb is below 2^29 + 6 2^29.',
      weakly(p, (i) => `${limb('a', i)} + ${hex(k12[i]!)} - 2 * ${limb('b', i)} - ${limb('d', i)}`),
    ),
    method(
      'unpackSubLazy(r: usize, d: usize, w: usize, v: usize): void',
      'The element of eight words at w, to r, and that at v less it, plus 4, lazy, to d. For elements up to 2.',
      unpackedPair('-', k4),
    ),
    method(
      'unpackAddLazy(r: usize, d: usize, w: usize, v: usize): void',
      'The element of eight words at w, to r, and its sum with that at v, lazy, to d.',
      unpackedPair('+', k4),
    ),
    method(
      'chord(sum: usize, x1: usize, slope: usize, signs: u32): void',
      'The sum of two different points: from x1 on, x and y of the first one, up to 2, and what the x of the second is more, up to 6, may be lazy; packed, below 1.0001. slope up to 2; its y is slope (x1 - x3) and, for signs 0 and 2, less y1, for 1 more y1, for 3 the opposite of less.',
      chord(p, k4, k12, (term, use) => weakly(p, term, use)),
    ),
    method('unpack(r: usize, w: usize): void', 'Limbs of eight words; any 256 bits.', unpack),
    method(
      'pack(w: usize, a: usize): void',
      'Eight words of limbs, as they are. For a below 2^256, which is 5.28. w may be a.',
      pack,
    ),
  ];
  return [
    `// Generated by src/build/generate-field.ts. Do not edit.\n`,
    `/** The integers modulo ${p}: src/build/generate-field.ts says what an element is. */\n@unmanaged export class ${name} {\n${[...constants, ...methods].join('\n')}}\n`,
  ].join('\n');
}
