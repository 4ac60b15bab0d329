import type { Block, LocalAccount, PublicClient, TransactionReceipt } from 'viem';
import { L1Error } from '../../src/errors/l1.js';
import { checkTransactionBytes, checkTransactionGas, REORG_DEPTH } from '../../src/l1/limits.js';
import { type L1Call, minedCall, refusedCall, withMargin } from '../../src/l1/send-call.js';
import { answerOf } from './broadcast.js';
import { capped, type FeePolicy, raised, usualFees } from './fees.js';
import { type Intent, type IntentStore, moveOf } from './intents.js';
import { receiptOf, sign } from './signed.js';

/** What an outbox tells. */
export type OutboxEvent =
  | { readonly type: 'raisedFee'; readonly what: string; readonly nonce: number; readonly maxFee: bigint }
  /** An alarm: a transaction waits, and its account must not pay what it takes. */
  | { readonly type: 'feeCeiling'; readonly what: string; readonly nonce: number; readonly ceiling: bigint };

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly account: LocalAccount;
  readonly reader: PublicClient;
  readonly intents: IntentStore;
  readonly fees: FeePolicy;
  /** Milliseconds that {@link Outbox.send} waits for a receipt. */
  readonly timeout: number;
  /**
   * Throws when a call must not be sent; it is asked about calls that take ether along, one after another. `unseen` yields what the account
   * has sent that a look at L1 block `block` does not show.
   */
  readonly mayPay?: (what: string, call: L1Call, unseen: (block: bigint) => readonly Intent[]) => Promise<void>;
  readonly onMined: (what: string, receipt: TransactionReceipt) => void;
  readonly tell: (event: OutboxEvent) => void;
}

/** How a call is sent. */
export interface SendingOptions {
  /** By default the estimate and a quarter. */
  readonly gas?: bigint;
  /** L1 block by which the move was found due: what is mined there or later has made it already. */
  readonly seen?: bigint;
}

/** Blocks after which a nonce that is used up, by no transaction of ours that the node shows, counts as taken by somebody else. */
const TAKEN_AFTER = 5n;

/**
 * The transactions of one account, and its nonces, which nobody else may use. What is sent is stored before; a move that is on its way
 * is never sent beside itself, whoever asks again and whatever was killed or cut meanwhile; one that waits too long is sent again on its
 * nonce with a higher fee. Nonces follow from what L1 has mined and what is stored, never from a node's pool, of which nodes have
 * different notions.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #intents = new Map<number, Intent>();
  readonly #missing = new Map<number, bigint>();
  readonly #ended = new Map<number, TransactionReceipt | L1Error>();
  readonly #atCeiling = new Set<number>();
  readonly #stopped = new AbortController();
  #loaded: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #looking: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * Sends a call and waits for its receipt. Calls get their nonces in the order of these calls, and wait side by side.
   * @throws L1Error `L1_TRANSACTION_GAS`, `L1_TRANSACTION_BYTES`, `L1_REVERTED` (as `sendCall`); `L1_NO_RECEIPT` when it is still on
   * its way after `timeout`: asked again, it is waited for again; `L1_NONCE_TAKEN` when another transaction has used its nonce; what
   * `mayPay` throws
   */
  async send(what: string, call: L1Call, { gas, seen }: SendingOptions = {}): Promise<TransactionReceipt> {
    checkTransactionBytes(call.data);
    const move = moveOf(call);
    const needed = this.#load().then(() => (this.#made(move, seen) === undefined ? this.#gasOf(call, gas) : 0n));
    needed.catch(() => undefined);
    const issued = this.#turn.then(async () => {
      const most = await needed;
      if (this.#stopped.signal.aborted) throw new L1Error('L1_NO_RECEIPT', `${what} is not sent: the agent stops.`);
      return (
        this.#made(move, seen) ?? (await this.#issue(what, call, most === 0n ? await this.#gasOf(call, gas) : most))
      );
    });
    this.#turn = issued.catch(() => undefined);
    return this.#receiptOf(await issued, call);
  }

  /** Brings what is stored to what L1 says now, and sends again what waits too long or has been taken back. */
  look(): Promise<void> {
    this.#looking ??= this.#load()
      .then(() => this.#look())
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /** What is on its way. */
  async open(): Promise<readonly Intent[]> {
    await this.#load();
    return [...this.#intents.values()].filter(({ minedIn }) => minedIn === undefined);
  }

  /** Whether something of this name is on its way, or was mined above block `seen`. */
  async isUnseen(what: string, seen: bigint): Promise<boolean> {
    await this.#load();
    return this.#unseen(seen).some((intent) => intent.what === what);
  }

  /** Nothing more is sent. What is on its way stays there; whoever waits for it is told so (`L1_NO_RECEIPT`). */
  stop(): void {
    this.#stopped.abort();
  }

  /** {@link stop}, and lets another process have the account's transactions. */
  async close(): Promise<void> {
    this.stop();
    await this.#turn;
    await this.#looking?.catch(() => undefined);
    await this.#options.intents.close();
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#options.intents.all().then((intents) => {
      for (const intent of intents) this.#intents.set(intent.nonce, intent);
    });
    return this.#loaded;
  }

  /** The nonce of a move that is on its way, or was mined where `seen` could not show it. */
  #made(move: string, seen: bigint | undefined): number | undefined {
    const isMade = ({ minedIn }: Intent) => minedIn === undefined || (seen !== undefined && minedIn > seen);
    return [...this.#intents.values()].find((intent) => moveOf(intent) === move && isMade(intent))?.nonce;
  }

  /** What a look at `block` does not show. */
  #unseen(block: bigint): Intent[] {
    return [...this.#intents.values()].filter(({ minedIn }) => minedIn === undefined || minedIn > block);
  }

  async #gasOf(call: L1Call, given: bigint | undefined): Promise<bigint> {
    const { reader, account } = this.#options;
    // By its address: viem would ask the node to fill in a transaction of a local account.
    const estimate = () =>
      reader.estimateGas({ ...call, account: account.address }).catch((error: unknown) => refusedCall(call, error));
    const gas = given ?? withMargin(await estimate());
    checkTransactionGas(gas);
    return gas;
  }

  async #issue(what: string, call: L1Call, gas: bigint): Promise<number> {
    const { reader, account, fees, mayPay } = this.#options;
    if (call.value > 0n && mayPay !== undefined) {
      await this.look();
      await mayPay(what, call, (block) => this.#unseen(block));
    }
    const [{ number, baseFeePerGas }, count] = await Promise.all([
      reader.getBlock(),
      reader.getTransactionCount({ address: account.address, blockTag: 'latest' }),
    ]);
    const usual = capped(await usualFees(reader, baseFeePerGas ?? 0n), fees.ceiling);
    const nonce = [...this.#intents.keys()].reduce((next, used) => (used >= next ? used + 1 : next), count);
    const intent: Intent = { ...call, ...usual, nonce, what, gas, hashes: [], signedAt: number };
    const refusal = await this.#broadcast(intent);
    if (refusal === undefined) return nonce;
    await this.#forget(nonce);
    return refusedCall(call, refusal);
  }

  /** Sends an intent, with a higher fee where nodes ask for one; yields the error when no node will take it. A cut answer says nothing. */
  async #broadcast(intent: Intent): Promise<unknown> {
    const error = await this.#transmit(intent);
    const answer = error === undefined ? 'taken' : answerOf(error);
    if (answer === 'underpriced') await this.#raise(this.#intents.get(intent.nonce)!);
    // Of what is known, too late or unanswered L1 says what becomes of it.
    return answer === 'refused' ? error : undefined;
  }

  /** Signs, stores and sends an intent as it is; yields what the node says against it. */
  async #transmit(intent: Intent): Promise<unknown> {
    const { account, reader } = this.#options;
    const { signed, raw } = await sign(account, reader.chain!.id, intent);
    await this.#keep(signed);
    return reader.sendRawTransaction({ serializedTransaction: raw }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  }

  /** Sends an intent with a higher fee. @returns whether the ceiling allows one */
  async #raise(intent: Intent): Promise<boolean> {
    const { reader, fees, tell } = this.#options;
    const { number: signedAt, baseFeePerGas } = await reader.getBlock();
    const { what, nonce } = intent;
    const higher = raised(intent, await usualFees(reader, baseFeePerGas ?? 0n), fees.ceiling);
    if (higher !== undefined) {
      tell({ type: 'raisedFee', what, nonce, maxFee: higher.maxFee });
      await this.#broadcast({ ...intent, ...higher, signedAt });
      return true;
    }
    if (!this.#atCeiling.has(nonce)) tell({ type: 'feeCeiling', what, nonce, ceiling: fees.ceiling });
    this.#atCeiling.add(nonce);
    await this.#keep({ ...intent, signedAt });
    return false;
  }

  async #look(): Promise<void> {
    if (this.#intents.size === 0) return;
    const { reader, account } = this.#options;
    const [head, count] = await Promise.all([
      reader.getBlock(),
      reader.getTransactionCount({ address: account.address, blockTag: 'latest' }),
    ]);
    for (const intent of [...this.#intents.values()].sort((a, b) => a.nonce - b.nonce)) {
      if (intent.minedIn !== undefined) await this.#checkMined(intent, head, count);
      else if (intent.nonce < count) await this.#mined(intent, head);
      else if (this.#isLate(intent, head, count)) await this.#sendAgain(intent);
    }
  }

  /** With a higher fee, or as it is where the ceiling does not allow one: a node's pool may have dropped it. */
  async #sendAgain(intent: Intent): Promise<void> {
    if (!(await this.#raise(intent))) await this.#transmit(this.#intents.get(intent.nonce)!);
  }

  /** The first in the line waits for nothing but its fee, the others for it as well. */
  #isLate({ nonce, signedAt, maxFee }: Intent, head: Block, count: number): boolean {
    if (head.number! - signedAt < this.#options.fees.patience) return false;
    return nonce === count || maxFee < (head.baseFeePerGas ?? 0n);
  }

  async #mined(intent: Intent, { number }: Block): Promise<void> {
    const { nonce, what } = intent;
    const receipt = await receiptOf(this.#options.reader, intent);
    if (receipt !== undefined) {
      this.#missing.delete(nonce);
      await this.#keep({ ...intent, minedIn: receipt.blockNumber });
      this.#ended.set(nonce, receipt);
      if (receipt.status === 'success') this.#options.onMined(what, receipt);
      return;
    }
    // A node that is behind shows the count before the receipt, or another node's count.
    const since = this.#missing.get(nonce) ?? number!;
    this.#missing.set(nonce, since);
    if (number! - since < TAKEN_AFTER) return;
    const message = `Nonce ${nonce} of ${this.#options.account.address}, meant for ${what}, was used by another transaction.`;
    const hint = 'Nobody else may send from an account that an agent has. What is still due is sent again.';
    this.#ended.set(nonce, new L1Error('L1_NONCE_TAKEN', message, { hint, details: { nonce, what } }));
    await this.#forget(nonce);
  }

  /** What is deep enough is forgotten; what a reorg of L1 has taken back goes out again, as its nonce is due. */
  async #checkMined(intent: Intent, { number }: Block, count: number): Promise<void> {
    if (intent.nonce >= count) {
      if ((await receiptOf(this.#options.reader, intent)) !== undefined) return;
      const { minedIn: _, ...again } = intent;
      this.#ended.delete(intent.nonce);
      await this.#broadcast({ ...again, signedAt: number! });
    } else if (number! - intent.minedIn! > REORG_DEPTH) {
      this.#ended.delete(intent.nonce);
      await this.#forget(intent.nonce);
    }
  }

  async #receiptOf(nonce: number, call: L1Call): Promise<TransactionReceipt> {
    const { reader, account, timeout } = this.#options;
    for (const end = Date.now() + timeout; ; ) {
      const intent = this.#intents.get(nonce);
      const ended = this.#ended.get(nonce);
      if (ended instanceof L1Error) throw ended;
      if (ended !== undefined) return minedCall(reader, account, call, ended);
      // Mined before this process began.
      const mined = intent?.minedIn === undefined ? undefined : await receiptOf(this.#options.reader, intent);
      if (mined !== undefined) return minedCall(reader, account, call, mined);
      await this.look();
      if (this.#ended.has(nonce)) continue;
      if (Date.now() > end || this.#stopped.signal.aborted) {
        const message = `Transaction ${intent?.hashes.at(-1)} (nonce ${nonce}) was not mined within ${timeout / 1_000} seconds.`;
        const hint = 'It is on its way: it is looked after, and sent again with a higher fee.';
        throw new L1Error('L1_NO_RECEIPT', message, { hint, details: { nonce } });
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(reader.pollingInterval, 1_000)));
    }
  }

  async #keep(intent: Intent): Promise<void> {
    await this.#options.intents.put(intent);
    this.#intents.set(intent.nonce, intent);
  }

  async #forget(nonce: number): Promise<void> {
    await this.#options.intents.remove(nonce);
    this.#intents.delete(nonce);
    this.#missing.delete(nonce);
    this.#atCeiling.delete(nonce);
  }
}
