#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { DeltaproofError, serializeError } from '../../src/errors/base.js';
import { InterruptError } from '../../src/errors/interrupt.js';
import { UsageError } from '../../src/errors/usage.js';
import { programVersion } from '../config/version.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { handleSignals } from './interrupt.js';
import { toJson, writeAll } from './output.js';

/** Every verb; loaded when it is asked for, since each brings libraries of its own. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  prove: async () => (await import('./commands/prove.js')).proveCommand(),
  batch: async () => (await import('./commands/batch.js')).batchCommand(),
  trace: async () => (await import('./commands/trace.js')).traceCommand(),
  explain: async () => (await import('./commands/explain.js')).explainCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  export: async () => (await import('./commands/export.js')).exportCommand(),
  circuits: async () => (await import('./commands/circuits.js')).circuitsCommand(),
  sequencer: async () => (await import('./commands/sequencer.js')).sequencerCommand(),
  challenger: async () => (await import('./commands/challenger.js')).challengerCommand(),
  devnet: async () => (await import('./commands/devnet.js')).devnetCommand(),
  worker: async () => (await import('./commands/worker.js')).workerCommand(),
  disputes: async () => (await import('./commands/disputes.js')).disputesCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  claims: async () => (await import('./commands/claims.js')).claimsCommand(),
  account: async () => (await import('./commands/account.js')).accountCommand(),
  config: async () => (await import('./commands/config.js')).configCommand(),
  jobs: async () => (await import('./commands/jobs.js')).jobsCommand(),
  deploy: async () => (await import('./commands/deploy.js')).deployCommand(),
  soak: async () => (await import('./commands/soak.js')).soakCommand(),
  bench: async () => (await import('./commands/bench.js')).benchCommand(),
};

/** The command line: the verb with its options, or all of them. Data goes to stdout, words and progress to stderr. */
async function program(verb = ''): Promise<Command> {
  const root = new Command('deltaproof')
    .description('zk-assisted fraud proofs for an optimistic rollup on flat key-value state')
    .version(programVersion());
  const names = Object.hasOwn(COMMANDS, verb) ? [verb] : Object.keys(COMMANDS);
  for (const name of names) root.addCommand(await COMMANDS[name]!());
  return thrower(root);
}

/** Commander hands these settings on to commands made by `.command()` only, and only when they were made before. */
function thrower(command: Command): Command {
  command.exitOverride().showHelpAfterError('(--help lists what is possible)');
  command.commands.forEach(thrower);
  return command;
}

/** Runs one command; the exit code says how it ended (exit-codes.ts). */
export async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  try {
    await (await program(argv[2])).parseAsync([...argv]);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      report(error, json);
      return exitCodeOf(error);
    }
    if (error.exitCode === 0) return EXIT.done;
    // Commander has told the user on stderr.
    const message = error.code === 'commander.help' ? 'A command is missing.' : error.message.replace(/^error: /, '');
    if (json) writeAll(1, `${toJson({ error: serializeError(new UsageError('USAGE_COMMAND_LINE', message)) })}\n`);
    return EXIT.usage;
  }
}

function report(error: unknown, json: boolean): void {
  const serialized = serializeError(error);
  if (json) writeAll(1, `${toJson({ error: serialized })}\n`);
  if (error instanceof InterruptError) writeAll(2, `${serialized.message}\n`);
  else writeAll(2, `${serialized.name} ${serialized.code}: ${serialized.message}\n`);
  if (!(error instanceof DeltaproofError) && error instanceof Error) writeAll(2, `${error.stack}\n`);
}

handleSignals();
// snarkjs and ffjavascript leave worker threads behind that keep a process alive, so the end is explicit.
process.exit(await main(process.argv));
