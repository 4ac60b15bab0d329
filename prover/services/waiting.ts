import { type Hex, hexToBytes, keccak256, toHex } from 'viem';
import { messageOf } from '../../src/errors/base.js';
import { ExecutionError } from '../../src/errors/execution.js';
import { MempoolError } from '../../src/errors/mempool.js';
import { Store } from '../../src/state/store.js';
import type { Mempool } from '../agents/mempool.js';
import type { Log } from './log.js';

/** What a mempool has taken, on disk until L1 has it: whoever was told that a transaction waits need not send it again after a kill. */
export class WaitingTransactions {
  readonly #store: Store;
  /** Keys, in the order in which transactions came, with their hashes. */
  readonly #kept: Map<string, Hex>;
  /** Of an earlier process, as long as the mempool has not had them. */
  #earlier: { readonly key: string; readonly raw: Hex }[];
  #next: number;

  private constructor(store: Store, earlier: { readonly key: string; readonly raw: Hex }[]) {
    this.#store = store;
    this.#earlier = earlier;
    this.#kept = new Map(earlier.map(({ key, raw }) => [key, keccak256(raw)]));
    this.#next = earlier.length === 0 ? 0 : 1 + Number(earlier.at(-1)!.key.slice(1));
  }

  /** @throws StateUnavailableError `STATE_LOCKED`, `STATE_DISK_FULL`; StateError `STATE_OPEN` */
  static async open(path: string): Promise<WaitingTransactions> {
    const store = await Store.open(path);
    const earlier: { key: string; raw: Hex }[] = [];
    for await (const [key, value] of store.entries(Buffer.from('w'))) {
      earlier.push({ key: Buffer.from(key).toString(), raw: toHex(value) });
    }
    return new WaitingTransactions(store, earlier);
  }

  /** Keeps a transaction that is being taken; durable when the promise resolves. */
  async keep(raw: Hex): Promise<void> {
    const key = `w${String(this.#next++).padStart(15, '0')}`;
    await this.#store.write([{ key: Buffer.from(key), value: hexToBytes(raw) }]);
    this.#kept.set(key, keccak256(raw));
  }

  /**
   * Gives a mempool what an earlier process has left, and forgets what does not wait there any more. Call it when the node has the batches
   * that L1 has and no others: what these executed is done with.
   */
  async settle(mempool: Pick<Mempool, 'add' | 'find'>, log: Log): Promise<void> {
    if (this.#earlier.length > 0) await this.#restore(mempool, log);
    const done: string[] = [];
    for (const [key, hash] of this.#kept) if ((await mempool.find(hash)) === undefined) done.push(key);
    if (done.length === 0) return;
    await this.#store.write(done.map((key) => ({ key: Buffer.from(key), value: new Uint8Array(0) })));
    for (const key of done) this.#kept.delete(key);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** In the order in which they came; each is kept anew when it waits again. */
  async #restore(mempool: Pick<Mempool, 'add'>, log: Log): Promise<void> {
    for (const { raw } of this.#earlier) {
      try {
        log.info({ transaction: await mempool.add(raw) }, 'waits again');
      } catch (error) {
        // Executed meanwhile, or no longer allowed.
        if (!(error instanceof ExecutionError || error instanceof MempoolError)) throw error;
        log.info({ transaction: keccak256(raw), reason: messageOf(error) }, 'waits no more');
      }
    }
    const keys = this.#earlier.map(({ key }) => key);
    await this.#store.write(keys.map((key) => ({ key: Buffer.from(key), value: new Uint8Array(0) })));
    for (const key of keys) this.#kept.delete(key);
    this.#earlier = [];
  }
}
