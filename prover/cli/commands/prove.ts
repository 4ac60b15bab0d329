import { Command } from 'commander';
import { zeroAddress } from 'viem';
import { UsageError } from '../../../src/errors/usage.js';
import { haltsByRule } from '../../../src/execution/outcome-text.js';
import { checkKeysFit } from '../../../src/l1/keys-fit.js';
import { recordsOf } from '../../../src/proof/parts.js';
import { KEY_SETTINGS } from '../../config/keys.js';
import {
  address,
  chooseEngine,
  ENGINE_OPTION,
  integer,
  packingCost,
  redisUrl,
  withoutPassword,
} from '../../config/options.js';
import { secondsByStage } from '../../proving/durations.js';
import type { ProofService } from '../../proving/service.js';
import type { Job } from '../../queue/types.js';
import { fedLine, feedAll } from '../feed.js';
import { checkWritable, writeResult } from '../files.js';
import { interruptible } from '../interrupt.js';
import { readyKeySet } from '../keys.js';
import { Output } from '../output.js';
import { proofSource, type SourceFlags } from '../prove-source.js';
import { openService, PACKING_HELP, type QueueFlags, withQueueFlags } from '../queue.js';
import { ACCOUNT_HELP, signer, withSettings } from '../settings.js';
import { connectVerifier } from '../verifier-on-l1.js';

interface ProveOptions extends QueueFlags, SourceFlags {
  readonly keySet: string;
  readonly l1ChainId?: string;
  readonly verifier?: string;
  readonly beneficiary?: string;
  readonly out?: string;
  readonly concurrency?: string;
  readonly upload?: string;
  /** False with --no-wait. */
  readonly wait: boolean;
  readonly deadline?: string;
  readonly priority: string;
  readonly engine?: string;
  readonly json?: boolean;
}

/** `prove`: the bundle of a batch file, of a batch of a node's store, or of what settles a game. Stopped at any point, the same command goes on with what was finished. */
export function proveCommand(): Command {
  const command = new Command('prove')
    .description('prove a batch and write its bundle')
    .argument('[batch.json]', 'batch file (FORMATS.md); else --store')
    .option('--store <folder>', 'folder of a node that is stopped, in which the batch is')
    .option('--batch <n>', 'with --store: which one')
    .option('--l1 <rpc>', 'with --dispute and --game: JSON-RPC of L1')
    .option('--dispute <address>', 'Dispute contract of the game')
    .option('--game <id>', 'what settles this game is proven: it says which batch, mode and verifier')
    .option('--mode <diff|root>', 'what to prove: the diff (default), or the state root after the batch')
    .option(
      '--out <file>',
      'where the bundle goes (default: <batch>.bundle.json, batch-<n>.<mode>.bundle.json of a store)',
    )
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--l1-chain-id <id>', 'chain that the bundle is for (default: 31337)')
    .option('--verifier <address>', 'ProofVerifier that the bundle is for (default: none, the zero address)')
    .option('--beneficiary <address>', 'who is paid for it (default: nobody; must be given with --game)')
    .option('--concurrency <n>', 'tasks at a time in this process (default 2; with --redis 0, so that workers do all)')
    .option('--upload <rpc>', 'JSON-RPC of L1: the parts of the bundle are taken to its ProofVerifier')
    .option('--no-wait', 'queue the job and go; "jobs wait" and "jobs bundle" lead on')
    .option('--deadline <minutes>', 'tried again until then; the earliest deadline goes first')
    .option('--priority <0..100>', 'higher goes first among jobs without a deadline', '0')
    .option(...ENGINE_OPTION)
    .option('--packing <proof,shape,cell>', PACKING_HELP)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', `\nWith --upload: ${ACCOUNT_HELP.trim()}`)
    .action(prove);
  return withSettings(withQueueFlags(command), KEY_SETTINGS);
}

async function prove(path: string | undefined, options: ProveOptions): Promise<void> {
  const output = new Output(options.json === true);
  const redis = redisUrl(options.redis);
  const concurrency = integer(
    'concurrency',
    options.concurrency ?? (redis === undefined ? '2' : '0'),
    redis === undefined ? 1 : 0,
    64,
  );
  chooseEngine(options.engine);
  const given = targetOf(options);
  packingCost(options.packing);
  if (options.out !== undefined || path !== undefined) checkWritable(outOf(options.out, path));
  const account = options.upload === undefined ? undefined : await signer(options);
  const { request, replay, mode, target: asked } = await proofSource(path, options);
  const out = outOf(options.out, path, `batch-${request.batch.header.number}.${mode}`);
  checkWritable(out);
  const halts = haltsByRule(replay);
  for (const { text } of halts) output.detail(`by rule of version ${request.rules.version}, ${text}`);
  const keySet = await readyKeySet(options.keySet, output);
  checkKeysFit(request.rules, keySet);
  const target = { keySet: keySet.name, keySetHash: keySet.hash, ...given, ...asked };
  const priority = integer('priority', options.priority, 0, 100);
  const minutes = options.deadline === undefined ? undefined : integer('deadline', options.deadline, 1, 1_000_000);
  const order = { priority, ...(minutes === undefined ? {} : { deadline: Date.now() + minutes * 60_000 }) };
  if (!options.wait) {
    const service = await openService(options);
    try {
      const job = await service.submit(request, target, order);
      const next =
        redis === undefined ? 'the same command without --no-wait works on it' : 'see "jobs wait" and "jobs bundle"';
      output.result({ job, mode, queued: true }, [`Job ${job} is queued: ${next}`]);
    } finally {
      await service.close();
    }
    return;
  }
  // Before hours of proving for a verifier that is not there.
  const l1 = options.upload === undefined ? undefined : await connectVerifier(options.upload, target);
  const { bundle, text, job } = await interruptible(async (signal) => {
    const service = await openService(options);
    try {
      if (concurrency > 0) await service.queue.work({ concurrency });
      const asked = Date.now();
      const id = await service.submit(request, target, order);
      output.step(`Job ${id.slice(0, 12)}: batch ${request.batch.header.number}, mode ${mode}`);
      if (concurrency === 0) output.detail(`left to the workers of ${withoutPassword(redis!)}`);
      await again(service, id, asked, output);
      const stop = service.queue.onChange((changed) => changed.id === id && showProgress(changed, output));
      return await service.bundleOf(id, signal).finally(stop);
    } finally {
      await service.close();
    }
  });
  await writeResult(out, text, 'The proof is kept.');
  const proofs = recordsOf(bundle.parts).length;
  const seconds = secondsByStage(job);
  const { value, preRoot } = bundle;
  const upload =
    l1 === undefined ? undefined : await interruptible((signal) => feedAll(bundle, l1, account!, output, signal));
  const result = { bundle: out, job: job.id, mode, value, preRoot, proofs, haltsByRule: halts, seconds };
  output.result(upload === undefined ? result : { ...result, upload }, [
    `${out}: ${proofs} proofs, ${mode} ${value}`,
    ...(upload === undefined ? [] : [fedLine(upload)]),
  ]);
}

/** Whom the bundle is for, where no game says so. @throws UsageError `USAGE_DISPUTE`, `USAGE_ADDRESS`, `USAGE_INTEGER` */
function targetOf({ game, l1ChainId, verifier, beneficiary }: ProveOptions) {
  if (game !== undefined && (l1ChainId !== undefined || verifier !== undefined || beneficiary === undefined)) {
    throw new UsageError('USAGE_DISPUTE', 'A game says chain and verifier, and not who is paid for its proof.', {
      hint: 'Give --beneficiary, and neither --l1-chain-id nor --verifier.',
    });
  }
  return {
    l1ChainId: BigInt(integer('l1-chain-id', l1ChainId ?? '31337', 1, Number.MAX_SAFE_INTEGER)),
    verifier: address('verifier', verifier ?? zeroAddress),
    beneficiary: address('beneficiary', beneficiary ?? zeroAddress),
  };
}

function outOf(out: string | undefined, path: string | undefined, name = ''): string {
  return out ?? `${path?.replace(/\.json$/, '') ?? name}.bundle.json`;
}

/** The same batch is the same job: one that failed or was cancelled earlier is tried again, since somebody asks again. */
async function again({ queue }: ProofService, id: string, asked: number, output: Output): Promise<void> {
  const job = await queue.get(id);
  if (job !== undefined && job.finishedAt === null && job.error !== null) {
    output.detail(`was failed (${job.error.code}) and is tried again`);
    return;
  }
  if ((job?.state !== 'failed' && job?.state !== 'cancelled') || job.finishedAt! >= asked) return;
  output.detail(`was ${job.state}${job.error === null ? '' : ` (${job.error.code})`} and is tried again`);
  await queue.retry(id);
}

function showProgress({ stages }: Job, output: Output): void {
  const stage = stages.findLast(({ tasks }) => tasks > 0);
  if (stage !== undefined) output.progress(stage.name, stage.done, stage.tasks);
}
