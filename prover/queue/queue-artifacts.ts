import { ArtifactFileError } from '../../src/errors/queue.js';
import { ArtifactFolder, sha256, type TaskOutput } from './artifacts.js';

/** Artifacts that a queue's store carries from machine to machine. */
export interface CarriedArtifacts {
  /** Stores bytes under their hash; bytes that are there already are left alone. @throws ArtifactSizeError `QUEUE_ARTIFACT_TOO_LARGE` */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  /** What is stored under a hash, not checked; undefined when nothing is. */
  get(hash: string): Promise<Uint8Array | undefined>;
  has(hash: string): Promise<boolean>;
  drop(hashes: readonly string[]): Promise<void>;
  /** Hashes of what was stored at least so long ago. */
  olderThan(ms: number): Promise<string[]>;
}

/** The artifacts of a queue: a folder of this machine, and what the queue's store carries when machines do not share the folder. */
export class QueueArtifacts {
  readonly folder: ArtifactFolder;
  readonly carried: CarriedArtifacts | undefined;

  /** @param carried without it the folder is shared, or nobody else works on the jobs */
  constructor(root: string, carried?: CarriedArtifacts) {
    this.folder = new ArtifactFolder(root);
    this.carried = carried;
  }

  get root(): string {
    return this.folder.root;
  }

  /** Stores bytes and yields their sha256. @throws ArtifactFileError `QUEUE_ARTIFACT_UNWRITABLE`, ArtifactSizeError `QUEUE_ARTIFACT_TOO_LARGE` */
  async put(bytes: Uint8Array): Promise<string> {
    const hash = await this.folder.put(bytes);
    await this.carried?.put(hash, bytes);
    return hash;
  }

  /** The bytes with this sha256, checked; this machine has them afterwards. @throws ArtifactFileError as {@link ArtifactFolder.get} */
  async get(hash: string): Promise<Uint8Array> {
    try {
      return await this.folder.get(hash);
    } catch (error) {
      const bytes = error instanceof ArtifactFileError ? await this.carried?.get(hash) : undefined;
      if (bytes === undefined || sha256(bytes) !== hash) throw error;
      await this.folder.put(bytes);
      return bytes;
    }
  }

  /** Whether everybody who works on the queue can get it. What only this machine has is carried from now on. */
  async has(hash: string): Promise<boolean> {
    if (this.carried === undefined) return this.folder.has(hash);
    return (await this.carried.has(hash)) || this.publish(hash).then(() => true, isMissing);
  }

  /** Lets everybody have what a task has left in the folder. @throws as {@link ArtifactFolder.get} */
  async publish(hash: string): Promise<void> {
    const bytes = await this.folder.get(hash);
    await this.carried?.put(hash, bytes);
  }

  /** {@link ArtifactFolder.remember}. */
  remember(key: string, output: TaskOutput): Promise<void> {
    return this.folder.remember(key, output);
  }

  /** {@link ArtifactFolder.recall}; its artifacts are everybody's then. */
  async recall(key: string): Promise<TaskOutput | undefined> {
    const output = await this.folder.recall(key);
    for (const hash of output?.artifacts ?? []) await this.publish(hash);
    return output;
  }

  /** Forgets what is as old and not `named`, here and in the queue's store. @returns how many */
  async prune(named: ReadonlySet<string>, olderThanMs: number): Promise<number> {
    const carried = ((await this.carried?.olderThan(olderThanMs)) ?? []).filter((hash) => !named.has(hash));
    await this.carried?.drop(carried);
    const here = await this.folder.prune(named, olderThanMs);
    return new Set([...carried, ...here]).size;
  }
}

function isMissing(error: unknown): false {
  if (error instanceof ArtifactFileError) return false;
  throw error;
}
