import { Command } from 'commander';
import { openAnnouncement } from '../../../src/batch/announcement.js';
import { differences } from '../../../src/batch/differences.js';
import { batchHash } from '../../../src/batch/header.js';
import { haltsByRule } from '../../../src/execution/outcome-text.js';
import { judge } from '../../../src/trace/claimed.js';
import { changeText, departureOf, fieldText } from '../../../src/trace/explain.js';
import { differenceLines } from '../../explain/announcement.js';
import { bundleFacts, bundleLines, effectOn, misfitsOf } from '../../explain/bundle.js';
import { gameLines, winnerOf } from '../../explain/game.js';
import { sideLines } from '../../explain/side.js';
import { hex32 } from '../../explain/words.js';
import type { L2Node } from '../../node/node.js';
import { type GameOnL1, readAskedGame } from '../explain/game.js';
import { askedGame, checkInputs, type ExplainFiles, type ExplainOptions, readFiles } from '../explain/inputs.js';
import type { Sources } from '../explain/sources.js';
import { Output } from '../output.js';

/** `explain`: from a wrong field of a claimed result to the transaction, the opcode and the row that decide it. */
export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'say which transaction, opcode and row made each change of a batch, and where a claimed result is wrong',
    )
    .argument('[files...]', 'batch file, bundle file, or both (FORMATS.md)')
    .option('--claim <diff.json>', 'a claimed result of the batch, or a part of it (FORMATS.md, "Claim file")')
    .option('--l1 <rpc>', 'JSON-RPC of the L1 with the dispute')
    .option('--dispute <address>', 'its Dispute contract')
    .option('--game <id>', 'number of the game')
    .option(
      '--store <folder>',
      'store of a sequencer or challenger, which says what it claims; again for more',
      collect,
      [],
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nA store must not be in use: stop its agent, or give a copy.')
    .action(explainAll);
}

function collect(folder: string, before: readonly string[]): string[] {
  return [...before, folder];
}

/** A part of the explanation: as JSON, and in words. */
interface Part {
  readonly json: object;
  readonly lines: readonly string[];
}

async function explainAll(paths: readonly string[], options: ExplainOptions): Promise<void> {
  const output = new Output(options.json === true);
  const files = readFiles(paths);
  const asked = askedGame(options);
  checkInputs(files, asked, options);
  const game = asked && (await readAskedGame(asked));
  const opened: L2Node[] = [];
  try {
    const sources = await sourcesOf(files, game, options, opened);
    const parts = [
      ...(game === undefined ? [] : [gamePart(game)]),
      ...(files.bundle === undefined ? [] : [bundlePart(files.bundle.bundle, sources.batch, game)]),
      ...(sources.batch === undefined ? [] : [batchPart(sources.batch, sources.sides.length === 0)]),
      ...(sources.sides.length === 0 ? [] : [await sidesPart(sources, game)]),
      ...(sources.announced.length === 0 ? [] : [await announcedPart(sources)]),
    ];
    output.result(
      Object.assign({}, ...parts.map(({ json }) => json)),
      parts.flatMap(({ lines }) => lines),
    );
  } finally {
    for (const node of opened) await node.close();
  }
}

/** What executes batches is loaded only where there is one. */
async function sourcesOf(
  files: ExplainFiles,
  game: GameOnL1 | undefined,
  options: ExplainOptions,
  opened: L2Node[],
): Promise<Sources> {
  if (files.batch === undefined && options.store.length === 0) return { batch: undefined, sides: [], announced: [] };
  return (await import('../explain/sources.js')).readSources(files, game, options, opened);
}

function gamePart(story: GameOnL1): Part {
  const { game, claim, subject, proven, view, chainId } = story;
  const { id, challenger, phase, outcome } = game;
  const { claimHash, openGames, recorded, deadline, ...claimed } = claim;
  const dispute = {
    ...{ game: id, l1ChainId: chainId, l1Block: view.block.number, challenger, claim: claimed },
    ...{ phase, outcome, winner: winnerOf(game) ?? null, disputed: subject ?? null, proven: proven ?? null },
  };
  return { json: { dispute }, lines: gameLines(story) };
}

function bundlePart(
  bundle: NonNullable<ExplainFiles['bundle']>['bundle'],
  batch: Sources['batch'],
  game: GameOnL1 | undefined,
): Part {
  const facts = bundleFacts(bundle);
  const misfits = batch && misfitsOf(bundle, batch);
  const effect = game && effectOn(bundle, game, game.chainId);
  const fits =
    misfits === undefined
      ? []
      : misfits.length === 0
        ? [`fits     ${batch!.from}: its header, its transactions, its root before, its value`]
        : [`fits not ${batch!.from}:`, ...misfits.map((line) => `  ${line}`)];
  return {
    json: {
      bundle: {
        ...facts,
        ...(misfits === undefined ? {} : { fits: misfits.length === 0, misfits }),
        ...(effect === undefined ? {} : { effect }),
      },
    },
    lines: [
      ...bundleLines(facts),
      ...fits,
      ...(effect === undefined ? [] : [`game     if its proofs hold, it ${effect}`]),
    ],
  };
}

/** @param list whether the changes are listed; else claims about them follow */
function batchPart(batch: NonNullable<Sources['batch']>, list: boolean): Part {
  const { replay, changes, preRoot, from } = batch;
  const { header } = replay.batch;
  const [hash, diff, root] = [batchHash(header), batch.value('diff')!, batch.value('root')];
  const halts = haltsByRule(replay);
  const values = `diff ${hex32(diff)}${root === undefined ? '' : `, root after it ${hex32(root)}`}`;
  return {
    json: {
      ...{ batch: header.number, batchHash: hash, from, preRoot, diff, ...(root === undefined ? {} : { root }) },
      ...{ haltsByRule: halts, ...(list ? { changes } : {}) },
    },
    lines: [
      `batch    ${header.number} (${hash}) from ${from}: ${replay.outcomes.length} items, ${changes.length} changes`,
      `makes    ${values}`,
      ...halts.map(({ text }) => `by rule  ${text}`),
      ...(list
        ? changes.map(
            (change) => `${fieldText(change.address, change.field)}: ${changeText(change)} (a row of ${change.chip})`,
          )
        : []),
    ],
  };
}

/** Announced against produced. */
async function announcedPart({ batch, announced }: Sources): Promise<Part> {
  const { header } = batch!.replay.batch;
  const expected = { batchHash: batchHash(header), rules: batch!.replay.rules };
  const found = await Promise.all(
    announced.map(async ({ from, announcement }) => ({
      from,
      ...differences(await openAnnouncement(announcement, expected), batch!.replay.blockAccessList),
    })),
  );
  return {
    json: { announced: found },
    lines: found.flatMap(({ from, ...found }) => [
      `announced of batch ${header.number} (${from}), and not produced:`,
      ...differenceLines(found).map((line) => `  ${line}`),
    ]),
  };
}

async function sidesPart({ batch, sides }: Sources, game: GameOnL1 | undefined): Promise<Part> {
  const target = game?.subject?.target;
  const judged = await Promise.all(sides.map(async (side) => ({ side, ...(await judge(side, batch!)) })));
  const claimed = judged.map(({ side: { from, value, whole }, wrong, surplus }) => ({
    ...{ from, value: value ?? null, whole, ...(target === undefined ? {} : { isClaimed: value === target }) },
    wrong: wrong.map((one) => ({ ...one, departs: departureOf(one) ?? null })),
    surplus,
  }));
  return {
    json: { claimed },
    lines: judged.flatMap(({ side, ...found }) => sideLines(side, found, batch!, game?.subject)),
  };
}
