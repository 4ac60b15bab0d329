import { Command } from 'commander';
import { type Hex, isHex, keccak256 } from 'viem';
import { batchFileText, parseGenesisFile } from '../../../src/batch/batch-file.js';
import { checkBatch } from '../../../src/batch/check.js';
import { batchHash, sealBatch, ZERO_WORD } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { UsageError } from '../../../src/errors/usage.js';
import { outcomeText } from '../../../src/execution/outcome-text.js';
import { replayBatch } from '../../../src/execution/replay.js';
import { MemoryState } from '../../../src/state/memory-state.js';
import { readTextFile } from '../../config/files.js';
import { address, integer } from '../../config/options.js';
import { checkWritable, writeResult } from '../files.js';
import { Output } from '../output.js';

interface MakeFlags {
  readonly genesis: string;
  readonly transactions: string;
  readonly out: string;
  readonly number: string;
  readonly timestamp: string;
  readonly feeRecipient: string;
  readonly json?: boolean;
}

/** `batch`: batch files without a rollup. */
export function batchCommand(): Command {
  const command = new Command('batch').description('batch files, which prove, trace and explain take');
  command
    .command('make')
    .description('seal transactions into a batch on a state, and say what they do there')
    .requiredOption('--genesis <file>', 'the state before the batch: a genesis file (FORMATS.md)')
    .requiredOption('--transactions <file>', 'signed raw transactions, one 0x-hex string a line')
    .option('--out <file>', 'batch file to write', 'batch.json')
    .option('--number <n>', 'number of the batch', '1')
    .option('--timestamp <seconds>', 'its time, and that of the L1 block that it names', '1800000000')
    .option('--fee-recipient <address>', 'who gets the tips', `0x${'fe'.repeat(20)}`)
    .option('--json', 'one JSON object on stdout')
    .action(make);
  return command;
}

async function make(flags: MakeFlags): Promise<void> {
  const output = new Output(flags.json === true);
  checkWritable(flags.out);
  const number = BigInt(integer('number', flags.number, 1, Number.MAX_SAFE_INTEGER));
  const timestamp = BigInt(integer('timestamp', flags.timestamp, 1, 2 ** 40));
  const feeRecipient = address('fee-recipient', flags.feeRecipient);
  const preState = parseGenesisFile(readTextFile(flags.genesis));
  const txs = transactionsOf(flags.transactions);
  const { version, gasLimit, baseFee, chainId } = RULES_V2;
  // On no L1: parent and origin are none.
  const none = { parent: ZERO_WORD, originNumber: 1n, originHash: ZERO_WORD };
  const batch = sealBatch({ version, number, timestamp, feeRecipient, gasLimit, baseFee, chainId, ...none }, txs);
  checkBatch(batch, RULES_V2);
  const { replay, diffHash } = await replayBatch(new MemoryState(preState), batch, RULES_V2);
  await writeResult(flags.out, batchFileText({ preState, batch }), 'Nothing else was made.');
  const outcomes = replay.outcomes.map((outcome, i) => ({
    item: i + 1,
    hash: keccak256(txs[i]!),
    outcome: outcomeText(outcome),
  }));
  output.result({ batch: flags.out, number, batchHash: batchHash(batch.header), diff: BigInt(diffHash), outcomes }, [
    ...outcomes.map(({ item, hash, outcome }) => `item ${item} (${hash}): ${outcome}`),
    `${flags.out}: batch ${number}, ${txs.length} transactions, h(diff) ${BigInt(diffHash)}`,
  ]);
}

/** @throws UsageError `USAGE_FILE` */
function transactionsOf(path: string): Hex[] {
  const lines = readTextFile(path)
    .split(/\r?\n/)
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      if (isHex(line) && line.length % 2 === 0) return line.toLowerCase() as Hex;
      throw new UsageError('USAGE_FILE', `${path}: line ${1 + lines.indexOf(line)} is no transaction.`, {
        hint: 'Write one raw transaction a line: 0x and an even number of hex digits, as "cast mktx" prints it.',
      });
    });
}
