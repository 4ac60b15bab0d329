import { Command } from 'commander';
import { type Address, createWalletClient, isAddressEqual, type PublicClient } from 'viem';
import { L1Error } from '../../../src/errors/l1.js';
import { UsageError } from '../../../src/errors/usage.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { createDisputeClient, disputeCalls } from '../../../src/l1/dispute-client.js';
import { fitsOneTransaction } from '../../../src/l1/plan-parts.js';
import { sendCall } from '../../../src/l1/send-call.js';
import { partsFed, uploadOf } from '../../../src/l1/upload.js';
import { createVerifierClient } from '../../../src/l1/verifier-client.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../../config/files.js';
import { KEY_SETTINGS } from '../../config/keys.js';
import { address } from '../../config/options.js';
import { type Fed, feedAll } from '../feed.js';
import { interruptible } from '../interrupt.js';
import { type ConnectedL1, failed } from '../l1.js';
import { Output } from '../output.js';
import { ACCOUNT_HELP, signer, withSettings } from '../settings.js';
import { connectVerifier } from '../verifier-on-l1.js';
import { gameShow, gamesList } from './games.js';
import { answerCommand, challengeCommand, closingCommands } from './moves.js';

/** Games that one proof settles, so that it fits an L1 transaction. */
const MOST_GAMES = 16;

interface FeedOptions {
  readonly l1: string;
  readonly dispute?: string;
  readonly game: readonly string[];
  readonly json?: boolean;
}

/** `disputes`: by hand what agents do. */
export function disputesCommand(): Command {
  const command = new Command('disputes').description('games on L1, and moves in them by hand');
  for (const one of [gamesList(), gameShow(), challengeCommand(), answerCommand(), ...closingCommands()]) {
    command.addCommand(one);
  }
  const feeding = command
    .command('feed')
    .description('take a bundle to L1, in as many transactions as it needs, and settle by it')
    .argument('<bundle>', 'bundle file (FORMATS.md)')
    .requiredOption('--l1 <rpc>', 'JSON-RPC of L1')
    .option('--dispute <address>', 'Dispute contract that the bundle is proven to; else it is uploaded only')
    .option('--game <id>', 'game to settle, again for more (default: all that wait for this proof)', collect, [])
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', `\nStopped at any point, the same command goes on where L1 stands.${ACCOUNT_HELP}`)
    .action(feed);
  withSettings(feeding, KEY_SETTINGS);
  return command;
}

function collect(id: string, before: readonly string[]): string[] {
  return [...before, id];
}

async function feed(path: string, options: FeedOptions): Promise<void> {
  const output = new Output(options.json === true);
  const account = await signer(options);
  const dispute = options.dispute === undefined ? undefined : address('dispute', options.dispute);
  if (dispute === undefined && options.game.length > 0) {
    throw new UsageError('USAGE_GAME', '--game needs --dispute: a game is one of a Dispute contract.');
  }
  const asked = options.game.map(gameId);
  const bundle = parseBundle(readTextFile(path));
  const l1 = await connectVerifier(options.l1, bundle);
  const games = dispute === undefined ? [] : await gamesOf(bundle, l1, dispute, asked);
  const upload = uploadOf(bundle);
  const reader = l1.reader as PublicClient;
  const had = await partsFed(createVerifierClient(reader, bundle.verifier), upload).catch((error: unknown) =>
    failed(l1.url, error),
  );
  const whole = dispute !== undefined && had === 0 && fitsOneTransaction(bundle.parts);
  const fed: Fed = whole
    ? { parts: bundle.parts.length, before: 0, transactions: 0, gas: 0n }
    : await interruptible((signal) => feedAll(bundle, l1, account, output, signal));
  let { transactions, gas } = fed;
  if (dispute !== undefined) {
    const wallet = createWalletClient({ chain: l1.chain, transport: l1.transport, account });
    const calls = disputeCalls(dispute);
    const call = whole
      ? calls.prove(bundleCalldata(bundle), games)
      : calls.proveUploaded(upload.statement, upload.frozen, games);
    const { gasUsed } = await sendCall(wallet, reader, call).catch((error: unknown) => failed(l1.url, error));
    transactions++;
    gas += gasUsed;
  }
  const proven = dispute !== undefined;
  const result = { ...fed, transactions, gas, session: upload.seed, proven, games };
  output.result(result, [
    `batch ${bundle.header.number}: ${fed.parts} parts on L1, ${transactions} transactions, ${gas} gas`,
    ...(proven
      ? [`proven to ${dispute}: ${games.length === 0 ? 'no game waited for it' : `settled games ${games.join(', ')}`}`]
      : [`"deltaproof disputes feed" with --dispute settles by it`]),
  ]);
}

function gameId(text: string): bigint {
  if (/^[1-9]\d*$/.test(text)) return BigInt(text);
  throw new UsageError('USAGE_GAME', `--game is "${text}", not the number of a game.`);
}

/**
 * The games to settle: those asked for, else all that wait for this proof. @throws L1Error `L1_NO_DISPUTE` when the contract is none
 * or works with another verifier
 */
async function gamesOf(
  bundle: Bundle,
  { reader, url }: ConnectedL1,
  dispute: Address,
  asked: readonly bigint[],
): Promise<readonly bigint[]> {
  const client = createDisputeClient(reader as PublicClient, dispute);
  const { verifier } = await client.contracts().catch(() => {
    throw new L1Error('L1_NO_DISPUTE', `${dispute} is no Dispute contract.`, {
      hint: "Give the address of the Dispute contract: the Rollup's dispute() names it.",
    });
  });
  if (!isAddressEqual(verifier, bundle.verifier)) {
    throw new L1Error(
      'L1_NO_DISPUTE',
      `The Dispute ${dispute} asks ProofVerifier ${verifier}, the bundle is for ${bundle.verifier}.`,
      {
        hint: 'Prove again with --verifier.',
      },
    );
  }
  if (asked.length > 0) return asked;
  const view = await client.view().catch((error: unknown) => failed(url, error));
  const { header, mode, preRoot } = bundle;
  const waiting = view.games.filter(
    (game) => game.phase === 'prove' && game.index === header.number && game.mode === mode && game.agreed === preRoot,
  );
  return waiting.slice(0, MOST_GAMES).map(({ id }) => id);
}
