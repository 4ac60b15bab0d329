import { setFlagsFromString } from 'node:v8';
import { type MemoryFile, wtns } from 'snarkjs';
import { fromLittleEndian } from '../bus/little-endian.js';
import type { Challenge } from '../bus/tuple.js';
import { ProofError } from '../errors/proof.js';
import type { ShapeInputs } from './shapes.js';

/** A witness as the bytes of a .wtns file. */
export type Witness = Uint8Array;

/**
 * Runs a shape's witness program on rows and a challenge.
 * @throws ProofError `PROOF_WITNESS` when a row violates a constraint that the program asserts
 */
export async function calculateWitness(
  wasm: string,
  signals: ShapeInputs['signals'],
  { alpha, beta }: Challenge,
): Promise<Witness> {
  const file: MemoryFile = { type: 'mem' };
  // V8 would go on optimising this large program, which runs once, on the cores that the proof needs next: measured on two
  // cores, 2^17 constraints, the proof then takes 22 s instead of 11.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  try {
    await wtns.calculate({ ...signals, alpha, beta }, wasm, file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProofError('PROOF_WITNESS', `The rows have no witness in ${wasm}: ${reason}`, { cause });
  } finally {
    setFlagsFromString('--wasm-tier-up');
    setFlagsFromString('--wasm-dynamic-tiering');
  }
  return file.data!;
}

/** Wire `index` of a witness; 1 is the first output. */
export function wireOf(witness: Witness, index: number): bigint {
  const bytes = Buffer.from(witness.buffer, witness.byteOffset, witness.byteLength);
  let at = 12;
  while (bytes.readUInt32LE(at) !== 2) at += 12 + Number(bytes.readBigUInt64LE(at + 4));
  return fromLittleEndian(bytes, at + 12 + 32 * index);
}
