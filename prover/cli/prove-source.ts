import type { Address } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Replay } from '../../src/batch/types.js';
import { DisputeError } from '../../src/errors/dispute.js';
import { StateError } from '../../src/errors/state.js';
import { UsageError } from '../../src/errors/usage.js';
import type { Mode } from '../../src/proof/types.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { choice, integer } from '../config/options.js';
import { hex32 } from '../explain/words.js';
import { L2Node } from '../node/node.js';
import { workOfFile } from './batch-work.js';
import { readAskedGame } from './explain/game.js';
import { askedGame } from './explain/inputs.js';
import { checkFileOfGame } from './explain/sources.js';
import { assertStore, openStore } from './explain/stores.js';

/** What `prove` is told about what to prove. */
export interface SourceFlags {
  readonly mode?: string;
  readonly store?: string;
  readonly batch?: string;
  readonly l1?: string;
  readonly dispute?: string;
  readonly game?: string;
}

/** What is to be proven. */
export interface ProofSource {
  readonly mode: Mode;
  readonly request: BatchRequest;
  readonly replay: Replay;
  /** Where the proof goes, when a game says so. */
  readonly target?: { readonly l1ChainId: bigint; readonly verifier: Address };
}

/**
 * A batch file's batch, or a batch of a node's store; when a game is named, what settles that game.
 * @throws UsageError `USAGE_FILE`, `USAGE_STORE`, `USAGE_DISPUTE`, `USAGE_INTEGER`, `USAGE_CHOICE`; DisputeError `DISPUTE_NO_GAME`,
 * `DISPUTE_SEARCHING`; BatchError `BATCH_OTHER`, `BATCH_OTHER_STATE`; StateError `STATE_OTHER_ROOT`; what reading the file, the store or L1 throws
 */
export async function proofSource(file: string | undefined, flags: SourceFlags): Promise<ProofSource> {
  if ((file === undefined) === (flags.store === undefined)) {
    throw new UsageError('USAGE_FILE', 'What is to be proven is a batch file or a batch of a --store: one of them.', {
      hint: 'Write "prove batch.json", "prove --store <folder> --batch <n>", or either with --l1, --dispute and --game.',
    });
  }
  const asked = askedGame({ ...flags, store: [] });
  if (asked === undefined) return ofBatch(file, flags);
  if (flags.mode !== undefined || flags.batch !== undefined) {
    throw new UsageError('USAGE_DISPUTE', 'A game says which batch is to be proven, and what about it.', {
      hint: 'Leave --mode and --batch out.',
    });
  }
  const { subject, rules, verifier, chainId } = await readAskedGame(asked);
  if (subject === undefined) {
    throw new DisputeError('DISPUTE_SEARCHING', `The players of game ${asked.id} still look for the batch.`, {
      hint: 'Prove when "disputes show" says that it is about a proof.',
    });
  }
  const { number, batchHash: hash, mode, agreed } = subject;
  const what = `game ${asked.id}`;
  if (file === undefined) {
    const work = await ofNode(await openStore(flags.store!, { number, hash, rules }), number, mode);
    if (work.request.preRoot !== agreed) {
      const message = `The agreed root before batch ${number} in ${what} is ${hex32(agreed)}; ${flags.store} has ${hex32(work.request.preRoot)}.`;
      throw new StateError('STATE_OTHER_ROOT', message, { hint: 'Give a store or a batch file with that state.' });
    }
    return { ...work, mode, target: { l1ChainId: BigInt(chainId), verifier } };
  }
  const work = await workOfFile(file, mode);
  checkFileOfGame(file, work.request, { what, number, batchHash: hash, agreed });
  return { ...work, mode, target: { l1ChainId: BigInt(chainId), verifier } };
}

async function ofBatch(file: string | undefined, { mode: asked = 'diff', store, batch }: SourceFlags) {
  const mode = choice('mode', asked, ['diff', 'root']);
  if (file !== undefined) return { mode, ...(await workOfFile(file, mode)) };
  const number = BigInt(integer('batch', batch ?? '', 1, Number.MAX_SAFE_INTEGER));
  assertStore(store!);
  const node = await L2Node.open({ path: store!, rules: RULES_V2, merkle: { mode: 'off' } });
  return { mode, ...(await ofNode(node, number, mode)) };
}

/** Closes the node. */
async function ofNode(node: L2Node, number: bigint, mode: Mode) {
  try {
    const { request, replay } = await node.truth(number, mode);
    return { request, replay };
  } finally {
    await node.close();
  }
}
