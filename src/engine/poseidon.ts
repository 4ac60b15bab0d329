import { POSEIDON_CONSTANTS } from './generated/poseidon-constants.js';
import { Kernel, type Pointer, WORD } from './kernel.js';

/** Partial rounds by number of inputs; the constants are made for them (src/build/generate-poseidon.ts). */
const PARTIAL_ROUNDS = { 2: 57, 4: 60, 8: 63, 16: 68 } as const;

/** The last arguments of `fr_poseidon`. */
export type PoseidonArguments = readonly [inputs: number, partialRounds: number, constants: Pointer];

/** Puts the constants of all widths into a kernel's memory: by number of inputs (2, 4, 8 or 16), what `fr_poseidon` is called with. */
export function loadPoseidon(kernel: Kernel): ReadonlyMap<number, PoseidonArguments> {
  return new Map(
    ([2, 4, 8, 16] as const).map((n) => {
      return [n, [n, PARTIAL_ROUNDS[n], kernel.put(Buffer.from(POSEIDON_CONSTANTS[n], 'base64'))]];
    }),
  );
}

/** Writes a number from [0, 2^256) as a word of a kernel's memory. */
export function writeWord(view: DataView, at: Pointer, value: bigint): void {
  for (let k = 0, rest = value; k < 4; k++, rest >>= 64n) view.setBigUint64(at + 8 * k, rest, true);
}

/** The number at a word. */
export function readWord(view: DataView, at: Pointer): bigint {
  return [3, 2, 1, 0].reduce((high, k) => (high << 64n) | view.getBigUint64(at + 8 * k, true), 0n);
}

const kernel = new Kernel();
const words = kernel.alloc(WORD * 16);
const calls = loadPoseidon(kernel);
const view = new DataView(kernel.memory.buffer);

/**
 * Poseidon over BN254's scalar field (circomlib's parameters) of 2, 4, 8 or 16 numbers from [0, 2^256), taken modulo r.
 * Throws RangeError for another number of inputs.
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  const call = calls.get(inputs.length);
  if (call === undefined) throw new RangeError(`Poseidon takes 2, 4, 8 or 16 inputs, not ${inputs.length}`);
  for (const [i, input] of inputs.entries()) writeWord(view, words + WORD * i, input);
  kernel.call.fr_poseidon(words, words, ...call);
  return readWord(view, words);
}
