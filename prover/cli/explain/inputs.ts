import { type BatchFile, parseBatchFile } from '../../../src/batch/batch-file.js';
import { UsageError } from '../../../src/errors/usage.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../../config/files.js';
import { address, integer } from '../../config/options.js';

/** What `explain` is told on the command line. */
export interface ExplainOptions {
  readonly claim?: string;
  readonly l1?: string;
  readonly dispute?: string;
  readonly game?: string;
  readonly store: readonly string[];
  readonly json?: boolean;
}

/** The files of one command: each at most once. */
export interface ExplainFiles {
  readonly batch?: BatchFile & { readonly path: string };
  readonly bundle?: { readonly bundle: Bundle; readonly path: string };
}

/** A game that is asked for. */
export interface AskedGame {
  readonly l1: string;
  readonly dispute: `0x${string}`;
  readonly id: bigint;
}

/** Batch and bundle files, told apart by their `format`. @throws UsageError, BatchError, BundleError */
export function readFiles(paths: readonly string[]): ExplainFiles {
  let files: ExplainFiles = {};
  for (const path of paths) {
    const text = readTextFile(path);
    const kind = isBundle(text) ? 'bundle' : 'batch';
    if (files[kind] !== undefined) {
      throw new UsageError('USAGE_FILE', `${files[kind].path} and ${path} are two ${kind} files.`, {
        hint: 'Give one batch file, one bundle file, or one of each.',
      });
    }
    files =
      kind === 'bundle'
        ? { ...files, bundle: { bundle: parseBundle(text), path } }
        : { ...files, batch: { ...parseBatchFile(text), path } };
  }
  return files;
}

/** What is neither is read as a batch file, whose errors say what is wrong. */
function isBundle(text: string): boolean {
  return /"format"\s*:\s*"deltaproof\/bundle\//.test(text);
}

/** The game that the options name; undefined when none does. @throws UsageError `USAGE_DISPUTE` when one option is missing */
export function askedGame({ l1, dispute, game }: ExplainOptions): AskedGame | undefined {
  const given = [l1, dispute, game].filter((option) => option !== undefined);
  if (given.length === 0) return undefined;
  if (l1 === undefined || dispute === undefined || game === undefined) {
    throw new UsageError('USAGE_DISPUTE', 'A dispute is named by --l1, --dispute and --game together.', {
      hint: 'Give all three.',
    });
  }
  const id = BigInt(integer('game', game, 1, Number.MAX_SAFE_INTEGER));
  return { l1, dispute: address('dispute', dispute), id };
}

/** @throws UsageError `USAGE_EXPLAIN` when nothing is given to explain, or nothing to compare a claim with */
export function checkInputs(files: ExplainFiles, game: AskedGame | undefined, { claim, store }: ExplainOptions): void {
  const { batch, bundle } = files;
  if (batch === undefined && bundle === undefined && game === undefined) {
    const what = store.length > 0 ? 'A store holds many batches, and none is named.' : 'There is nothing to explain.';
    throw new UsageError('USAGE_EXPLAIN', what, {
      hint: 'Give a batch file, a bundle file, or a dispute with --l1, --dispute and --game.',
    });
  }
  if (claim === undefined || batch !== undefined || store.length > 0) return;
  throw new UsageError('USAGE_EXPLAIN', '--claim is compared with what the batch makes of its fields.', {
    hint: 'Give the batch file too, or a store that has the batch with --store.',
  });
}
