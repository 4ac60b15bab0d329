import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createWalletClient } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import type { Rules } from '../../src/batch/types.js';
import { DEFAULT_PARAMETERS, type Parameters } from '../../src/dispute/parameters.js';
import { type AnvilOptions, type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { type DeployedContracts, deployContracts } from '../../src/l1/deploy.js';
import { l1Transport } from '../../src/l1/limits.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { type SampleGenesis, sampleGenesis } from '../../src/samples/accounts.js';
import { withContracts } from '../../src/samples/contracts.js';
import type { PackingCost } from '../../src/trace/pack.js';
import { L1Account, type L1AccountOptions, type SentCall } from '../agents/l1-account.js';
import { AnnouncementFolder } from '../node/announcement-folder.js';
import { merkleOptions } from '../node/merkle-options.js';
import { L2Node, type MerkleOptions, type NodeEvent, type Tamper } from '../node/node.js';
import { ProofService } from '../proving/service.js';

/** The accounts of a local anvil follow from this published phrase; they guard nothing. */
export const ANVIL_MNEMONIC = 'test test test test test test test test test test test junk';

/** Who plays in a local world, by the index of its anvil account. */
export const ROLES = { deployer: 0, sequencer: 1, challenger: 2, other: 3, guardian: 9 } as const;

/** The folder of the stores that hold the genesis and its trie. */
const GENESIS = 'genesis';

/** What a local world is made of. */
export interface WorldOptions {
  readonly keySet: KeySet;
  readonly rules: Rules;
  readonly seed: string;
  /** Accounts in the genesis. */
  readonly accounts: number;
  readonly parameters?: Partial<Parameters>;
  /** Seconds between the timestamps of two batches, at least. */
  readonly minInterval?: bigint;
  /** `redis://` URL of the job queue; embedded when absent. */
  readonly redis?: string;
  /** What bundles are packed by. */
  readonly packing?: PackingCost;
  /** How its nodes make roots; as the environment says when absent (`merkleOptions`). */
  readonly merkle?: MerkleOptions;
  /** How its L1 is started. */
  readonly anvil?: AnvilOptions;
  readonly onNode?: (who: string, event: NodeEvent) => void;
  /** Folder for all stores; a temporary one, removed at the end, when absent. */
  readonly path?: string;
  readonly onSent?: (who: string, sent: SentCall) => void;
}

/**
 * A whole rollup on this machine: a private anvil with the contracts, a genesis, and room for nodes, accounts and proof
 * services. `close` ends everything it started.
 */
export class World {
  readonly l1: LocalL1;
  readonly contracts: DeployedContracts;
  readonly genesis: SampleGenesis;
  /** State root of genesis. */
  readonly genesisRoot: bigint;
  readonly options: WorldOptions;
  readonly #path: string;
  readonly #closers: (() => Promise<unknown>)[] = [];

  private constructor(
    options: WorldOptions,
    path: string,
    l1: LocalL1,
    contracts: DeployedContracts,
    genesis: SampleGenesis,
    genesisRoot: bigint,
  ) {
    this.genesisRoot = genesisRoot;
    this.options = options;
    this.#path = path;
    this.l1 = l1;
    this.contracts = contracts;
    this.genesis = genesis;
  }

  /** Starts anvil, builds the genesis, deploys the contracts. */
  static async open(options: WorldOptions): Promise<World> {
    const path = options.path ?? mkdtempSync(join(tmpdir(), 'deltaproof-'));
    mkdirSync(path, { recursive: true });
    const closers: (() => Promise<unknown>)[] = [];
    try {
      const genesis = withContracts(sampleGenesis(options.seed, options.accounts, Math.min(options.accounts - 2, 200)));
      const scratch = await L2Node.open({ path: join(path, GENESIS), rules: options.rules, genesis: genesis.state });
      closers.push(() => scratch.close());
      const genesisRoot = await scratch.rootAfter(0n);
      const l1 = await startAnvil(options.anvil);
      closers.push(() => l1.stop());
      const contracts = await deploy(options, l1, genesisRoot);
      await scratch.close();
      closers.shift();
      const world = new World(options, path, l1, contracts, genesis, genesisRoot);
      world.#closers.push(...closers);
      if (options.path === undefined)
        world.#closers.unshift(async () => rmSync(path, { recursive: true, force: true }));
      return world;
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  /** One role's eyes and hands on L1. @param more differs from what is usual here */
  account(role: keyof typeof ROLES, more: Partial<L1AccountOptions> = {}): L1Account {
    const { onSent = () => {} } = this.options;
    return new L1Account({
      url: this.l1.url,
      chain: foundry,
      account: accountOf(role),
      contracts: this.contracts,
      pollingMs: 100,
      onSent: (sent) => onSent(role, sent),
      ...more,
    });
  }

  /** A node of its own, closed with the world; a new one begins with a copy of the stores that hold the genesis. */
  async node(name: string, tamper?: Tamper): Promise<L2Node> {
    const path = join(this.#path, name);
    if (!existsSync(path)) cpSync(join(this.#path, GENESIS), path, { recursive: true });
    const { rules, merkle = merkleOptions({}), onNode } = this.options;
    const node = await L2Node.open({
      path,
      rules,
      genesis: this.genesis.state,
      announcer: accountOf('sequencer').address,
      merkle,
      ...(onNode === undefined ? {} : { tell: (event) => onNode(name, event) }),
      ...(tamper === undefined ? {} : { tamper }),
    });
    this.#closers.push(() => node.close());
    return node;
  }

  /** What its sequencer announces. */
  announcements(): Promise<AnnouncementFolder> {
    return AnnouncementFolder.open(join(this.#path, 'announcements'));
  }

  /** The proof service of the world, closed with it. With Redis, jobs of other worlds stay apart. */
  async proofs(): Promise<ProofService> {
    const { redis, packing } = this.options;
    const service = await ProofService.open({
      path: this.proofsPath,
      ...(redis === undefined ? {} : { redis, prefix: this.redisPrefix }),
      ...(packing === undefined ? {} : { packing }),
    });
    this.#closers.push(() => service.close());
    return service;
  }

  /** Folder of the proof service. */
  get proofsPath(): string {
    return join(this.#path, 'proofs');
  }

  /** Keeps the queues of several worlds on one Redis apart. */
  get redisPrefix(): string {
    return `deltaproof-${this.l1.pid}`;
  }

  /** Calls `close` when the world is closed, before everything that was opened earlier. */
  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** Moves L1's clock on by `seconds` and mines a block. */
  async passTime(seconds: bigint): Promise<void> {
    const client = createPublicClient({ chain: foundry, transport: l1Transport(this.l1.url) });
    await client.request({ method: 'evm_increaseTime' as never, params: [Number(seconds)] as never });
    await client.request({ method: 'evm_mine' as never, params: [] as never });
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** The anvil account of a role. */
export function accountOf(role: keyof typeof ROLES) {
  return mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: ROLES[role] });
}

function deploy(
  { keySet, rules, parameters, minInterval }: WorldOptions,
  l1: LocalL1,
  genesisRoot: bigint,
): Promise<DeployedContracts> {
  const transport = l1Transport(l1.url);
  return deployContracts({
    wallet: createWalletClient({ chain: foundry, transport, account: accountOf('deployer') }),
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 50 }),
    rules,
    verifier: keySet,
    sequencer: accountOf('sequencer').address,
    genesisRoot,
    parameters: { ...DEFAULT_PARAMETERS, guardian: accountOf('guardian').address, ...parameters },
    ...(minInterval === undefined ? {} : { minInterval }),
  });
}
