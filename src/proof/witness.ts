import { R } from '../bus/field.js';
import { fromLittleEndian, littleEndian } from '../bus/little-endian.js';
import type { Challenge } from '../bus/tuple.js';
import { WORD } from '../engine/kernel.js';
import { solveWires } from '../engine/wires.js';
import type { KeyedShape } from './keyset.js';
import { type EngineOptions, withPreparedKey } from './prepared.js';
import type { ShapeInputs } from './shapes.js';
import { violationOf } from './violation.js';

/** A witness as the bytes of a .wtns file. */
export type Witness = Uint8Array;

/** Bytes before the wires: file head, section 1 (size of a wire, r, number of wires), head of section 2. */
const HEAD = 12 + (12 + 40) + 12;

/**
 * The witness of a shape's rows, for engines that take one.
 * @throws ProofError `PROOF_WITNESS` when the rows violate a constraint, `PROOF_INPUT`; ArtifactError
 */
export async function witnessOf(
  shape: KeyedShape,
  { cells }: ShapeInputs,
  challenge: Challenge,
  { store, chips }: Required<EngineOptions>,
): Promise<Witness> {
  const wires = await withPreparedKey(shape, store, (names) => solveWires(names, cells, challenge, store));
  if ('violated' in wires) throw violationOf(wires.plan, shape.spec, wires.violated, cells, chips);
  return wtnsOf(wires);
}

/** Wires as a .wtns file. */
function wtnsOf(wires: Uint8Array): Witness {
  const file = Buffer.alloc(HEAD + wires.length);
  file.write('wtns', 'latin1');
  for (const [at, x] of [
    [4, 2],
    [8, 2],
    [12, 1],
    [16, 40],
    [24, WORD],
    [60, wires.length / WORD],
    [64, 2],
  ] as const) {
    file.writeUInt32LE(x, at);
  }
  littleEndian(R, file, 28);
  file.writeBigUInt64LE(BigInt(wires.length), 68);
  file.set(wires, HEAD);
  return file;
}

/** Wire `index` of a witness of {@link witnessOf}; 1 is the first output. */
export function wireOf(witness: Witness, index: number): bigint {
  return fromLittleEndian(Buffer.from(witness.buffer, witness.byteOffset, witness.byteLength), HEAD + WORD * index);
}
