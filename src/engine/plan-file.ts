import { KeyError } from '../errors/proof.js';
import type { Plan } from './plan.js';

/** First word of a plan in bytes: other formats have other ones. */
const MAGIC = 0x31_4e_4c_50; // "PLN1"

/** Fields that are numbers, in order. */
const NUMBERS = ['wires', 'publics', 'committed', 'power', 'slots'] as const;

/** Words of the head: magic, numbers, and the number of words of each list. */
const HEAD_WORDS = 1 + NUMBERS.length + 6;

/**
 * A plan in bytes, the same ones for the same plan: little-endian 32-bit words, the magic, the numbers, the lengths of the lists in words, then the
 * lists: offsets and words of the rows, coefficients, weights, steps, blocks. A shape of 2^18 constraints takes 15 to 25 MB.
 */
export function writePlan(plan: Plan): Uint8Array {
  const lists = [
    ...[plan.rows.offsets, plan.rows.words],
    ...[wordsOf(plan.coefficients), wordsOf(plan.weights), plan.steps, plan.blocks],
  ];
  const head = [MAGIC, ...NUMBERS.map((name) => plan[name]), ...lists.map(({ length }) => length)];
  const words = new Uint32Array(HEAD_WORDS + lists.reduce((sum, { length }) => sum + length, 0));
  words.set(head);
  let at = HEAD_WORDS;
  for (const list of lists) {
    words.set(list, at);
    at += list.length;
  }
  return new Uint8Array(words.buffer);
}

/**
 * The plan that {@link writePlan} wrote, as views of these bytes (copied when they are not aligned to words).
 * @throws KeyError `KEY_FORMAT`
 */
export function readPlan(bytes: Uint8Array): Plan {
  const words = wordsOf(
    bytes.byteOffset % 4 === 0 && bytes.length % 4 === 0 ? bytes : bytes.slice(0, bytes.length & ~3),
  );
  const lengths = [...words.subarray(1 + NUMBERS.length, HEAD_WORDS)];
  const size = lengths.reduce((sum, length) => sum + length, HEAD_WORDS);
  if (words[0] !== MAGIC || size * 4 !== bytes.length) {
    throw new KeyError('KEY_FORMAT', `These ${bytes.length} bytes are no plan of this version.`);
  }
  let at = HEAD_WORDS;
  const [offsets, rows, coefficients, weights, steps, blocks] = lengths.map((length) => {
    at += length;
    return words.subarray(at - length, at);
  }) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const [wires, publics, committed, power, slots] = words.subarray(1) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    ...{ wires, publics, committed, power, slots, steps, blocks },
    rows: { offsets, words: rows },
    coefficients: bytesOf(coefficients),
    weights: bytesOf(weights),
  };
}

function wordsOf({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
