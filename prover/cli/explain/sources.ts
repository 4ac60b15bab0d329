import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { batchHash } from '../../../src/batch/header.js';
import { rulesOfVersion } from '../../../src/batch/rules.js';
import type { Header } from '../../../src/batch/types.js';
import { BatchError } from '../../../src/errors/batch.js';
import { DisputeError } from '../../../src/errors/dispute.js';
import { StateError } from '../../../src/errors/state.js';
import type { Mode } from '../../../src/proof/types.js';
import type { BatchRequest } from '../../../src/trace/request.js';
import { readTextFile } from '../../config/files.js';
import { type ExplainedBatch, explainOnNode, explainRequest } from '../../explain/batch.js';
import type { Game } from '../../explain/game.js';
import { type Side, sideOfFile, sideOfNode } from '../../explain/side.js';
import { hex32 } from '../../explain/words.js';
import { differingOf, type L2Node } from '../../node/node.js';
import { workOf } from '../batch-work.js';
import type { ExplainFiles, ExplainOptions } from './inputs.js';
import { type AskedBatch, openStore } from './stores.js';

/** A batch, what it does, and what others say that it did. */
export interface Sources {
  /** Undefined when nothing given holds the state before it. */
  readonly batch: (ExplainedBatch & { readonly from: string }) | undefined;
  readonly sides: readonly Side[];
  /** What was announced of the batch and is not so, by the stores that have heard it. */
  readonly announced: readonly AnnouncedBatch[];
}

/** An announcement that a store keeps. */
export interface AnnouncedBatch {
  readonly from: string;
  readonly announcement: Hex;
}

/**
 * Reads batch file, stores and claim file, which must all be about one batch; a file or a store is given.
 * @param opened gets every store that is opened; the caller closes them, as what is returned reads them
 * @throws DisputeError `DISPUTE_SEARCHING`; BatchError `BATCH_OTHER`, `BATCH_OTHER_STATE`; StateError `STATE_OTHER_ROOT`, and what
 * the stores and files throw
 */
export async function readSources(
  files: ExplainFiles,
  game: Game | undefined,
  { claim, store }: ExplainOptions,
  opened: L2Node[],
): Promise<Sources> {
  const subject = game?.subject;
  if (game !== undefined && subject === undefined) {
    const { lo, hi, id } = game.game;
    const message = `Game ${id} has not found its batch yet: it lies above ${lo} and up to ${hi}.`;
    throw new DisputeError('DISPUTE_SEARCHING', message, {
      hint: 'Explain the game alone, or again when the players have found it.',
    });
  }
  const mode: Mode = [subject?.mode, files.bundle?.bundle.mode].includes('root') ? 'root' : 'diff';
  const disputed = subject && { what: `game ${game!.game.id}`, ...subject };
  const claims = claim === undefined ? [] : [sideOfFile(readTextFile(claim), `file ${claim}`, subject)];
  const sides: Side[] = [];
  const announced: AnnouncedBatch[] = [];
  const asked = store.length === 0 ? undefined : askedBatch(files, game);
  for (const path of store) {
    const node = await openStore(path, asked!);
    opened.push(node);
    const announcement = existsSync(join(path, 'differing')) && (await (await differingOf(path)).get(asked!.hash));
    if (announcement) announced.push({ from: `store ${path}`, announcement });
    sides.push(await sideOfNode(node, asked!.number, subject?.mode ?? 'diff', `store ${path}`));
  }
  const fromFile = await readBatchFile(files, mode, disputed);
  const batch = fromFile ?? (await fromStores(store, opened, asked!, mode, subject?.agreed));
  return { batch, sides: [...sides, ...claims], announced };
}

/** What a game is about. */
interface Disputed {
  /** For people. */
  readonly what: string;
  readonly number: bigint;
  readonly batchHash: Hex;
  readonly agreed: bigint;
}

async function readBatchFile(
  { batch: file }: ExplainFiles,
  mode: Mode,
  disputed: Disputed | undefined,
): Promise<Sources['batch']> {
  if (file === undefined) return undefined;
  const { request, before } = await workOf(file, mode);
  if (disputed !== undefined) checkFileOfGame(file.path, request, disputed);
  return { from: file.path, ...(await explainRequest(request, before)) };
}

/** Refuses a batch file that is not about what a game is about. @throws BatchError `BATCH_OTHER`, `BATCH_OTHER_STATE` */
export function checkFileOfGame(path: string, { batch, preRoot }: BatchRequest, disputed: Disputed): void {
  const own = batchHash(batch.header);
  if (own !== disputed.batchHash) {
    const message = `${path} is batch ${batch.header.number} (${own}); ${disputed.what} is about batch ${disputed.number} (${disputed.batchHash}).`;
    throw new BatchError('BATCH_OTHER', message, { hint: 'Give the file of that batch, in every byte.' });
  }
  if (preRoot !== disputed.agreed) {
    const message = `The pre-state in ${path} has root ${hex32(preRoot)}; in ${disputed.what} the agreed root before batch ${disputed.number} is ${hex32(disputed.agreed)}.`;
    throw new BatchError('BATCH_OTHER_STATE', message, { hint: 'Give a file with the whole state before that batch.' });
  }
}

/** The batch that the stores are asked about: the disputed one, or that of a file. */
function askedBatch({ batch, bundle }: ExplainFiles, game: Game | undefined): AskedBatch {
  const subject = game?.subject;
  if (subject !== undefined) return { number: subject.number, hash: subject.batchHash, rules: game!.rules };
  const header: Header = batch?.batch.header ?? bundle!.bundle.header;
  return { number: header.number, hash: batchHash(header), rules: rulesOfVersion(header.version) };
}

/** By the first store that has the agreed state before the batch, or by the first when nothing is agreed. */
async function fromStores(
  paths: readonly string[],
  nodes: readonly L2Node[],
  { number }: AskedBatch,
  mode: Mode,
  agreed: bigint | undefined,
): Promise<Sources['batch']> {
  const roots: bigint[] = [];
  for (const [i, node] of nodes.entries()) {
    const root = await node.rootAfter(number - 1n);
    if (agreed === undefined || root === agreed) {
      return { from: `store ${paths[i]}`, ...(await explainOnNode(node, number, mode)) };
    }
    roots.push(root);
  }
  const own = roots.map((root, i) => `${paths[i]} has ${hex32(root)}`).join(', ');
  const message = `The agreed root before batch ${number} is ${hex32(agreed!)}; ${own}.`;
  throw new StateError('STATE_OTHER_ROOT', message, { hint: 'Give a store or a batch file with that state.' });
}
