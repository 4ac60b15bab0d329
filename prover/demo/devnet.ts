import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { foundry } from 'viem/chains';
import { genesisFileText } from '../../src/batch/batch-file.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { LOCAL_INTERVAL, LOCAL_PARAMETERS, type Parameters } from '../../src/dispute/parameters.js';
import type { ClaimView } from '../../src/dispute/types.js';
import { announcementsFrom } from '../agents/announcements.js';
import { deploymentText } from '../config/deployment.js';
import { programVersion } from '../config/version.js';
import type { L2Node, Tamper } from '../node/node.js';
import type { ProofService } from '../proving/service.js';
import { runChallenger } from '../services/challenger.js';
import { type AgentEvent, tellAgent, tellNode, tellSent } from '../services/facts.js';
import type { Log } from '../services/log.js';
import { SequencerService } from '../services/sequencer.js';
import { WaitingTransactions } from '../services/waiting.js';
import { accountOf, ROLES, World, type WorldOptions } from './world.js';

/** What an agent of a devnet is told beside what operators tell theirs. */
export interface DevnetAgent {
  /** Forges what its node makes of batches, so that there is something to dispute: it lies. */
  readonly tamper?: Tamper;
  /** Hears what the agent tells; it goes to the log when absent. */
  readonly tell?: (event: AgentEvent) => void;
}

/** What a devnet is made of. */
export interface DevnetOptions
  extends Pick<WorldOptions, 'keySet' | 'seed' | 'accounts' | 'redis' | 'packing' | 'onSent' | 'onNode'> {
  /** Folder of stores, deployment and genesis files. It must be new: L1 begins anew too. */
  readonly path: string;
  readonly parameters?: Parameters;
  readonly merkle: NonNullable<WorldOptions['merkle']>;
  /** A free one when absent. */
  readonly l1Port?: number;
  readonly rpc: { readonly host: string; readonly port: number };
  /** Seconds between batches. */
  readonly slot: number;
  readonly fastFinality?: boolean;
  /** Wei that each of its agents may have bonded. */
  readonly mostBonded: bigint;
  /** Proof tasks at a time with the embedded queue. */
  readonly concurrency: number;
  readonly sequencer?: DevnetAgent;
  readonly log: Log;
}

/** What a devnet's challenger is told. */
export interface DevnetChallenger extends DevnetAgent {
  /** Claims that it does not look at; none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
  /** Hears that it has opened a game; it goes to the log when absent. */
  readonly onChallenge?: (claim: ClaimView, own: bigint) => void;
}

/** What a devnet says of itself: where it listens, and keys that everybody knows. */
export interface DevnetDescription {
  readonly l1: string;
  readonly l1ChainId: number;
  readonly rpc: string;
  readonly l2ChainId: bigint;
  readonly deployment: string;
  readonly genesis: string;
  /** What workers are told, beside the Redis that the devnet was given. */
  readonly queue?: { readonly prefix: string };
  /** Files with the keys of funded L1 accounts, by role. */
  readonly keys: Readonly<Record<string, string>>;
  /** Funded accounts on L2. */
  readonly funded: readonly { readonly address: Address; readonly privateKey: Hex }[];
}

/** Seconds between an agent's looks at L1. */
const LOOK = 1;
/** Who gets the tips on L2. */
export const FEE_RECIPIENT = accountOf('sequencer').address.toLowerCase() as Address;

/** A private L1 with the contracts and a sequencer with its door: the services that operators run, in one process. */
export class Devnet {
  readonly description: DevnetDescription;
  readonly world: World;
  /** The sequencer's. */
  readonly node: L2Node;
  readonly proofs: ProofService;
  readonly #options: DevnetOptions;
  /** What ends its services, the last one first. */
  readonly #stops: (() => Promise<void>)[] = [];

  private constructor(options: DevnetOptions, world: World, node: L2Node, proofs: ProofService, rpc: string) {
    this.#options = options;
    this.world = world;
    this.node = node;
    this.proofs = proofs;
    this.description = describe(world, options, rpc);
  }

  /** @throws L1Error `L1_START`; RpcError `RPC_LISTEN`; what the world throws. Whatever was started is ended then. */
  static async start(options: DevnetOptions): Promise<Devnet> {
    const { path, log, l1Port, redis, mostBonded, sequencer: { tamper, tell } = {} } = options;
    const world = await World.open({
      onNode: (_, event) => tellNode(log)(event),
      onSent: (_, sent) => tellSent(log)(sent),
      ...options,
      rules: RULES_V2,
      minInterval: LOCAL_INTERVAL,
      parameters: { ...LOCAL_PARAMETERS, ...options.parameters, guardian: accountOf('guardian').address },
      // Blocks come by themselves, as on a real L1, and at once when somebody sends a transaction.
      anvil: {
        args: ['--block-time', '1', '--mixed-mining'],
        ...(l1Port === undefined ? {} : { port: l1Port }),
      },
    });
    try {
      const node = await world.node('sequencer', tamper);
      const proofs = await world.proofs();
      if (redis === undefined) await proofs.queue.work({ concurrency: options.concurrency });
      const waiting = await WaitingTransactions.open(join(path, 'waiting'));
      world.onClose(() => waiting.close());
      const service = await SequencerService.start({
        ...options,
        ...(tell === undefined ? {} : { tell }),
        lies: tamper !== undefined,
        node,
        proofs,
        l1: world.account('sequencer', { mostBonded, tell: tell ?? tellAgent(log) }),
        l1Url: world.l1.url,
        signer: accountOf('sequencer'),
        announced: await world.announcements(),
        waiting,
        feeRecipient: FEE_RECIPIENT,
        look: LOOK,
        clientVersion: `deltaproof/${programVersion()}`,
      });
      const stop = once(() => service.stop());
      world.onClose(stop);
      const net = new Devnet(options, world, node, proofs, service.url);
      net.#stops.push(stop);
      return net;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /** Starts a challenger on a node of its own, which follows L1 and asks the sequencer's door for announcements. */
  async challenge({ tamper, ...told }: DevnetChallenger = {}): Promise<L2Node> {
    const { keySet, log, mostBonded } = this.#options;
    const node = await this.world.node('challenger', tamper);
    const stop = new AbortController();
    const { signal } = stop;
    const running = runChallenger({
      ...told,
      lies: tamper !== undefined,
      node,
      l1: this.world.account('challenger', { mostBonded, tell: told.tell ?? tellAgent(log) }),
      l1Url: this.world.l1.url,
      proofs: this.proofs,
      keys: { keySet: keySet.name, keySetHash: keySet.hash },
      announcements: announcementsFrom(this.description.rpc, { rules: RULES_V2, signal }, () => {}),
      look: LOOK,
      log,
      signal,
    });
    const end = once(() => {
      stop.abort();
      return running;
    });
    this.world.onClose(end);
    this.#stops.push(end);
    return node;
  }

  /** Ends the services; L1, nodes and proofs can still be asked. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  /** Ends the services, then L1. */
  close(): Promise<void> {
    return this.world.close();
  }
}

/** Runs at the first call; the others wait for that. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

function describe(world: World, { path, keySet, redis }: DevnetOptions, rpc: string): DevnetDescription {
  const files = { deployment: join(path, 'deployment.json'), genesis: join(path, 'genesis.json') };
  const deployment = {
    ...world.contracts,
    l1ChainId: foundry.id,
    sequencer: accountOf('sequencer').address,
    genesisRoot: world.genesisRoot,
    keySet: keySet.name,
    keySetHash: keySet.hash,
  };
  writeFileSync(files.deployment, deploymentText(deployment));
  writeFileSync(files.genesis, genesisFileText(world.genesis.state));
  mkdirSync(join(path, 'keys'), { recursive: true });
  const keys = Object.fromEntries(
    Object.keys(ROLES).map((role) => {
      const file = join(path, 'keys', role);
      const key = accountOf(role as keyof typeof ROLES).getHdKey().privateKey!;
      writeFileSync(file, `0x${Buffer.from(key).toString('hex')}\n`, { mode: 0o600 });
      return [role, file];
    }),
  );
  const funded = world.genesis.signers.slice(0, 3).map(({ address, privateKey }) => ({ address, privateKey }));
  const queue = redis === undefined ? {} : { queue: { prefix: world.redisPrefix } };
  return {
    l1: world.l1.url,
    l1ChainId: foundry.id,
    rpc,
    l2ChainId: RULES_V2.chainId,
    ...files,
    ...queue,
    keys,
    funded,
  };
}
