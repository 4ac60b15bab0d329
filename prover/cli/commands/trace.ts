import { Command } from 'commander';
import type { Outcome } from '../../../src/batch/types.js';
import { opcodeName } from '../../../src/evm/opcodes.js';
import { outcomeText } from '../../../src/execution/outcome-text.js';
import { l1Items } from '../../../src/statement/l1-transactions.js';
import { encodeParts } from '../../../src/statement/parts.js';
import { originOf } from '../../../src/trace/batch-trace.js';
import { choice } from '../../config/options.js';
import { traceRequest } from '../../stages/trace-request.js';
import { workOfFile } from '../batch-work.js';
import { Output } from '../output.js';

interface TraceOptions {
  readonly mode: string;
  readonly json?: boolean;
}

/** `trace`: the rows of a batch file, balanced, without a proof. */
export function traceCommand(): Command {
  return new Command('trace')
    .description('make and balance the rows of a batch file, without proving')
    .argument('<batch.json>', 'batch file (FORMATS.md)')
    .option('--mode <diff|root>', 'what would be proven', 'diff')
    .option('--json', 'one JSON object on stdout')
    .action(trace);
}

async function trace(path: string, options: TraceOptions): Promise<void> {
  const output = new Output(options.json === true);
  const mode = choice('mode', options.mode, ['diff', 'root']);
  const { request } = await workOfFile(path, mode);
  const { rows, tables, value, l1, replay } = await traceRequest(request);
  const byChip: Record<string, number> = {};
  for (const { chip } of rows) byChip[chip] = (byChip[chip] ?? 0) + 1;
  const tuples = rows.reduce((sum, row) => sum + originOf(row).terms.length, 0);
  const l1Tuples = l1.reduce((sum, { terms }) => sum + terms.length, 0);
  const outcomes = replay.outcomes.map((outcome, i) => ({ item: i + 1, ...wordOf(outcome) }));
  const accounts = replay.accessList.length;
  const { number } = request.batch.header;
  const { preRoot } = request;
  output.result(
    // An imbalance is an error of its own, which names the tuple.
    {
      batch: number,
      mode,
      preRoot,
      value,
      rows: byChip,
      tuples,
      l1Tuples,
      accounts,
      parts: encodeParts({ mode, tables, items: l1Items(request.batch.txs, replay.read) }),
      balanced: true,
      outcomes,
    },
    [
      `batch ${number}, mode ${mode}: value ${value}`,
      ...replay.outcomes.map((outcome, i) => `  item ${i + 1}: ${outcomeText(outcome)}`),
      `rows: ${Object.entries(byChip)
        .map(([chip, count]) => `${chip} ${count}`)
        .join(', ')}`,
      `${tuples} tuples of rows and ${l1Tuples} of L1 balance; ${accounts} accounts in the access list`,
    ],
  );
}

/** What happened to an item, with what ended its code where that was no success. */
function wordOf(outcome: Outcome) {
  const { kind } = outcome;
  if (kind === 'bad' || kind === 'skipped') return { outcome: kind, reason: outcome.reason };
  const run = kind === 'executed' ? outcome.run : undefined;
  if (run === undefined || run.end === 'ok') return { outcome: kind };
  if (run.halt === undefined) return { outcome: kind, failed: run.end };
  const { reason, op, pc } = run.halt;
  return { outcome: kind, failed: run.end, halt: { reason, opcode: opcodeName(op), pc } };
}
