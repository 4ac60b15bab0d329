#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { DeltaproofError, serializeError } from '../../src/errors/base.js';
import { UsageError } from '../../src/errors/usage.js';
import { batchCommands } from './commands/batch.js';
import { benchCommand } from './commands/bench.js';
import { circuitsCommand } from './commands/circuits.js';
import { demoCommand } from './commands/demo.js';
import { deployCommand } from './commands/deploy.js';
import { jobsCommand } from './commands/jobs.js';
import { verifyCommand } from './commands/verify.js';
import { workerCommand } from './commands/worker.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { toJson } from './output.js';

/** The command line: every verb with its options. Data goes to stdout, words and progress to stderr. */
export function program(): Command {
  const root = new Command('deltaproof')
    .description('zk-assisted fraud proofs for an optimistic rollup on flat key-value state')
    .showHelpAfterError()
    .exitOverride();
  for (const command of [
    demoCommand(),
    ...batchCommands(),
    verifyCommand(),
    circuitsCommand(),
    workerCommand(),
    jobsCommand(),
    deployCommand(),
    benchCommand(),
  ]) {
    root.addCommand(command.exitOverride());
  }
  return root;
}

/** Runs one command; the exit code says how it ended (exit-codes.ts). */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...argv]);
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    report(error, argv.includes('--json'));
    return error instanceof UsageError ? EXIT.usage : exitCodeOf(error);
  }
}

function report(error: unknown, json: boolean): void {
  const serialized = serializeError(error);
  if (json) process.stdout.write(`${toJson({ error: serialized })}\n`);
  process.stderr.write(`${serialized.name} ${serialized.code}: ${serialized.message}\n`);
  if (!(error instanceof DeltaproofError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

// snarkjs and ffjavascript leave worker threads behind that keep a process alive, so the end is explicit.
process.exit(await main(process.argv));
