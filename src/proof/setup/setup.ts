import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Artifact,
  type ArtifactStore,
  contentKey,
  type LoadOptions,
  type WriteFile,
} from '../../build/artifacts.js';
import type { Constraints } from '../../build/compile-circuits.js';
import { moduleUrl } from '../../build/package-root.js';
import { runChild } from '../child.js';
import { readZkey } from '../keys.js';
import { limiter, settled } from '../limiter.js';
import { type PartInput, partsOf, sectionFile } from './sections.js';
import { KEY_VERSION } from './seeds.js';
import type { VerifyingInput, VerifyingPart } from './verifying-key.js';

const KIND = 'key';
/** The zkey of a key artifact. */
export const ZKEY = 'shape.zkey';
/** What {@link readZkey} says of it, as JSON: who only verifies does not open a zkey of hundreds of megabytes. */
export const HEADER = 'header.json';
/** Part of a key's address: what files there are beside the zkey. */
const FORMAT = 'zkey and header';

/** A circuit that needs a key; `owner` (key set and shape) makes its trapdoors its own. */
export interface SetupTask {
  readonly owner: string;
  readonly circuit: Constraints;
}

/** How a set-up runs. */
export interface SetupOptions {
  /** Child processes at a time; each needs about 400 MiB at 2^18 constraints. */
  readonly processes?: number;
  /** Called with the owner and how much of its key is done, from 0 to 1. */
  readonly onProgress?: (owner: string, done: number) => void;
}

/** What names a key: its owner, and the circuit by its r1cs. */
interface KeyName {
  readonly owner: string;
  readonly circuit: Pick<Constraints, 'r1csHash'> & { readonly info: Pick<Constraints['info'], 'committed'> };
}

function seedOf({ owner, circuit }: KeyName): string {
  return `${owner} ${circuit.r1csHash}`;
}

function keyOf(task: KeyName): string {
  return contentKey(FORMAT, String(KEY_VERSION), seedOf(task), String(task.circuit.info.committed));
}

/** Where a development key stands when it is in the cache. */
export function keyFolder(task: KeyName, store: ArtifactStore): string {
  return store.folder(KIND, keyOf(task));
}

/** The verifying part of a development key that need not be there: seconds of a child process. */
export function developmentPart({ owner, circuit }: SetupTask): Promise<VerifyingPart> {
  const { r1cs, info } = circuit;
  const input = { r1cs, committed: info.committed, seed: seedOf({ owner, circuit }) };
  return runChild<VerifyingInput, VerifyingPart>(moduleUrl('src/proof/setup/verifying-child'), input);
}

/**
 * A development key from the cache.
 * @throws ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
 */
export function loadKey(task: SetupTask, store: ArtifactStore, options: LoadOptions = {}): Promise<Artifact> {
  return store.load(KIND, keyOf(task), options);
}

/**
 * Development keys of several circuits, those in the cache excepted. A large key is computed in two halves, each in a
 * child process of its own, so that one shape uses two cores as well as two shapes do. Finished keys are kept when a later one
 * fails or the process is killed.
 */
export async function setUp(
  tasks: readonly SetupTask[],
  store: ArtifactStore,
  { processes = 2, onProgress = () => {} }: SetupOptions = {},
): Promise<Artifact[]> {
  const limit = limiter(processes);
  const failed = new AbortController();
  const builds = tasks.map((task) =>
    store.build(KIND, keyOf(task), async (folder, write) => {
      const parts = partsOf(task.circuit.info.wires);
      const shares = parts.map(() => 0);
      const work = parts.map((sections, part) =>
        limit(() => {
          const { r1cs, info } = task.circuit;
          return runChild<PartInput, void>(
            moduleUrl('src/proof/setup/part'),
            { r1cs, committed: info.committed, seed: seedOf(task), sections, folder },
            {
              signal: failed.signal,
              onProgress: (done) => {
                shares[part] = done;
                onProgress(task.owner, shares.reduce((sum, x) => sum + x, 0) / shares.length);
              },
            },
          );
        }).catch((error: unknown) => {
          failed.abort(error);
          throw error;
        }),
      );
      await settled(work);
      await assemble(folder, parts.flat(), write);
      return { development: true, version: KEY_VERSION, owner: task.owner };
    }),
  );
  return settled(builds);
}

/** Joins the section files into the zkey and removes them. */
async function assemble(folder: string, ids: readonly number[], write: WriteFile): Promise<void> {
  const head = Buffer.alloc(12);
  head.write('zkey', 'latin1');
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(ids.length, 8);
  const chunks: Buffer[] = [head];
  for (const id of ids) {
    const section = await readFile(sectionFile(folder, id));
    const sectionHead = Buffer.alloc(12);
    sectionHead.writeUInt32LE(id);
    sectionHead.writeBigUInt64LE(BigInt(section.length), 4);
    chunks.push(sectionHead, section);
  }
  await write(join(folder, ZKEY), chunks);
  await write(join(folder, HEADER), [Buffer.from(JSON.stringify(await readZkey(join(folder, ZKEY))))]);
  for (const id of ids) await rm(sectionFile(folder, id));
}
