import type { Redis } from 'ioredis';
import { ArtifactSizeError } from '../../src/errors/queue.js';
import type { CarriedArtifacts } from './queue-artifacts.js';

/** An artifact is carried for so long at most, whoever forgets to prune. */
const LIFE_MS = 30 * 86_400_000;

/** Artifacts in Redis, under their hashes. */
export class RedisArtifacts implements CarriedArtifacts {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #limit: number;

  /** @param limit bytes of one artifact at most */
  constructor(redis: Redis, prefix: string, limit: number) {
    this.#redis = redis;
    this.#prefix = `${prefix}:artifact:`;
    this.#limit = limit;
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#limit) {
      throw new ArtifactSizeError(
        'QUEUE_ARTIFACT_TOO_LARGE',
        `Artifact ${hash} has ${bytes.length} bytes, and the queue's store carries at most ${this.#limit}.`,
        { hint: 'Let all workers share one folder: --artifacts folder.' },
      );
    }
    if (await this.has(hash)) return;
    await this.#redis.set(this.#prefix + hash, Buffer.from(bytes), 'PX', LIFE_MS);
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    return (await this.#redis.getBuffer(this.#prefix + hash)) ?? undefined;
  }

  async has(hash: string): Promise<boolean> {
    return (await this.#redis.exists(this.#prefix + hash)) === 1;
  }

  async drop(hashes: readonly string[]): Promise<void> {
    if (hashes.length > 0) await this.#redis.unlink(hashes.map((hash) => this.#prefix + hash));
  }

  async olderThan(ms: number): Promise<string[]> {
    const found = new Set<string>();
    for (let cursor = '0'; ; ) {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${this.#prefix}*`, 'COUNT', 1_000);
      for (const key of keys) found.add(key.slice(this.#prefix.length));
      cursor = next;
      if (cursor === '0') break;
    }
    const left = await Promise.all([...found].map((hash) => this.#redis.pttl(this.#prefix + hash)));
    return [...found].filter((_, i) => LIFE_MS - left[i]! >= ms);
  }
}
