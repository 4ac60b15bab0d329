import { open } from 'node:fs/promises';
import { readSections } from './binfile.js';
import { type R1cs, readR1cs, TERM } from './r1cs.js';

/** Where a constraint's two factors stand in the bytes of an r1cs, and the wires in them. */
interface Factors {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  readonly wires: readonly [readonly number[], readonly number[]];
}

/**
 * Orders the factors of every constraint of an r1cs file for the prover: x * y = z and y * x = z say the same, but Groth16
 * multiplies in G2 for every wire that stands in some second factor. Second comes the factor that adds fewer wires, where a
 * wire in n factors counts 1/n: of `p[i] * cell` the power, of `o * f` the hint. The same file always comes out the same.
 */
export async function orderFactors(path: string): Promise<void> {
  const r1cs = await readR1cs(path);
  const constraints = factorsOf(r1cs);
  const uses = new Uint32Array(r1cs.wires);
  for (const { wires } of constraints) for (const wire of wires.flat()) uses[wire]!++;
  const added = (wires: readonly number[]) => wires.reduce((sum, wire) => sum + 1 / uses[wire]!, 0);
  const bytes = Buffer.from(r1cs.bytes);
  for (const { start, middle, end, wires } of constraints) {
    if (added(wires[0]) >= added(wires[1])) continue;
    r1cs.bytes.copy(bytes, start, middle, end);
    r1cs.bytes.copy(bytes, start + end - middle, start, middle);
  }
  const file = await open(path, 'r+');
  try {
    const { offset } = (await readSections(file, 'r1cs')).get(2)!;
    await file.writev([bytes], offset);
  } finally {
    await file.close();
  }
}

function factorsOf({ constraints, bytes }: R1cs): Factors[] {
  let at = 0;
  const linear = () => {
    const wires: number[] = [];
    const end = at + 4 + TERM * bytes.readUInt32LE(at);
    for (at += 4; at < end; at += TERM) wires.push(bytes.readUInt32LE(at));
    return wires;
  };
  return Array.from({ length: constraints }, () => {
    const start = at;
    const first = linear();
    const middle = at;
    const second = linear();
    const factors = { start, middle, end: at, wires: [first, second] } as const;
    linear();
    return factors;
  });
}
