import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  http,
  type PublicClient,
  type TransactionReceipt,
} from 'viem';
import { L1Error } from '../../src/errors/l1.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import { createDisputeClient, type DisputeClient, disputeCalls } from '../../src/l1/dispute-client.js';
import { createRollupClient, type RollupClient, rollupCalls } from '../../src/l1/rollup-client.js';
import { type L1Call, type SendOptions, sendCall, type Wallet } from '../../src/l1/send-call.js';

/** What an agent did on L1, for logs and accounts. */
export interface SentCall {
  /** E.g. `challenge` or `prove`. */
  readonly what: string;
  readonly receipt: TransactionReceipt;
}

/** What an L1 account is made of. */
export interface L1AccountOptions {
  /** JSON-RPC of L1. */
  readonly url: string;
  readonly chain: Chain;
  readonly account: Account;
  readonly contracts: DeployedContracts;
  readonly onSent?: (sent: SentCall) => void;
}

/** L1 seen and used by one account: reads at one block, sends one transaction after another. */
export class L1Account {
  readonly account: Account;
  readonly contracts: DeployedContracts;
  readonly reader: PublicClient;
  readonly rollup: RollupClient;
  readonly dispute: DisputeClient;
  readonly calls: ReturnType<typeof rollupCalls> & ReturnType<typeof disputeCalls>;
  readonly #wallet: Wallet;
  readonly #onSent: (sent: SentCall) => void;
  #sending: Promise<unknown> = Promise.resolve();

  constructor({ url, chain, account, contracts, onSent = () => {} }: L1AccountOptions) {
    const transport = http(url, { retryCount: 2, timeout: 60_000 });
    this.account = account;
    this.contracts = contracts;
    this.reader = createPublicClient({ chain, transport, pollingInterval: 100 });
    this.#wallet = createWalletClient({ chain, transport, account });
    this.rollup = createRollupClient(this.reader, contracts.rollup);
    this.dispute = createDisputeClient(this.reader, contracts.dispute);
    this.calls = { ...rollupCalls(contracts.rollup), ...disputeCalls(contracts.dispute) };
    this.#onSent = onSent;
  }

  /**
   * Sends a call and waits for its receipt; calls of one account go one after another.
   * @throws L1Error `L1_REVERTED` with the contract's error by name
   */
  send(what: string, call: L1Call, options: SendOptions = {}): Promise<TransactionReceipt> {
    const run = this.#sending.then(() => sendCall(this.#wallet, this.reader, call, options));
    this.#sending = run.catch(() => undefined);
    return run.then((receipt) => {
      this.#onSent({ what, receipt });
      return receipt;
    });
  }
}

/**
 * Errors of the contracts that say a move came too late or twice: somebody else was faster, or L1 moved on between reading
 * and sending. The next look at L1 shows what is due then, so they end nothing.
 */
const OVERTAKEN = new Set([
  'StaleMove',
  'WrongPhase',
  'ClaimDecided',
  'GameIsClosed',
  'AlreadyProven',
  'AlreadyResolved',
  'AlreadyFinal',
  'LiveClaim',
  'NotDecided',
  'WindowClosed',
  'ClaimIsOpen',
]);

/** Whether an error of {@link L1Account.send} only says that L1 has moved on. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof L1Error && OVERTAKEN.has(String(error.details?.error));
}
