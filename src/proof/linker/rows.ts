import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactStore, contentKey } from '../../build/artifacts.js';
import { runCircom } from '../../build/circom.js';
import { circuitKey } from '../../build/compile-circuits.js';
import { orderFactors } from '../../build/factors.js';
import { checkInputs } from '../../build/inputs.js';
import { readR1cs, wordsOf } from '../../build/r1cs.js';
import { CircuitError } from '../../errors/proof.js';
import { type ChipRegistry, mainCircuit } from '../shapes.js';
import type { Blocks } from './block.js';
import { link } from './link.js';
import { splitRows } from './split.js';

const KIND = 'rows';
const FORMAT = 'rows 1';
/** Bytes before the constraints in circom's file. */
const FIRST_CONSTRAINT = 24;

/**
 * One row of every chip, compiled together by one run of circom (unless it is in the cache), as blocks for the linker. Checked: every cell is a
 * private input that a constraint uses, and the blocks, linked again, are what circom wrote, byte by byte.
 * @param onCompile called when circom is to run
 * @throws CircuitError `CIRCUIT_COMPILE`, `CIRCUIT_INCLUDE`, `CIRCUIT_FORMAT`, and those of {@link checkInputs}
 */
export async function compileRows(
  chips: ChipRegistry,
  store: ArtifactStore,
  onCompile: () => void = () => {},
): Promise<Blocks> {
  const spec = { name: 'chips', chips: Object.fromEntries(Object.keys(chips).map((name) => [name, 1])) };
  const circuit = { name: spec.name, source: mainCircuit(spec, chips) };
  const { folder } = await store.build(KIND, contentKey(FORMAT, circuitKey(circuit)), async (made, write) => {
    onCompile();
    await runCircom(circuit, ['r1cs', 'sym'], made, write);
    const r1cs = await readR1cs(join(made, 'circuit.r1cs'));
    await checkInputs(r1cs, join(made, 'circuit.sym'));
    return { constraints: r1cs.constraints, wires: r1cs.wires };
  });
  const [r1cs, sym] = [join(folder, 'circuit.r1cs'), join(folder, 'circuit.sym')];
  const blocks = await splitRows(Object.values(chips), r1cs, sym);
  // Also of rows from the cache: it is this linker that is checked.
  assertSame(Buffer.from(link(spec, blocks, chips).file), await ordered(r1cs));
  return blocks;
}

/** Circom's file, the factors of its constraints in order. */
async function ordered(path: string): Promise<Buffer> {
  const r1cs = await readR1cs(path);
  const words = wordsOf(r1cs);
  orderFactors(words, r1cs.wires);
  const file = await readFile(path);
  // Circom writes the constraints first.
  file.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), FIRST_CONSTRAINT);
  return file;
}

/**
 * What is linked is circom's file.
 * @throws CircuitError `CIRCUIT_FORMAT`
 */
export function assertSame(linked: Buffer, file: Buffer): void {
  if (linked.equals(file)) return;
  throw new CircuitError('CIRCUIT_FORMAT', 'This compiler writes rows in an order that the linker does not know.', {
    hint: 'src/proof/linker follows the version of circom2 that package.json pins: "npm ci".',
  });
}
