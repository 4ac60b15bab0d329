/**
 * The steps of adding two points of a curve over a prime field as one text each, limbs in local variables from step to step:
 * an MSM over G1, which is additions for the most part (`src/engine/assembly/additions.ts`), takes 4% less time than with a call a step.
 * `generate-field.ts` says what an element is.
 */
import { each, factor, hex, INDEX, LAST, limb, MASK, montgomery, productRows, squareRows } from './montgomery.js';

/** Words of 32 bits of a packed element. */
export const WORDS = Array.from({ length: 8 }, (_, i) => i);

/** Limb i of the words at w: bits 29 i to 29 i + 28. */
export function unpacked(w: string, i: number): string {
  const [word, shift] = [(29 * i) >> 5, (29 * i) & 31];
  // Two words at once where a limb spans them; the last one has no word above it.
  const wide = shift > 3 && word < 7;
  const value = wide ? `<u32>(load<u64>(${w}, ${4 * word}) >> ${shift})` : `load<u32>(${w}, ${4 * word}) >>> ${shift}`;
  return i < LAST ? `(${value}) & ${MASK}` : value;
}

/** Stores limbs of a name as the words at w: word k collects the limbs that reach into bits 32 k to 32 k + 31. */
export function packed(name: string, w: string, at = 0): string {
  return WORDS.map((k) => {
    const parts = INDEX.map((i) => [i, 29 * i - 32 * k] as const).filter(([, shift]) => shift > -29 && shift < 32);
    const terms = parts.map(([i, s]) => {
      const own = `${name}${i}`;
      return s === 0 ? own : s > 0 ? `(${own} << ${s})` : `(${own} >>> ${-s})`;
    });
    return `store<u32>(${w}, ${terms.join(' | ')}, ${at + 4 * k});`;
  }).join('\n');
}

/** Where a text leaves limb i of its result. */
export type Use = (i: number, limb: string) => string;
/** Sums of limbs, reduced weakly. */
export type Weakly = (term: (i: number) => string, use?: Use) => string;

/** Texts that bring two points' coordinates of one kind from words: the first one, and what the second one is more, or both together. */
export function unpackedPair(operator: '+' | '-', multiple: readonly bigint[]): string {
  return INDEX.map((i) =>
    [
      `const a${i} = ${unpacked('w', i)};`,
      `store<u32>(r, a${i}, ${4 * i});`,
      operator === '+'
        ? `store<u32>(d, (${unpacked('v', i)}) + a${i}, ${4 * i});`
        : `store<u32>(d, (${unpacked('v', i)}) + ${hex(multiple[i]!)} - a${i}, ${4 * i});`,
    ].join('\n'),
  ).join('\n');
}

/**
 * The third point of a chord, mirrored. Elements from `x1` on: x and y of the first point, the difference d of the second one's x; two
 * packed elements go to `sum`.
 */
export function chord(p: bigint, k4: readonly bigint[], k12: readonly bigint[], weakly: Weakly): string {
  const limbs = (name: string) => INDEX.map((i) => `let ${name}${i}: u32 = 0;`).join(' ');
  const to =
    (name: string): Use =>
    (i, value) =>
      `${name}${i} = ${value};`;
  const block = (text: string) => `{\n${text.replace(/^/gm, '  ')}\n}`;
  const y1 = (i: number) => `load<u32>(x1, ${36 + 4 * i})`;
  const d = (i: number) => `load<u32>(x1, ${72 + 4 * i})`;
  const square = montgomery(
    p,
    each((i) => `const a${i}: u64 = ${limb('slope', i)};`),
    (i) => squareRows('a', i),
    to('m'),
  );
  const x3 = weakly((i) => `m${i} + ${hex(k12[i]!)} - 2 * ${limb('x1', i)} - ${d(i)}`, to('n'));
  const fall = (i: number) => `<u64>(${limb('x1', i)} + ${hex(k4[i]!)} - n${i})`;
  const product = montgomery(p, factor('slope'), (i) => productRows('f', 'slope', i, fall), to('m'));
  const y3 = (term: (i: number) => string) => block(weakly(term, to('n')));
  return [
    limbs('m'),
    limbs('n'),
    block(square),
    block(x3),
    packed('n', 'sum'),
    block(product),
    `if ((signs & 1) === 0) ${y3((i) => `m${i} + ${hex(k4[i]!)} - ${y1(i)}`)}`,
    `else if (signs & 2) ${y3((i) => `${y1(i)} + ${hex(k4[i]!)} - m${i}`)}`,
    `else ${y3((i) => `m${i} + ${y1(i)}`)}`,
    packed('n', 'sum', 32),
  ].join('\n');
}
