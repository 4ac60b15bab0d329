import { Mempool } from '../agents/mempool.js';
import type { Sequencer } from '../agents/sequencer.js';
import { Finality } from '../rpc/finality.js';
import { RpcServer } from '../rpc/server.js';
import { makeSequencer, type SequencerParts } from './agents.js';
import { type AgentEvent, tellAgent } from './facts.js';
import type { Log } from './log.js';
import { postWaiting, settleWaiting } from './posting.js';
import { repeat } from './repeat.js';
import type { WaitingTransactions } from './waiting.js';

/** What a running sequencer is made of; whoever made node, proofs and folders closes them after `stop`. */
export interface SequencerServiceOptions extends Omit<SequencerParts, 'tell' | 'onUnannounced'> {
  /** L1's address, for the log. */
  readonly l1Url: string;
  /** What its mempool has taken. */
  readonly waiting: WaitingTransactions;
  /** Seconds from one batch to the next, what it takes to make it included. */
  readonly slot: number;
  /** Seconds between looks at L1. */
  readonly look: number;
  readonly rpc: { readonly host: string; readonly port: number };
  readonly clientVersion: string;
  readonly log: Log;
  /** Hears what the agent tells; it goes to the log when absent. */
  readonly tell?: (event: AgentEvent) => void;
}

/** A sequencer that takes transactions at its JSON-RPC door, posts a batch a slot when some wait, and defends its claims. */
export class SequencerService {
  readonly url: string;
  readonly #stop = new AbortController();
  readonly #loops: readonly Promise<void>[];
  readonly #rpc: RpcServer;
  readonly #sequencer: Sequencer;

  private constructor(options: SequencerServiceOptions, sequencer: Sequencer, mempool: Mempool, rpc: RpcServer) {
    const { slot, look, log, l1Url: l1, waiting } = options;
    this.#rpc = rpc;
    this.#sequencer = sequencer;
    this.url = rpc.url;
    const { signal } = this.#stop;
    const poster = {
      tick: async () => {
        if (await settleWaiting(sequencer, mempool, waiting, log)) await postWaiting(sequencer, mempool, log);
        return false; // one batch a slot
      },
      stop: () => sequencer.stop(),
    };
    this.#loops = [
      repeat(poster, { what: 'posting', l1, log, signal, wait: 1_000 * slot, rhythm: true }),
      repeat(sequencer, { what: 'playing', l1, log, signal, wait: 1_000 * look }),
    ];
  }

  /** Follows L1 to its newest batch and opens the door. @throws RpcError `RPC_LISTEN`; what following L1 throws */
  static async start(options: SequencerServiceOptions): Promise<SequencerService> {
    const { node, l1, announced, waiting, rpc: where, clientVersion, log, tell = tellAgent(log) } = options;
    const onUnannounced = (error: unknown) => log.warn({}, String(error));
    const sequencer = makeSequencer({ ...options, tell, onUnannounced });
    try {
      const mempool = new Mempool(node, {}, (raw) => waiting.keep(raw));
      await settleWaiting(sequencer, mempool, waiting, log);
      const rpc = await RpcServer.listen({
        ...where,
        node,
        mempool,
        announcements: announced,
        finality: new Finality(l1, node.state),
        clientVersion,
        onInternalError: (error, method) => log.error({ method }, String(error)),
      });
      return new SequencerService(options, sequencer, mempool, rpc);
    } catch (error) {
      await sequencer.close();
      throw error;
    }
  }

  /** Takes no more transactions, ends what is being done, and returns. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#rpc.close();
    await Promise.all(this.#loops);
    await this.#sequencer.close();
  }
}
