import { setTimeout as sleep } from 'node:timers/promises';
import type { GameView } from '../../src/dispute/types.js';
import { DisputeError } from '../../src/errors/dispute.js';
import type { SentCall } from '../agents/l1-account.js';
import { OwnClaims } from '../agents/own-claims.js';
import { rootWords } from '../explain/roots.js';
import { ACCOUNT_FORGERIES, FORGERIES, type Forgery, forgeBatch } from '../node/forgery.js';
import type { L2Node, NodeEvent } from '../node/node.js';
import type { ProvenBundle } from '../proving/service.js';
import type { AgentEvent } from '../services/facts.js';
import { Devnet, type DevnetAgent, type DevnetOptions } from './devnet.js';
import { batchWords, eventWords, shortWord, troubleLog } from './narration.js';
import type { Scenario } from './scenario.js';
import { revealingTransactions, sampleTransactions, Wallet } from './traffic.js';

/** Hears what happens, in order. */
export interface StoryListener {
  step(text: string): void;
  detail(text: string): void;
}

/** A transaction on L1, and by whom. */
export type SentBy = SentCall & { readonly who: string };

/** How the story ended. */
export interface StoryEnd {
  readonly forgery: Forgery;
  /** The batch whose claim was disputed. */
  readonly disputed: bigint;
  readonly game: GameView;
  readonly winner: 'sequencer' | 'challenger';
  readonly proof: ProvenBundle;
  /** Answers of the challenger in the bisection. */
  readonly rounds: number;
  /** The node that the proof was made on. */
  readonly prover: L2Node;
  /** The node that the forgery happened on. */
  readonly liar: L2Node;
  /** What happened on L1 in the dispute, in order. */
  readonly sent: readonly SentBy[];
}

/** What the devnet of a story is made of. */
export interface StoryOptions
  extends Pick<DevnetOptions, 'keySet' | 'path' | 'accounts' | 'redis' | 'packing' | 'merkle'> {
  readonly onNode?: (who: string, event: NodeEvent) => void;
}

/** Wei that an agent of a story may have bonded: a stake, lost once and locked again, and some bonds. */
const MOST_BONDED = 250n * 10n ** 18n;
/** Milliseconds between looks at the devnet, and without any news until the story stands still. */
const LOOK = 100;
const STILL = 600_000;

/**
 * The main job from end to end on a devnet: batches are posted, one side forges a result, the other disputes it, bisection finds the first
 * disputed batch, a proof settles. Nobody is told what to do but the liar, which is told to lie.
 */
export class Story {
  readonly net: Devnet;
  readonly #stage: Stage;
  readonly #listener: StoryListener;

  private constructor(net: Devnet, stage: Stage, listener: StoryListener) {
    this.net = net;
    this.#stage = stage;
    this.#listener = listener;
  }

  /** Starts the devnet with its sequencer. @throws what {@link Devnet.start} throws */
  static async open(options: StoryOptions, scenario: Scenario, listener: StoryListener): Promise<Story> {
    const stage = new Stage(scenario, listener);
    const net = await Devnet.start({
      onNode: (who, event) => {
        for (const line of rootWords(event)) listener.detail(`${who}: ${line}`);
      },
      ...options,
      seed: scenario.seed,
      rpc: { host: '127.0.0.1', port: 0 },
      slot: 1,
      mostBonded: MOST_BONDED,
      concurrency: 2,
      sequencer: stage.agent('sequencer'),
      onSent: (who, call) => stage.note({ who, ...call }),
      log: troubleLog((text) => listener.detail(text)),
    });
    return new Story(net, stage, listener);
  }

  /**
   * Plays it, and ends the services; the devnet can still be asked.
   * @throws DisputeError `DISPUTE_STUCK` when nothing happens any more, or a game ends without a proof
   */
  async play(): Promise<StoryEnd> {
    const { net } = this;
    const stage = this.#stage;
    const { scenario } = stage;
    const listener = this.#listener;
    // The story is about one claim, of which the challenger hears when all are posted: it has overlooked the others.
    let disputed: bigint | undefined;
    const challenger = await net.challenge({
      ...stage.agent('challenger'),
      overlook: ({ kind, number }) => kind !== 'diff' || number !== disputed,
      onChallenge: ({ number, value }, own) => {
        listener.step(`The challenger disputes the claim on batch ${number}`);
        listener.detail(`claimed ${shortWord(value)}, its own result is ${shortWord(own)}`);
      },
    });
    const nodes = { sequencer: net.node, challenger };
    const claimed = await this.#postAll(challenger);
    if (scenario.case === 'b') await this.#claimByAnother(scenario.liar === 'sequencer' ? challenger : net.node);
    const before = stage.sent.length;
    disputed = claimed;
    const game = await this.#played();
    await net.stop();
    const { proof, forgery } = stage;
    if (proof === undefined || forgery === undefined) {
      throw new DisputeError('DISPUTE_STUCK', `Game ${game.id} ended as ${game.outcome} without a proof.`);
    }
    const winner = game.outcome === 'claimantWins' ? 'sequencer' : 'challenger';
    const sent = stage.sent.slice(before);
    const rounds = sent.filter(({ what }) => what === 'answer').length;
    return { forgery, disputed, game, winner, proof, rounds, prover: nodes[winner], liar: nodes[scenario.liar], sent };
  }

  /** Ends the devnet. */
  close(): Promise<void> {
    return this.net.close();
  }

  /** Sends what fills the batches to the sequencer's door, as wallets do. @returns the batch whose claim is to be disputed */
  async #postAll(challenger: L2Node): Promise<bigint> {
    const { net } = this;
    const { scenario } = this.#stage;
    const wallet = new Wallet(net.description.rpc);
    this.#listener.step(`The sequencer posts ${scenario.batches} batches with their claims`);
    const last = scenario.batches - 1n;
    let posted = 0n;
    const post = async (raws: readonly `0x${string}`[]) => {
      const { taken, refused } = await wallet.send(raws);
      for (const why of refused) this.#listener.detail(`the door refuses a transaction: ${why}`);
      const before = posted;
      posted = await this.#until(wallet.head.bind(wallet), (head) => head > before);
      for (let n = before + 1n; n <= posted; n++) {
        this.#listener.detail(`batch ${n}: ${batchWords(await net.node.state.batch(n))}`);
      }
      return taken;
    };
    while (posted < last) await post(await sampleTransactions(net, posted + 1n));
    // The challenger's node has to know the batches before the last: the forgery may have happened there.
    await this.#until(
      async () => challenger.head,
      (head) => head >= posted,
    );
    const revealing = scenario.case === 'b' ? await revealingTransactions(net, this.#stage.forgery!) : [];
    const [first] = await post([...revealing, ...(await sampleTransactions(net, posted + 1n))]);
    const onL1 = async () => this.#stage.sent.filter(({ what }) => what === 'submitBatch').length;
    await this.#until(onL1, (count) => BigInt(count) >= posted);
    if (scenario.case === 'a') return scenario.forged;
    return (await this.#until(
      () => wallet.batchOf(first!),
      (number) => number !== undefined,
    ))!;
  }

  /** Somebody else claims the diff of batch 1 too, on a stake of its own: whoever loses, this claim must not change. */
  async #claimByAnother(honest: L2Node): Promise<void> {
    const claims = new OwnClaims({ node: honest, l1: this.net.world.account('other') });
    await claims.secureStake();
    await claims.make({ kind: 'diff', number: 1n });
  }

  /** The one game, when it is closed. */
  async #played(): Promise<GameView> {
    const { dispute } = this.net.world.account('other');
    const games = async () => (await dispute.view()).games;
    const [game] = await this.#until(games, ([one]) => one?.phase === 'closed');
    return game!;
  }

  /** Asks again until the answer will do, as long as something happens. @throws DisputeError `DISPUTE_STUCK` */
  async #until<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (isEnough(answer)) return answer;
      if (Date.now() > this.#stage.news + STILL) {
        throw new DisputeError('DISPUTE_STUCK', `Nothing has happened for ${STILL / 60_000} minutes.`);
      }
      await sleep(LOOK);
    }
  }
}

/** What has happened in a story, and who is told to lie. */
class Stage {
  readonly scenario: Scenario;
  readonly sent: SentBy[] = [];
  forgery: Forgery | undefined;
  proof: ProvenBundle | undefined;
  /** When something happened last. */
  news = Date.now();
  readonly #listener: StoryListener;

  constructor(scenario: Scenario, listener: StoryListener) {
    this.scenario = scenario;
    this.#listener = listener;
  }

  note(sent: SentBy): void {
    this.news = Date.now();
    this.sent.push(sent);
  }

  agent(who: Scenario['liar']): DevnetAgent {
    const { scenario } = this;
    const tell = (event: AgentEvent) => {
      this.news = Date.now();
      if (event.type === 'proven') this.proof = event.proof;
      this.#listener.detail(`${who}: ${eventWords(event)}`);
    };
    if (scenario.liar !== who) return { tell };
    const onForged = (forgery: Forgery) => {
      this.forgery = forgery;
    };
    // In case b a later batch has to show what was forged.
    const fields = scenario.case === 'a' ? FORGERIES : ACCOUNT_FORGERIES;
    return { tell, tamper: forgeBatch(scenario.forged, scenario.seed, onForged, fields) };
  }
}
