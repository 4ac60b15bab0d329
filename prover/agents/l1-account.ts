import {
  type Chain,
  createPublicClient,
  encodeFunctionData,
  type Hex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
} from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { L1Error } from '../../src/errors/l1.js';
import type { BundleCalldata } from '../../src/l1/bundle-calldata.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import { createDisputeClient, type DisputeClient, disputeCalls } from '../../src/l1/dispute-client.js';
import { checkAgreement, endpointsTransport, type SeenBlock } from '../../src/l1/endpoints.js';
import { l1Transport } from '../../src/l1/limits.js';
import { createRollupClient, type RollupClient, rollupCalls } from '../../src/l1/rollup-client.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { MOVED_ON } from '../../src/l1/upload.js';
import { checkCeiling } from './at-stake.js';
import { readingTheLive } from './ended.js';
import { DEFAULT_FEES, type FeePolicy } from './fees.js';
import { type IntentStore, MemoryIntents } from './intents.js';
import { Outbox, type OutboxEvent, type OutboxOptions, type SendingOptions } from './outbox.js';

/** What an agent did on L1, for logs and accounts. */
export interface SentCall {
  /** E.g. `challenge` or `prove`. */
  readonly what: string;
  readonly receipt: TransactionReceipt;
}

/** What an L1 account is made of. */
export interface L1AccountOptions {
  /** JSON-RPC of L1; of several nodes the next one is asked when one does not answer. */
  readonly url: string | readonly string[];
  /** Nodes that must say the same at one block before money is staked; 1 by default. */
  readonly agreeing?: number;
  readonly chain: Chain;
  readonly account: LocalAccount;
  readonly contracts: DeployedContracts;
  /** Where its transactions are stored before they are sent: in memory when absent, for a process that sends a few and ends. */
  readonly intents?: IntentStore;
  readonly fees?: Partial<FeePolicy>;
  /** Wei that it may take to the contract: credit, what is locked and what it has lost, together; no ceiling when absent. */
  readonly mostBonded?: bigint;
  /** Milliseconds between looks for what is on its way; 500 when absent. */
  readonly pollingMs?: number;
  /** Milliseconds that a call waits for its receipt; 90,000 when absent. */
  readonly timeout?: number;
  readonly onSent?: (sent: SentCall) => void;
  readonly tell?: (event: OutboxEvent) => void;
}

/** Seven slots of L1: a fee is raised twice meanwhile. */
const RECEIPT_TIMEOUT = 90_000;

/** L1 seen and used by one account: reads at one block; its transactions go through one outbox. */
export class L1Account {
  readonly account: LocalAccount;
  readonly contracts: DeployedContracts;
  readonly reader: PublicClient;
  readonly rollup: RollupClient;
  readonly dispute: DisputeClient;
  readonly calls: ReturnType<typeof rollupCalls> & ReturnType<typeof disputeCalls>;
  readonly outbox: Outbox;
  readonly #readers: readonly PublicClient[];
  readonly #agreeing: number;

  constructor(options: L1AccountOptions) {
    const {
      url,
      agreeing = 1,
      pollingMs = 500,
      chain,
      account,
      contracts,
      intents,
      fees,
      mostBonded: most,
      timeout,
      onSent,
      tell,
    } = options;
    const urls = typeof url === 'string' ? [url] : url;
    const config = { retryCount: 2, timeout: 60_000 };
    const transport = endpointsTransport(urls, config);
    this.#readers = urls.map((one) => createPublicClient({ chain, transport: l1Transport(one, config) }));
    this.#agreeing = agreeing;
    if (agreeing > urls.length) {
      const message = `${agreeing} L1 nodes are to say the same, ${urls.length} are named.`;
      throw new L1Error('L1_ENDPOINTS_DISAGREE', message, { hint: 'Name more nodes, or ask for fewer.' });
    }
    this.account = account;
    this.contracts = contracts;
    this.reader = createPublicClient({ chain, transport, pollingInterval: pollingMs });
    this.rollup = createRollupClient(this.reader, contracts.rollup);
    this.dispute = readingTheLive(createDisputeClient(this.reader, contracts.dispute));
    this.calls = { ...rollupCalls(contracts.rollup), ...disputeCalls(contracts.dispute) };
    const mayPay: OutboxOptions['mayPay'] =
      most === undefined
        ? undefined
        : (...call) => checkCeiling({ dispute: this.dispute, account: account.address, most }, ...call);
    this.outbox = new Outbox({
      account,
      reader: this.reader,
      intents: intents ?? new MemoryIntents(),
      fees: { ...DEFAULT_FEES, ...fees },
      timeout: timeout ?? RECEIPT_TIMEOUT,
      ...(mayPay === undefined ? {} : { mayPay }),
      onMined: (what, receipt) => onSent?.({ what, receipt }),
      tell: tell ?? (() => {}),
    });
  }

  /** Sends a call and waits for its receipt (`Outbox.send`); calls get their nonces in the order in which they are asked for. */
  send(what: string, call: L1Call, options: SendingOptions = {}): Promise<TransactionReceipt> {
    return this.outbox.send(what, call, options);
  }

  /**
   * Checks that enough nodes say what was seen at a block, before money is staked on it.
   * @param ask what a node says, and `seen` what was read, in the same words
   * @throws L1Error `L1_ENDPOINTS_DISAGREE`
   */
  checkAgreement(block: SeenBlock, seen: string, ask: (dispute: DisputeClient) => Promise<string>): Promise<void> {
    const address = this.contracts.dispute;
    return checkAgreement({
      readers: this.#readers,
      needed: this.#agreeing,
      block,
      seen,
      ask: (reader) => ask(createDisputeClient(reader, address)),
    });
  }

  /** Lets another process send from this account. What is on its way stays there. */
  close(): Promise<void> {
    return this.outbox.close();
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
  'NothingToResolve',
  'AlreadyFinal',
  'AlreadyClaimed',
  'EntryClosed',
  'AlreadyStaked',
  'AlreadyChallenged',
  'NotReimbursable',
  'NotDecided',
  'WindowClosed',
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
