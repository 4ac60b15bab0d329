import type { Address, Hex, PublicClient } from 'viem';
import type { Rules } from '../../src/batch/types.js';
import { rootsAsked, type Subject, subjectOf } from '../../src/dispute/subject.js';
import { secondsLeft } from '../../src/dispute/time.js';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import { DisputeError } from '../../src/errors/dispute.js';
import { createDisputeClient } from '../../src/l1/dispute-client.js';
import { createRollupClient } from '../../src/l1/rollup-client.js';
import { hex32 } from './words.js';

/** All that L1 shows of one game, at one block. */
export interface Game {
  readonly game: GameView;
  readonly claim: ClaimView;
  readonly view: Pick<DisputeView, 'block' | 'time' | 'paused'>;
  readonly verifier: Address;
  readonly rules: Rules;
  /** Undefined while the players look for the batch. */
  readonly subject: (Subject & { readonly batchHash: Hex }) | undefined;
  readonly proven: { readonly value: bigint; readonly payee: Address } | undefined;
}

/** Reads a game off the Dispute contract at `address`. @throws DisputeError `DISPUTE_NO_GAME` */
export async function readGame(reader: PublicClient, address: Address, id: bigint): Promise<Game> {
  const dispute = createDisputeClient(reader, address);
  const view = await dispute.view();
  const game = view.games.find((one) => one.id === id);
  if (game === undefined) {
    const count = view.games.length === 0 ? 'none' : `${view.games.length}, numbered from 1`;
    throw new DisputeError('DISPUTE_NO_GAME', `Dispute ${address} has no game ${id}; it has ${count}.`, {
      hint: 'Each Challenged event names its game.',
    });
  }
  const claim = view.claims[Number(game.claimId) - 1]!;
  const at = { blockHash: view.block.hash };
  const { rollup: rollupAddress, verifier } = await dispute.contracts(at);
  const rollup = createRollupClient(reader, rollupAddress);
  const roots = new Map<bigint, bigint>();
  for (const index of rootsAsked(game, claim)) {
    const root =
      index === game.base ? await dispute.finalValue('root', index, at) : await dispute.statement(claim.id, index, at);
    if (root !== undefined) roots.set(index, root);
  }
  const found = subjectOf(game, claim, roots);
  const subject = found && { ...found, batchHash: await rollup.batchHash(found.number, at) };
  const proven = subject && (await dispute.proven(subject.batchHash, subject.agreed, subject.mode, at));
  return { game, claim, view, verifier, rules: await rollup.rules(at), subject, proven };
}

/** A game in plain words, one fact a line. */
export function gameLines(story: Game): string[] {
  const { game, claim, subject, proven, view } = story;
  const lines = [
    `game ${game.id} at L1 block ${view.block.number}: ${game.challenger} challenges claim ${claim.id}`,
    `claim    ${claim.claimant} claims that the ${whatOf(claim.kind, claim.number)} is ${hex32(claim.value)} (now ${claim.status})`,
  ];
  if (subject === undefined) return [...lines, `disputed ${searchText(game)}`, `state    ${stateText(story)}`];
  const { number, mode, batchHash, agreed, target } = subject;
  return [
    ...lines,
    `disputed the ${whatOf(mode, number)} (${batchHash})`,
    `agreed   root ${hex32(agreed)} before it: ${WHY_AGREED[subject.by]}`,
    `claimed  ${hex32(target)}${target === claim.value ? '' : ', stated by the claimant in the bisection'}; the challenger denies it`,
    `proven   ${proven === undefined ? 'nothing yet' : `${hex32(proven.value)}, paid to ${proven.payee}: ${proven.value === target ? 'what was claimed' : 'not what was claimed'}`}`,
    `state    ${stateText(story)}`,
  ];
}

const WHY_AGREED = {
  final: 'it is final',
  concurred: 'the claimant concurs with the challenger (case A)',
  bisection: 'the players agree so far and part there (case B)',
} as const;

/** `diff of batch 3`, `state root after batch 3`. */
function whatOf(mode: Subject['mode'], number: bigint): string {
  return mode === 'diff' ? `diff of batch ${number}` : `state root after batch ${number}`;
}

function searchText({ lo, hi }: GameView): string {
  return `not found yet: the players agree on the root after batch ${lo}, and look for where they part up to batch ${hi}`;
}

/** `60 s`, of protocol time, which stands still while L1's contracts are paused: `60 s (paused)`. */
export function timeLeft(deadline: bigint, view: Game['view']): string {
  return `${secondsLeft(deadline, view)} s${view.paused ? ' (paused)' : ''}`;
}

function stateText({ game, view, subject, proven }: Game): string {
  const within = `within ${timeLeft(game.deadline, view)}`;
  switch (game.phase) {
    case 'claimantStates':
      return `the claimant has to state the root after batch ${game.index} ${within}`;
    case 'challengerAnswers':
      return `the challenger has to answer to root ${hex32(game.root)} after batch ${game.index} ${within}`;
    case 'prove':
      return `a proof is due ${within}, else the claimant wins`;
    case 'decided':
    case 'closed': {
      const proof = proven !== undefined && (proven.value === subject?.target) === (game.outcome === 'claimantWins');
      const how = proof ? 'by proof' : 'without a proof: a clock ran out, or the claim was decided elsewhere';
      const end = { claimantWins: `the claimant wins ${how}`, challengerWins: `the challenger wins ${how}` } as const;
      const fell = 'the claim fell by something else than this game';
      const { outcome } = game;
      const text = outcome === 'claimantWins' || outcome === 'challengerWins' ? end[outcome] : fell;
      return `${game.phase === 'closed' ? 'closed' : 'decided, to be settled'}: ${text}`;
    }
  }
}

/** The winner of a game; undefined when it is open, or its claim fell otherwise. */
export function winnerOf({ outcome }: GameView): 'claimant' | 'challenger' | undefined {
  if (outcome === 'claimantWins') return 'claimant';
  return outcome === 'challengerWins' ? 'challenger' : undefined;
}
