import { Command } from 'commander';
import type { DisputeView, GameView } from '../../../src/dispute/types.js';
import { timeLeft } from '../../explain/game.js';
import { claimOf, gameOf, numberOf } from '../hand.js';
import { failed } from '../l1.js';
import { Output } from '../output.js';
import { connectRollup, ROLLUP_SETTINGS } from '../rollup.js';
import { settingsOf, withSettings } from '../settings.js';

interface ListFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `disputes list`: the games that are not closed. */
export function gamesList(): Command {
  const command = new Command('list')
    .description('games at the newest L1 block')
    .option('--all', 'also those that are closed')
    .option('--json', 'one JSON object on stdout')
    .action(async (flags: ListFlags) => {
      const output = new Output(flags.json === true);
      const view = await viewOf(flags);
      const { block, time, paused, games: every } = view;
      const games = every.filter(({ phase }) => flags.all === true || phase !== 'closed');
      const lines = games.map((game) => words(game, view));
      output.result({ block: block.number, time, paused, games }, lines.length === 0 ? ['No game is open.'] : lines);
    });
  return withSettings(command, ROLLUP_SETTINGS);
}

/** `disputes show`: one game with its claim. */
export function gameShow(): Command {
  const command = new Command('show')
    .description('one game and the claim that it is about')
    .argument('<game>', 'number of the game')
    .option('--json', 'one JSON object on stdout')
    .action(async (text: string, flags: ListFlags) => {
      const id = numberOf('game', text);
      const output = new Output(flags.json === true);
      const view = await viewOf(flags);
      const { block, time, paused } = view;
      const game = gameOf(view, id);
      const claim = claimOf(view, game.claimId);
      output.result({ block: block.number, time, paused, game, claim }, [
        words(game, view),
        `claim ${claim.id}: ${claim.kind} of batch ${claim.number} by ${claim.claimant}, ${claim.status}`,
        `challenger ${game.challenger}; agreed on batch ${game.lo}, disputed from ${game.hi}`,
      ]);
    });
  return withSettings(command, ROLLUP_SETTINGS);
}

async function viewOf(flags: object) {
  const { dispute, l1 } = await connectRollup(settingsOf(ROLLUP_SETTINGS, flags));
  return dispute.view().catch((error: unknown) => failed(l1.url, error));
}

function words({ id, claimId, phase, outcome, index, deadline }: GameView, view: DisputeView): string {
  const how =
    outcome === 'none' ? `${phase} about batch ${index}, ${timeLeft(deadline, view)} left` : `${phase}: ${outcome}`;
  return `game ${id} on claim ${claimId}: ${how}`;
}
