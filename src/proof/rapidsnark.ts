import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isAccessible } from '../build/accessible.js';
import { assertThere } from '../build/artifacts.js';
import { ProofError } from '../errors/proof.js';
import { AnonymousFile } from './anonymous-file.js';
import type { ProofEngine } from './engine.js';
import { proofFromSnarkjs } from './points.js';
import { type EngineOptions, engineOptions } from './prepared.js';
import { commitByLibrary } from './snarkjs.js';
import { wireOf, witnessOf } from './witness.js';

/** Rapidsnark's program: `prover <zkey> <witness> <proof> <public>`. */
const PROGRAM = 'prover';
const LAST_WORDS = 1_000;

/**
 * Rapidsnark, native code that the machine's owner has installed. The witness reaches it in a file without a name, of which nothing is
 * left however either process ends.
 */
export function rapidsnarkEngine(options: EngineOptions = {}): ProofEngine {
  return {
    name: 'rapidsnark',
    reads: { commit: ['zkey'], prove: ['zkey'] },
    commit: ({ zkey }, cells) => commitByLibrary(zkey, cells),
    async prove(shape, inputs, challenge) {
      const program = programOnPath();
      const witness = await witnessOf(shape, inputs, challenge, engineOptions(options));
      const text = await runProgram(program, shape.zkey, witness);
      try {
        return { sum: wireOf(witness, 1), ...proofFromSnarkjs(JSON.parse(text)) };
      } catch (cause) {
        throw new ProofError('PROOF_ENGINE', `${program} has written no proof: ${text.slice(0, 80)}`, { cause });
      }
    },
    async close() {},
  };
}

/** @throws ProofError `PROOF_ENGINE_MISSING` */
function programOnPath(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = candidates.map((folder) => join(folder, PROGRAM)).find((path) => isAccessible(path, constants.X_OK));
  if (found !== undefined) return found;
  throw new ProofError('PROOF_ENGINE_MISSING', `There is no program "${PROGRAM}" on the PATH.`, {
    hint: 'Build https://github.com/iden3/rapidsnark and put its "prover" on the PATH, or choose another --engine.',
  });
}

/** Runs the program and yields the text of the proof. @throws ProofError `PROOF_ENGINE`; ArtifactError `ARTIFACT_CHANGED` when there is no such zkey */
async function runProgram(program: string, zkey: string, witness: Uint8Array): Promise<string> {
  await assertThere(zkey);
  const [input, proof, publics] = [AnonymousFile.open(), AnonymousFile.open(), AnonymousFile.open()];
  try {
    input.write(witness);
    // The child has the files as its descriptors 3, 4 and 5.
    const args = [zkey, '/dev/fd/3', '/dev/fd/4', '/dev/fd/5'];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', input.fd, proof.fd, publics.fd] });
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    let words = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-LAST_WORDS);
      });
    }
    const end = await new Promise<string | number | null>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? code));
    }).finally(() => process.off('exit', stop));
    if (end === 0) return proof.text();
    throw new ProofError('PROOF_ENGINE', `${program} cannot prove with ${zkey} (${end}): ${words.trim()}`);
  } finally {
    for (const file of [input, proof, publics]) file.close();
  }
}
