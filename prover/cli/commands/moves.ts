import { Command } from 'commander';
import { mustMove, roleIn } from '../../../src/dispute/moves.js';
import { DisputeError } from '../../../src/errors/dispute.js';
import { Pocket } from '../../agents/at-stake.js';
import { whyWrong } from '../../agents/bond-check.js';
import { choice } from '../../config/options.js';
import { hex32 } from '../../explain/words.js';
import { claimOf, gameOf, HAND_SETTINGS, NODE_SETTINGS, numberOf, openHand, type Sent, withNode } from '../hand.js';
import { failed } from '../l1.js';
import { Output } from '../output.js';
import { withSettings } from '../settings.js';

interface MoveFlags {
  readonly json?: boolean;
}

/** `disputes challenge`: disputes a claim that the own node contradicts. */
export function challengeCommand(): Command {
  return withSettings(
    move('challenge', 'dispute a claim that the own node contradicts; locks a bond')
      .argument('<claim>', 'number of the claim')
      .action(challenge),
    [...HAND_SETTINGS, ...NODE_SETTINGS, 'maxBond'],
  );
}

/** `disputes answer`: the move of the bisection that is due. */
export function answerCommand(): Command {
  return withSettings(
    move('answer', "make the own move in a game's search for the batch, by the own node's roots")
      .argument('<game>', 'number of the game')
      .action(answer),
    [...HAND_SETTINGS, ...NODE_SETTINGS],
  );
}

/** `disputes settle`, `resolve`, `reimburse`, `finalize`: what anybody may do. */
export function closingCommands(): Command[] {
  const settle = move('settle', 'pay out a game that is decided, by a clock or a fallen claim')
    .argument('<game>', 'number of the game')
    .action(async (text: string, flags: MoveFlags) => {
      const id = numberOf('game', text);
      const hand = await openHand(flags);
      report('settled', { game: id }, await hand.send('settle', hand.account.calls.settle(id)), flags);
    });
  const resolve = move('resolve', 'record the ends of claims; a stake is free when none of its claims is live')
    .argument('<claims...>', 'numbers of the claims')
    .action(async (texts: readonly string[], flags: MoveFlags) => {
      const claims = texts.map((text) => numberOf('claim', text));
      const hand = await openHand(flags);
      report('resolved', { claims }, await hand.send('resolve', hand.account.calls.resolve(claims)), flags);
    });
  const reimburse = move('reimburse', 'have the purse of a struck stake pay for the proof that a game came down to')
    .argument('<game>', 'number of the game')
    .action(async (text: string, flags: MoveFlags) => {
      const id = numberOf('game', text);
      const hand = await openHand(flags);
      report('reimbursed', { game: id }, await hand.send('reimburse', hand.account.calls.reimburse(id)), flags);
    });
  const finalize = move('finalize', 'make final what is proven of a batch from a final root, without a claim')
    .argument('<diff|root>', 'what about it')
    .argument('<batch>', 'number of the batch')
    .action(async (what: string, text: string, flags: MoveFlags) => {
      const [kind, batch] = [choice('kind', what, ['diff', 'root']), numberOf('batch', text)];
      const hand = await openHand(flags);
      const call = hand.account.calls.finalizeProven(kind, batch);
      report('finalized', { kind, batch }, await hand.send('finalizeProven', call), flags);
    });
  return [settle, resolve, reimburse, finalize].map((one) => withSettings(one, HAND_SETTINGS));
}

function move(name: string, about: string): Command {
  return new Command(name).description(about).option('--json', 'one JSON object on stdout');
}

async function challenge(text: string, flags: MoveFlags): Promise<void> {
  const id = numberOf('claim', text);
  const hand = await openHand(flags, { ceiling: true });
  const { account, l1 } = hand;
  const view = await account.dispute.view().catch((error: unknown) => failed(l1.url, error));
  const claim = claimOf(view, id);
  const { kind, number, value, claimHash } = claim;
  const { own, preRoot } = await withNode(hand, flags, async (node) => {
    const computed = await node.value(kind, number);
    if (computed === value) throw against(`claim ${id} says what the own node computes`);
    const why = await whyWrong(node, account, claim, computed, view);
    if (why !== undefined) throw against(`the own node is wrong about batch ${number}: ${why}`);
    return { own: computed, preRoot: await node.rootAfter(number - 1n) };
  });
  const pocket = await Pocket.of(account.dispute, account.account.address, 'bond').catch((error: unknown) =>
    failed(l1.url, error),
  );
  const call = account.calls.challenge(id, claimHash, preRoot, pocket.next());
  report('challenged', { claim: id, kind, batch: number, own: hex32(own) }, await hand.send('challenge', call), flags);
}

function against(why: string): DisputeError {
  return new DisputeError('DISPUTE_OWN_VALUE', `Nothing was staked: ${why}.`, {
    hint: 'Who disputes what is true loses its bond.',
  });
}

async function answer(text: string, flags: MoveFlags): Promise<void> {
  const id = numberOf('game', text);
  const hand = await openHand(flags);
  const { account, l1 } = hand;
  const view = await account.dispute.view().catch((error: unknown) => failed(l1.url, error));
  const game = gameOf(view, id);
  const claim = claimOf(view, game.claimId);
  const { phase, index } = game;
  const isSearching = phase === 'claimantStates' || phase === 'challengerAnswers';
  const role = roleIn(game, claim, account.account.address);
  if (!isSearching || role === undefined || mustMove(game) !== role) {
    const waits = isSearching ? `for its ${mustMove(game)} (${phase})` : `for no answer (${phase})`;
    throw new DisputeError(
      'DISPUTE_NOT_DUE',
      `Game ${id} waits ${waits}; ${account.account.address} is ${role ?? 'not in it'}.`,
      {
        hint:
          phase === 'prove' ? 'Prove it: "deltaproof prove" with --game, then "disputes feed".' : 'Look again later.',
      },
    );
  }
  const root = await withNode(hand, flags, (node) => node.rootAfter(index));
  const isStated = phase === 'claimantStates';
  const agree = root === game.root;
  const sent = isStated
    ? await hand.send('state', account.calls.state(claim.id, claim.claimHash, [index], [root]))
    : await hand.send('answer', account.calls.answer(id, game.stateHash, agree));
  report('answered', { game: id, batch: index, own: hex32(root), ...(isStated ? {} : { agree }) }, sent, flags);
}

/** What was done, in words and as one object. */
export function report(done: string, facts: Readonly<Record<string, unknown>>, sent: Sent, { json }: MoveFlags): void {
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  new Output(json === true).result({ done, ...facts, ...sent }, [
    `${done}: ${words.join(', ')}; transaction ${sent.transaction}, ${sent.gas} gas`,
  ]);
}
