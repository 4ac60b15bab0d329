import { open } from 'node:fs/promises';
import type { WriteFile } from './artifacts.js';
import { readSections } from './binfile.js';
import { forEachTerm, type R1cs, readR1cs, TERM } from './r1cs.js';

/**
 * Orders the factors of every constraint of an r1cs file for the prover, and returns what is in the file then: x * y = z and
 * y * x = z say the same, but Groth16 multiplies in G2 for every wire that stands in some second factor. Second comes the factor
 * that adds fewer wires, where a wire in n factors counts 1/n: of `p[i] * cell` the power, of `o * f` the hint. The same file
 * always comes out the same.
 */
export async function orderFactors(path: string, write: WriteFile): Promise<R1cs> {
  const r1cs = await readR1cs(path);
  const constraints = Array.from({ length: r1cs.constraints }, (): [number[], number[], number[]] => [[], [], []]);
  const uses = new Uint32Array(r1cs.wires);
  forEachTerm(r1cs, (constraint, matrix, wire) => {
    constraints[constraint]![matrix]!.push(wire);
    if (matrix < 2) uses[wire]!++;
  });
  const added = (wires: readonly number[]) => wires.reduce((sum, wire) => sum + 1 / uses[wire]!, 0);
  const sizeOf = (wires: readonly number[]) => 4 + TERM * wires.length;
  const { bytes } = r1cs;
  let at = 0;
  for (const [first, second, product] of constraints) {
    const middle = at + sizeOf(first);
    const end = middle + sizeOf(second);
    if (added(first) < added(second)) {
      Buffer.concat([bytes.subarray(middle, end), bytes.subarray(at, middle)]).copy(bytes, at);
    }
    at = end + sizeOf(product);
  }
  await replaceConstraints(path, bytes, write);
  return r1cs;
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
