import type { BatchDBOp, DB } from '@ethereumjs/util';
import { Level } from 'level';

type Key = string | Uint8Array;

/** Where ethereumjs' trie keeps its nodes: Level on disk, keys as it gives them. */
export class LevelNodes implements DB<string, Uint8Array> {
  readonly #level: Level<string, Uint8Array>;

  constructor(path: string | Level<string, Uint8Array>) {
    this.#level = typeof path === 'string' ? new Level(path, { valueEncoding: 'view' }) : path;
  }

  async get(key: Key): Promise<Uint8Array | undefined> {
    return this.#level.get(textOf(key));
  }

  async put(key: Key, value: Uint8Array): Promise<void> {
    await this.#level.put(textOf(key), value);
  }

  async del(key: Key): Promise<void> {
    await this.#level.del(textOf(key));
  }

  async batch(operations: BatchDBOp<string, Uint8Array>[]): Promise<void> {
    await this.#level.batch(
      operations.map((one) =>
        one.type === 'del'
          ? { type: 'del' as const, key: textOf(one.key) }
          : { type: 'put' as const, key: textOf(one.key), value: one.value },
      ),
    );
  }

  shallowCopy(): LevelNodes {
    return new LevelNodes(this.#level);
  }

  async open(): Promise<void> {
    await this.#level.open();
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

function textOf(key: Key): string {
  return typeof key === 'string' ? key : Buffer.from(key).toString('hex');
}
