import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
} from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { L1Error } from '../../src/errors/l1.js';
import type { BundleCalldata } from '../../src/l1/bundle-calldata.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import { createDisputeClient, type DisputeClient, disputeCalls } from '../../src/l1/dispute-client.js';
import { l1Transport } from '../../src/l1/limits.js';
import { createRollupClient, type RollupClient, rollupCalls } from '../../src/l1/rollup-client.js';
import { type L1Call, type SendOptions, sendCall, type Wallet } from '../../src/l1/send-call.js';
import { MOVED_ON } from '../../src/l1/upload.js';

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
    const transport = l1Transport(url, { retryCount: 2, timeout: 60_000 });
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

  /** Gas that ProofVerifier itself uses for a bundle: the whole call less its base and calldata. */
  async verifierGas({ statement, parts }: BundleCalldata): Promise<number> {
    const call = { abi: ProofVerifier.abi, functionName: 'verify', args: [statement, parts] } as const;
    const data = encodeFunctionData(call);
    return Number(await this.reader.estimateGas({ to: this.contracts.verifier, data })) - calldataGas(data);
  }
}

/** What a transaction costs before it is executed: 21,000 and EIP-2028's price of its calldata. */
export function calldataGas(data: Hex): number {
  let gas = 21_000;
  for (let i = 2; i < data.length; i += 2) gas += data.slice(i, i + 2) === '00' ? 4 : 16;
  return gas;
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
  'EnforcedPause',
  ...MOVED_ON,
  // After an L1 reorg:
  'UnknownClaim',
  'UnknownGame',
  'WrongBatch',
  'NotFinished',
]);

/** Whether an error of {@link L1Account.send} only says that L1 has moved on. */
function isOvertaken(error: unknown): boolean {
  return error instanceof L1Error && OVERTAKEN.has(String(error.details?.error));
}

/** What `run` says, whether it sent anything; false when L1 has moved on. Other errors are thrown. */
export async function unlessOvertaken(run: () => Promise<boolean>): Promise<boolean> {
  try {
    return await run();
  } catch (error) {
    if (isOvertaken(error)) return false;
    throw error;
  }
}
