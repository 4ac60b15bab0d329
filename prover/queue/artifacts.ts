import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '../../src/errors/base.js';
import { ArtifactFileError } from '../../src/errors/queue.js';
import { canonicalJson, type JsonValue } from './json.js';

/** What a finished task left: its result and the artifacts it wrote (sha256, lower-case hex). */
export interface TaskOutput {
  readonly result: JsonValue;
  readonly artifacts: readonly string[];
}

/**
 * A folder of content-addressed files, of one machine or shared by all (one disk or one network mount):
 * `<root>/data/<sha256>` for bytes, `<root>/results/<sha256 of the task key>` for what a task with that key returned, so
 * that a task that finished anywhere is never computed again. Every file appears whole, by one rename; what a power
 * failure may leave half written is found by the hash.
 */
export class ArtifactFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /**
   * Stores bytes and yields their sha256. A sound file that is already there is left alone.
   * @throws ArtifactFileError `QUEUE_ARTIFACT_UNWRITABLE`
   */
  async put(bytes: Uint8Array): Promise<string> {
    const hash = sha256(bytes);
    if (!(await this.has(hash))) await this.#write('data', hash, bytes);
    return hash;
  }

  /**
   * The bytes with this sha256, checked.
   * @throws ArtifactFileError `QUEUE_ARTIFACT_MISSING`, `QUEUE_ARTIFACT_CHANGED`; `details.hash` names the artifact.
   */
  async get(hash: string): Promise<Uint8Array> {
    const path = this.path(hash);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new ArtifactFileError('QUEUE_ARTIFACT_MISSING', `Artifact ${hash} is not in ${this.root}.`, {
        details: { hash },
        cause,
      });
    });
    const found = sha256(bytes);
    if (found !== hash) {
      throw new ArtifactFileError('QUEUE_ARTIFACT_CHANGED', `Artifact ${path} has the sha256 ${found}.`, {
        hint: 'The file was damaged; the task that wrote it runs again when the job is retried.',
        details: { hash },
      });
    }
    return bytes;
  }

  /** Whether the artifact is there and sound. */
  async has(hash: string): Promise<boolean> {
    return this.get(hash).then(
      () => true,
      () => false,
    );
  }

  /** Where an artifact stands when it is there, for tools that read files. Not checked: prefer {@link get}. */
  path(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) {
      throw new ArtifactFileError(
        'QUEUE_ARTIFACT_MISSING',
        `'${hash}' is no artifact: 64 lower-case hex digits name one.`,
      );
    }
    return join(this.root, 'data', hash);
  }

  /** Keeps what the task `key` returned. @throws ArtifactFileError `QUEUE_ARTIFACT_UNWRITABLE` */
  async remember(key: string, output: TaskOutput): Promise<void> {
    await this.#write('results', sha256(key), Buffer.from(canonicalJson({ key, ...output })));
  }

  /** What the task `key` returned, if it finished and every artifact it wrote is still there and sound. */
  async recall(key: string): Promise<TaskOutput | undefined> {
    const text = await readFile(join(this.root, 'results', sha256(key)), 'utf8').catch(() => undefined);
    const output = text === undefined ? undefined : parseOutput(text, key);
    if (output === undefined) return undefined;
    for (const hash of output.artifacts) if (!(await this.has(hash))) return undefined;
    return output;
  }

  /**
   * Removes artifacts that are not `named`, results, and what was left half written, when they are at least so old.
   * @returns the artifacts' hashes
   */
  async prune(named: ReadonlySet<string>, olderThanMs: number): Promise<string[]> {
    const removed: string[] = [];
    for (const folder of ['data', 'results', 'tmp']) {
      for (const name of await readdir(join(this.root, folder)).catch(() => [])) {
        const path = join(this.root, folder, name);
        const age = await stat(path).then(
          ({ mtimeMs }) => Date.now() - mtimeMs,
          () => -1,
        );
        if (age < olderThanMs || (folder === 'data' && named.has(name))) continue;
        await rm(path, { force: true });
        if (folder === 'data') removed.push(name);
      }
    }
    return removed;
  }

  /** A name that two folders do not share, whoever looks at it. @throws ArtifactFileError `QUEUE_ARTIFACT_UNWRITABLE` */
  async identity(): Promise<string> {
    const read = () => readFile(join(this.root, 'identity'), 'utf8').catch(() => undefined);
    const known = await read();
    if (known !== undefined) return known;
    await this.#write('.', 'identity', Buffer.from(randomUUID()));
    return (await read())!;
  }

  async #write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.root, 'tmp', randomUUID());
    try {
      await mkdir(join(this.root, 'tmp'), { recursive: true });
      await mkdir(join(this.root, folder), { recursive: true });
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.root, folder, name));
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new ArtifactFileError(
        'QUEUE_ARTIFACT_UNWRITABLE',
        `Cannot write ${join(this.root, folder, name)}: ${messageOf(cause)}.`,
        { hint: 'Check that the artifact folder is mounted, writable and not full.', cause },
      );
    }
  }
}

/** The name of bytes, or of a key in UTF-8: hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function parseOutput(text: string, key: string): TaskOutput | undefined {
  let value: { key?: unknown; result?: JsonValue; artifacts?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined; // Half written before a power failure: as good as absent.
  }
  const { result, artifacts } = value ?? {};
  if (value?.key !== key || result === undefined || !Array.isArray(artifacts)) return undefined;
  return { result, artifacts: artifacts.map(String) };
}
