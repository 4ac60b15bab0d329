import { ArtifactError } from '../../src/errors/artifact.js';
import { QueueError } from '../../src/errors/queue.js';
import { loadKeySet } from '../../src/proof/keyset.js';
import { programVersion } from '../config/version.js';
import type { Job, JobQueue } from '../queue/types.js';
import type { ProofRequest } from '../stages/parts.js';

/** What a worker found at its start. */
export interface WorkerCheck {
  readonly version: string;
  /** Names of the key sets that this machine has. */
  readonly keySets: readonly string[];
}

/**
 * Whether this machine can do the open jobs of a queue, so that one that cannot says so at its start and takes none: their program version,
 * their keys, and a folder to work in.
 * @param keySet must be there; without it those that open jobs name, or `default`
 * @throws QueueError `QUEUE_OTHER_VERSION`; ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`, `ARTIFACT_OTHER_KEYS`; ArtifactFileError
 * `QUEUE_ARTIFACT_UNWRITABLE`
 */
export async function checkWorker(queue: JobQueue, keySet?: string): Promise<WorkerCheck> {
  await queue.artifacts.folder.identity();
  const open = (await queue.list()).filter(({ state }) => state === 'waiting' || state === 'active');
  const version = programVersion();
  const others = open.filter((job) => job.version !== version);
  if (others.length > 0 && others.length === open.length) {
    throw new QueueError(
      'QUEUE_OTHER_VERSION',
      `The ${others.length} open jobs are for version ${others[0]!.version}, and this worker is version ${version}.`,
      { hint: 'Install the version that queues them, on all machines.' },
    );
  }
  const wanted = new Map(open.filter((job) => job.version === version).map(keysOf));
  const names = keySet === undefined ? [...wanted.keys()] : [keySet];
  const keySets = names.length > 0 ? names : ['default'];
  for (const name of keySets) {
    const { hash } = await loadKeySet(name, { check: [] });
    const expected = wanted.get(name);
    if (expected === undefined || expected === hash) continue;
    throw new ArtifactError(
      'ARTIFACT_OTHER_KEYS',
      `Open jobs are for key set ${expected}, "${name}" is ${hash} here.`,
      {
        hint: 'Let whoever queues and all workers run the same version with the same keys.',
      },
    );
  }
  return { version, keySets };
}

function keysOf({ request }: Job): [string, string] {
  const { keySet, keySetHash } = request as unknown as ProofRequest;
  return [keySet, keySetHash];
}
