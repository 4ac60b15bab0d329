import { Command } from 'commander';
import { DisputeError } from '../../../src/errors/dispute.js';
import { choice } from '../../config/options.js';
import { hex32 } from '../../explain/words.js';
import { HAND_SETTINGS, NODE_SETTINGS, numberOf, openHand, withNode } from '../hand.js';
import { failed } from '../l1.js';
import { Output } from '../output.js';
import { connectRollup, ROLLUP_SETTINGS } from '../rollup.js';
import { settingsOf, withSettings } from '../settings.js';
import { report } from './moves.js';

interface ClaimsFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `claims`: what has been claimed about batches. */
export function claimsCommand(): Command {
  const command = new Command('claims').description('claims about batches on L1');
  const list = command
    .command('list')
    .description('claims at the newest L1 block')
    .option('--all', 'also those whose end is recorded')
    .option('--json', 'one JSON object on stdout')
    .action(async (flags: ClaimsFlags) => {
      const output = new Output(flags.json === true);
      const { dispute, l1 } = await connectRollup(settingsOf(ROLLUP_SETTINGS, flags));
      const view = await dispute.view().catch((error: unknown) => failed(l1.url, error));
      const claims = view.claims.filter(({ recorded }) => flags.all === true || !recorded);
      const lines = claims.map(({ id, kind, number, claimant, stakeId, status, deadline, openGames, rivals }) => {
        const left = status === 'open' ? `, ${deadline - view.time} s left` : '';
        const against = rivals === 0n ? '' : `, ${rivals} rivals`;
        return `claim ${id}: ${kind} of batch ${number} by ${claimant} on stake ${stakeId}, ${status}${left}, ${openGames} open games${against}`;
      });
      const { block, time, lastFinalRoot } = view;
      output.result(
        { block: block.number, time, lastFinalRoot, claims },
        lines.length === 0 ? ['No claim is live.'] : lines,
      );
    });
  const make = command
    .command('make')
    .description("claim the own node's value, on the account's stake (account stake)")
    .argument('<diff|root>', 'what about the batch')
    .argument('<batch>', 'number of the batch')
    .option('--json', 'one JSON object on stdout')
    .action(makeClaim);
  withSettings(list, ROLLUP_SETTINGS);
  withSettings(make, [...HAND_SETTINGS, ...NODE_SETTINGS]);
  return command;
}

async function makeClaim(what: string, text: string, flags: ClaimsFlags): Promise<void> {
  const [kind, number] = [choice('kind', what, ['diff', 'root']), numberOf('batch', text)];
  const hand = await openHand(flags);
  const { value, batchHash } = await withNode(hand, flags, async (node) => {
    if (number > node.head) {
      throw new DisputeError('DISPUTE_NOT_DUE', `L1 has no batch ${number}; its newest is ${node.head}.`);
    }
    await node.checkClaim(kind, number);
    return { value: await node.value(kind, number), batchHash: await node.state.batchHash(number) };
  });
  const call = hand.account.calls.claim(kind, number, batchHash, value);
  report('claimed', { kind, batch: number, value: hex32(value) }, await hand.send('claim', call), flags);
}
