import { POSEIDON_CONSTANTS } from './generated/poseidon-constants.js';
import { Kernel, type Pointer, WORD } from './kernel.js';

/** Partial rounds by number of inputs; the constants are made for them (src/build/generate-poseidon.ts). */
const PARTIAL_ROUNDS = { 2: 57, 4: 60, 8: 63, 16: 68 } as const;
type Inputs = keyof typeof PARTIAL_ROUNDS;

const kernel = new Kernel();
const words = kernel.alloc(WORD * 16);
const constants = new Map<Inputs, Pointer>();
for (const n of [2, 4, 8, 16] as const) constants.set(n, kernel.put(Buffer.from(POSEIDON_CONSTANTS[n], 'base64')));
const view = new DataView(kernel.memory.buffer);

/**
 * Poseidon over BN254's scalar field (circomlib's parameters) of 2, 4, 8 or 16 numbers from [0, 2^256), taken modulo r.
 * Throws RangeError for another number of inputs.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  const n = inputs.length as Inputs;
  const at = constants.get(n);
  if (at === undefined) throw new RangeError(`Poseidon takes 2, 4, 8 or 16 inputs, not ${n}`);
  inputs.forEach((input, i) => {
    for (let k = 0, rest = input; k < 4; k++, rest >>= 64n) view.setBigUint64(words + WORD * i + 8 * k, rest, true);
  });
  kernel.call.fr_poseidon(words, words, n, PARTIAL_ROUNDS[n], at);
  return [3, 2, 1, 0].reduce((high, k) => (high << 64n) | view.getBigUint64(words + 8 * k, true), 0n);
}
