import { type Address, type Hex, keccak256 } from 'viem';
import type { L1Call } from '../../src/l1/send-call.js';
import { Store } from '../../src/state/store.js';

/** A transaction of an account, stored before it is sent: what a process that was killed has to know of it. */
export interface Intent extends L1Call {
  readonly nonce: number;
  /** E.g. `challenge`. */
  readonly what: string;
  readonly gas: bigint;
  /** Wei a gas: maxFeePerGas and maxPriorityFeePerGas of the newest of its hashes. */
  readonly maxFee: bigint;
  readonly tip: bigint;
  /** Transactions signed for the nonce, which differ in their fees: at most one of them is ever mined. Newest last. */
  readonly hashes: readonly Hex[];
  /** L1's newest block when the last of them was signed. */
  readonly signedAt: bigint;
  /** The block that has one of them; absent while L1 shows none. */
  readonly minedIn?: bigint;
}

/** Where intents are kept. What is put is durable when the promise resolves. */
export interface IntentStore {
  all(): Promise<Intent[]>;
  put(intent: Intent): Promise<void>;
  remove(nonce: number): Promise<void>;
  close(): Promise<void>;
}

/** What identifies a move: where it goes and its calldata. The wei sent along depend on what the account has at the moment. */
export function moveOf({ to, data }: Pick<L1Call, 'to' | 'data'>): string {
  return `${to.toLowerCase()} ${keccak256(data)}`;
}

/** Intents of a process that sends its few transactions and ends. */
export class MemoryIntents implements IntentStore {
  readonly #intents = new Map<number, Intent>();

  async all(): Promise<Intent[]> {
    return [...this.#intents.values()];
  }

  async put(intent: Intent): Promise<void> {
    this.#intents.set(intent.nonce, intent);
  }

  async remove(nonce: number): Promise<void> {
    this.#intents.delete(nonce);
  }

  async close(): Promise<void> {}
}

/** Intents in a folder that one process at a time may have open. */
export class StoredIntents implements IntentStore {
  readonly #store: Store;

  private constructor(store: Store) {
    this.#store = store;
  }

  /** @throws StateUnavailableError `STATE_LOCKED`, `STATE_DISK_FULL`; StateError `STATE_OPEN` */
  static async open(path: string): Promise<StoredIntents> {
    return new StoredIntents(await Store.open(path));
  }

  async all(): Promise<Intent[]> {
    const intents: Intent[] = [];
    for await (const [, value] of this.#store.entries(PREFIX)) intents.push(decode(Buffer.from(value).toString()));
    return intents;
  }

  put(intent: Intent): Promise<void> {
    return this.#store.write([{ key: keyOf(intent.nonce), value: Buffer.from(encode(intent)) }]);
  }

  remove(nonce: number): Promise<void> {
    return this.#store.write([{ key: keyOf(nonce), value: new Uint8Array(0) }]);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

const PREFIX = Buffer.from('n');

function keyOf(nonce: number): Uint8Array {
  return Buffer.from(`n${String(nonce).padStart(12, '0')}`);
}

function encode({ value, gas, maxFee, tip, signedAt, minedIn, ...rest }: Intent): string {
  const numbers = { value, gas, maxFee, tip, signedAt, ...(minedIn === undefined ? {} : { minedIn }) };
  const words = Object.entries(numbers).map(([name, number]) => [name, number.toString()]);
  return JSON.stringify({ ...rest, ...Object.fromEntries(words) });
}

function decode(text: string): Intent {
  const raw = JSON.parse(text) as Record<string, string> & { nonce: number; hashes: Hex[] };
  const { nonce, hashes, what, to, data, minedIn } = raw;
  const [value, gas, maxFee, tip, signedAt] = [raw.value, raw.gas, raw.maxFee, raw.tip, raw.signedAt].map((word) =>
    BigInt(word!),
  ) as [bigint, bigint, bigint, bigint, bigint];
  const mined = minedIn === undefined ? {} : { minedIn: BigInt(minedIn) };
  const where = { to: to as Address, data: data as Hex };
  return { nonce, what: what!, ...where, value, gas, maxFee, tip, hashes, signedAt, ...mined };
}
