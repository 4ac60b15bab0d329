import { open } from 'node:fs/promises';
import type { WriteFile } from './artifacts.js';
import { readSections } from './binfile.js';
import { endOfSide, forEachWire, type R1cs, readR1cs, wordsOf } from './r1cs.js';

/**
 * Orders the factors of every constraint of a circuit for the prover, in place: x * y = z and y * x = z say the same, but Groth16
 * multiplies in G2 for every wire that stands in some second factor. Second comes the factor that adds fewer wires, where a wire in n
 * factors counts 1/n: of `p[i] * cell` the power, of `o * f` the hint. The same circuit always comes out the same.
 * @param words all constraints, as in {@link wordsOf}
 * @param wires how many wires there are
 */
export function orderFactors(words: Uint32Array, wires: number): void {
  const uses = new Uint32Array(wires);
  const count = (wire: number) => {
    uses[wire]!++;
  };
  for (let at = 0; at < words.length; ) {
    const middle = endOfSide(words, at);
    forEachWire(words, at, count);
    forEachWire(words, middle, count);
    at = endOfSide(words, endOfSide(words, middle));
  }
  for (let at = 0; at < words.length; ) {
    const middle = endOfSide(words, at);
    const end = endOfSide(words, middle);
    if (added(words, at, uses) < added(words, middle, uses)) {
      const first = words.slice(at, middle);
      words.copyWithin(at, middle, end);
      words.set(first, at + end - middle);
    }
    at = endOfSide(words, end);
  }
}

/** What a factor at `at` adds. */
function added(words: Uint32Array, at: number, uses: Uint32Array): number {
  let sum = 0;
  forEachWire(words, at, (wire) => {
    sum += 1 / uses[wire]!;
  });
  return sum;
}

/** {@link orderFactors} of an r1cs file, which is written anew; returns what is in it then. */
export async function orderFactorsOf(path: string, write: WriteFile): Promise<R1cs> {
  const r1cs = await readR1cs(path);
  const words = wordsOf(r1cs);
  orderFactors(words, r1cs.wires);
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  await replaceConstraints(path, bytes, write);
  return { ...r1cs, bytes };
}

async function replaceConstraints(path: string, bytes: Buffer, write: WriteFile): Promise<void> {
  const handle = await open(path);
  let file: Buffer;
  try {
    const { offset } = (await readSections(handle, 'r1cs')).get(2)!;
    file = await handle.readFile();
    bytes.copy(file, offset);
  } finally {
    await handle.close();
  }
  await write(path, [file]);
}
