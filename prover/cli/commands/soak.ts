import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { formatEther } from 'viem';
import { UsageError } from '../../../src/errors/usage.js';
import { chooseEngine, ENGINE_OPTION, integer } from '../../config/options.js';
import { checkReport, runSoak, type SoakReport } from '../../soak/soak.js';
import { interruptible } from '../interrupt.js';
import { readyKeySet } from '../keys.js';
import { Output } from '../output.js';

interface SoakFlags {
  readonly batches: string;
  readonly kills: string;
  readonly reorgs: string;
  readonly seed: string;
  readonly minutes: string;
  readonly keySet: string;
  readonly path?: string;
  readonly engine?: string;
  readonly json?: boolean;
}

/** `soak`: services as processes on a bad L1, among cheaters, killed again and again. */
export function soakCommand(): Command {
  return new Command('soak')
    .description(
      'a sequencer and two challengers on a bad L1, killed again and again, among cheaters: nothing honest may be lost',
    )
    .option('--batches <n>', 'batches that the sequencer posts', '30')
    .option('--kills <n>', 'times that one of the processes is ended by kill -9', '6')
    .option('--reorgs <n>', 'times that L1 loses its newest blocks', '2')
    .option(
      '--seed <text>',
      'draws genesis, transactions, faults, kills, reorgs and the behaviour of the L1 nodes',
      '1',
    )
    .option('--minutes <n>', 'in which all of it must be over', '60')
    .option(
      '--path <folder>',
      'a new folder for stores and logs, which is kept; else a temporary one, kept only when something is found',
    )
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'test')
    .option(...ENGINE_OPTION)
    .option('--json', 'one JSON object on stdout')
    .action(soak);
}

async function soak(flags: SoakFlags): Promise<void> {
  const output = new Output(flags.json === true);
  chooseEngine(flags.engine);
  const size = {
    batches: integer('batches', flags.batches, 20, 10_000),
    kills: integer('kills', flags.kills, 0, 1_000),
    reorgs: integer('reorgs', flags.reorgs, 0, 1_000),
    minutes: integer('minutes', flags.minutes, 1, 1_000),
    seed: flags.seed,
  };
  const folder = newFolder(flags.path);
  const keySet = await readyKeySet(flags.keySet, output);
  output.step(
    `Soak: ${size.batches} batches, ${size.kills} kills, ${size.reorgs} reorgs, seed ${size.seed}; logs in ${folder}`,
  );
  const report = await interruptible((signal) =>
    runSoak({ ...size, keySet, folder, signal, tell: (text) => output.step(text) }),
  );
  checkReport(report);
  if (flags.path === undefined) rmSync(folder, { recursive: true, force: true });
  output.result(report, linesOf(report));
}

function newFolder(path: string | undefined): string {
  if (path === undefined) return mkdtempSync(join(tmpdir(), 'deltaproof-soak-'));
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new UsageError('USAGE_FILE', `${path} is not empty: an L1 that begins anew needs new stores.`, {
      hint: 'Name a new folder with --path.',
    });
  }
  return resolve(path);
}

function linesOf(report: SoakReport): string[] {
  return [
    `faults    ${report.settledAgainstCheater} of ${report.faults} settled against the cheater`,
    `honest    ${report.honestBondsLost} bonds lost, ${report.honestClaimsLost} claims lost, ${report.movesTwice} moves made twice`,
    `money     ${formatEther(report.moneyIn)} ether in, ${formatEther(report.moneyOut)} accounted for`,
    `values    ${report.finalFalseValues} false ones final`,
  ];
}
