import type { Address, Hex } from 'viem';
import { signTransaction } from '../../src/batch/sign.js';
import type { Outcome, Rules } from '../../src/batch/types.js';
import type { GameView } from '../../src/dispute/types.js';
import { DisputeError } from '../../src/errors/dispute.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { addressOf, type SampleSigner } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { announcerInto } from '../agents/announcements.js';
import { Challenger } from '../agents/challenger.js';
import type { SentCall } from '../agents/l1-account.js';
import type { PlayerEvent } from '../agents/player.js';
import { Sequencer } from '../agents/sequencer.js';
import { type Announcements, Follower } from '../agents/sync.js';
import { ACCOUNT_FORGERIES, FORGERIES, type Forgery, forgeBatch } from '../node/forgery.js';
import type { L2Node, Tamper } from '../node/node.js';
import type { ProofService, ProvenBundle } from '../proving/service.js';
import { checkProvable } from '../stages/pack-request.js';
import type { Scenario } from './scenario.js';
import { accountOf, type World } from './world.js';

/** Seconds between L1 blocks. */
const L1_SLOT = 12n;

/** Hears what happens, in order. */
export interface StoryListener {
  step(text: string): void;
  detail(text: string): void;
}

/** How the story ended. */
export interface StoryEnd {
  readonly forgery: Forgery;
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
  readonly sent: readonly (SentCall & { readonly who: string })[];
}

/** Everybody in the story. */
export interface Cast {
  readonly world: World;
  readonly keySet: KeySet;
  readonly rules: Rules;
  readonly proofs: ProofService;
  /** Fills with what is sent to L1 (`WorldOptions.onSent`). */
  readonly sent: readonly (SentCall & { readonly who: string })[];
}

/**
 * The main job from end to end: batches are posted, one side forges a result, the other disputes it, bisection finds the first
 * disputed batch, a proof settles. Nobody is told what to do but the liar, which is told to lie.
 * @throws DisputeError `DISPUTE_STUCK` when nobody moves and no proof is being made
 */
export async function playStory(cast: Cast, scenario: Scenario, listener: StoryListener): Promise<StoryEnd> {
  const { world, keySet, proofs } = cast;
  let forgery: Forgery | undefined;
  const onForged = (told: Forgery) => {
    forgery = told;
  };
  // In case b a later batch has to show what was forged.
  const fields = scenario.case === 'a' ? FORGERIES : ACCOUNT_FORGERIES;
  const tamper = forgeBatch(scenario.forged, scenario.seed, onForged, fields);
  const tamperOf = (who: Scenario['liar']): Tamper | undefined => (scenario.liar === who ? tamper : undefined);
  const nodes = {
    sequencer: await world.node('sequencer', tamperOf('sequencer')),
    challenger: await world.node('challenger', tamperOf('challenger')),
  };
  const honest = nodes[scenario.liar === 'sequencer' ? 'challenger' : 'sequencer'];
  let proof: ProvenBundle | undefined;
  const tell = (who: string) => (event: PlayerEvent) => {
    if (event.type === 'proven') proof = event.proof;
    listener.detail(`${who}: ${words(event)}`);
  };
  const keys = { keySet: keySet.name, keySetHash: keySet.hash };
  const announced = await world.announcements();
  const announcements: Announcements = (_number, hash) => announced.get(hash);
  const feeRecipient = addressOf(`${scenario.seed} fee recipient`);
  const sequencer = new Sequencer({
    node: nodes.sequencer,
    l1: world.account('sequencer'),
    proofs,
    keys,
    feeRecipient,
    checkFits: (request) =>
      checkProvable(
        request,
        keySet.shapes.map(({ spec }) => spec),
      ),
    announcer: announcerInto(announced, accountOf('sequencer'), (error) => listener.detail(String(error))),
    tell: tell('sequencer'),
  });
  const challenger = new Challenger({
    node: nodes.challenger,
    l1: world.account('challenger'),
    proofs,
    keys,
    announcements,
    lies: scenario.liar === 'challenger',
    tell: tell('challenger'),
    // The story is about one claim; in case b the challenger has overlooked the earlier ones.
    overlook: ({ number }) => number !== scenario.disputed,
    onChallenge: ({ number, value }, own) => {
      listener.step(`The challenger disputes the claim on batch ${number}`);
      listener.detail(`claimed ${short(value)}, its own result is ${short(own)}`);
    },
  });

  listener.step(`The sequencer posts ${scenario.batches} batches with their claims`);
  for (let n = 1n; n <= scenario.batches; n++) {
    const state = nodes.sequencer.state.view();
    const { genesis } = world;
    const txs = await sampleBatch({ genesis, state, number: n, feeRecipient, rules: cast.rules });
    if (scenario.case === 'b' && n === scenario.disputed) {
      // The forgery happens on the liar's node: the challenger's has to know the batches first.
      const { block } = await challenger.l1.rollup.view();
      await new Follower(nodes.challenger, challenger.l1, announcements).follow(block);
      txs.unshift(...(await revealing(cast, honest, forgery!)));
    }
    await world.passTime(L1_SLOT);
    const { replay } = await sequencer.post(txs);
    listener.detail(`batch ${n}: ${summary(replay.outcomes)}`);
  }
  if (scenario.case === 'b')
    await claimByAnother(world, nodes[scenario.liar === 'sequencer' ? 'challenger' : 'sequencer']);
  const before = cast.sent.length;
  const game = await playOn(sequencer, challenger);
  if (proof === undefined || forgery === undefined) {
    throw new DisputeError('DISPUTE_STUCK', `Game ${game.id} ended as ${game.outcome} without a proof.`);
  }
  const winner = game.outcome === 'claimantWins' ? 'sequencer' : 'challenger';
  return {
    forgery,
    game,
    winner,
    proof,
    rounds: cast.sent.filter(({ what }) => what === 'answer').length,
    prover: nodes[winner],
    liar: nodes[scenario.liar],
    sent: cast.sent.slice(before),
  };
}

/** `12 transfers, 8 calls (3 ok, 3 revert, 2 halt), 6 skipped, 15 malformed`. */
function summary(outcomes: readonly Outcome[]): string {
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const runs = outcomes.flatMap((outcome) => (outcome.kind === 'executed' && outcome.run ? [outcome.run.end] : []));
  const ends = (['ok', 'revert', 'halt'] as const).map((end) => `${runs.filter((one) => one === end).length} ${end}`);
  const calls = runs.length === 0 ? '' : ` ${runs.length} calls (${ends.join(', ')}),`;
  return `${count('executed') - runs.length} transfers,${calls} ${count('skipped')} skipped, ${count('bad')} malformed`;
}

/**
 * Transactions that the forged account shows in the diff of the batch they stand in: one to it, and, when it can sign, one from it.
 * Without them a later batch might not touch it at all, and its claim would be right.
 */
async function revealing({ world, rules }: Cast, honest: L2Node, { address }: Forgery): Promise<Hex[]> {
  const state = honest.state.view();
  const { signers } = world.genesis;
  const rich: SampleSigner[] = [];
  for (const signer of signers) {
    if (signer.address !== address && (await state.account(signer.address)).balance > 10n ** 17n) rich.push(signer);
  }
  const transfer = async ({ address: from, privateKey }: SampleSigner, to: Address) => {
    const { nonce } = await state.account(from);
    const { chainId, baseFee: cap } = rules;
    const fields = {
      type: 2,
      chainId,
      nonce,
      tip: 0n,
      cap,
      gasLimit: 21_000n,
      to,
      value: 1n,
      data: '0x',
      accessList: [],
    } as const;
    return signTransaction(fields, privateKey);
  };
  const own = signers.filter((signer) => signer.address === address);
  return Promise.all([transfer(rich[0]!, address), ...own.map((signer) => transfer(signer, rich[1]!.address))]);
}

/** Somebody else claims the root after batch 1: whoever loses, this claim must not change. */
async function claimByAnother(world: World, honest: L2Node): Promise<void> {
  const l1 = world.account('other');
  const [{ stake }, hash, root] = await Promise.all([
    l1.dispute.parameters(),
    l1.rollup.batchHash(1n),
    honest.rootAfter(1n),
  ]);
  await l1.send('claim', l1.calls.claim('root', 1n, hash, root, stake));
}

/** Both agents look and move until the one game is closed. */
async function playOn(sequencer: Sequencer, challenger: Challenger): Promise<GameView> {
  const { l1 } = challenger;
  for (;;) {
    const moved = [await challenger.tick(), await sequencer.tick()];
    const { games } = await l1.dispute.view();
    const [game] = games;
    if (game?.phase === 'closed') return game;
    if (moved.includes(true)) continue;
    if (!challenger.player.isProving && !sequencer.player.isProving) {
      throw new DisputeError(
        'DISPUTE_STUCK',
        `Nobody moves and nothing is being proven (game ${game?.id}: ${game?.phase}).`,
      );
    }
    await Promise.race([challenger.player, sequencer.player].filter((p) => p.isProving).map((p) => p.proofSettles()));
  }
}

function words(event: PlayerEvent): string {
  switch (event.type) {
    case 'stated':
      return `states that the root after batch ${event.index} is ${short(event.root)}`;
    case 'answered':
      return `${event.agree ? 'agrees' : 'disagrees'} on the root after batch ${event.index}`;
    case 'proving':
      return `queues the proof of batch ${event.number} (mode ${event.mode}, job ${event.job.slice(0, 12)})`;
    case 'proofFailed':
      return `has no proof of batch ${event.number} yet (${event.code}), tries again`;
    case 'proven':
      return `has the proof: the true value is ${short(event.proof.bundle.value)}`;
    case 'uploaded':
      return `uploads parts ${event.from} to ${event.to - 1} of ${event.of} of the proof of batch ${event.number}`;
    case 'notProving':
      return `makes no proof of batch ${event.number}: ${event.why}`;
    case 'settled':
      return `settles game ${event.gameId}`;
    case 'resolved':
      return `records the end of claim ${event.claimId}`;
  }
}

function short(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0').slice(0, 12)}…`;
}
