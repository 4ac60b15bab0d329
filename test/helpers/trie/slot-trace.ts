import { type Imbalance, imbalances } from '../../../src/bus/balance.js';
import type { Term } from '../../../src/bus/tuple.js';
import type { TraceRow } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import { TrieRowBag } from '../../../src/trace/trie/bag.js';
import { readRows } from '../../../src/trace/trie/read.js';
import { updateRows } from '../../../src/trace/trie/update.js';
import { HINT_NONE } from '../../../src/trie/hint.js';
import type { NodeReader } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { rootTerms, slotTerms } from '../../../src/trie/statement.js';

/** A slot of a trie by its key, 0 for absent. */
export interface SlotChange {
  readonly key: Path;
  readonly pre: bigint;
  readonly post: bigint;
}

/** Rows and L1's tuples. */
export interface Trace {
  rows: TraceRow[];
  terms: Term[];
}

/** A storage trie alone, as if L1 knew its two roots: what changes is updated, what does not is read. */
export function slotTrace(
  trie: bigint,
  pre: bigint,
  post: bigint,
  slots: readonly SlotChange[],
  get: NodeReader,
): Trace {
  const bag = new TrieRowBag(get, (id) => `trie ${id}`);
  const listed = slots.map((slot) => ({ ...slot, i: 0n, hints: { preHint: HINT_NONE, postHint: HINT_NONE } }));
  const changed = listed.filter((slot) => slot.pre !== slot.post);
  updateRows(bag, trie, pre, post, new Map(changed.map((slot) => [slot.key, slot])));
  const reads = listed.filter((slot) => slot.pre === slot.post);
  const uses = readRows(
    bag,
    trie,
    pre,
    reads.map((slot) => ({ ...slot, fields: false, rootUses: 0n })),
  );
  const statements = listed.map(({ key, hints, ...values }) => ({ key: `0x${key}` as const, ...values, ...hints }));
  const terms = statements.flatMap((slot) => slotTerms('root', trie, slot, true));
  return { rows: bag.finish(), terms: [...rootTerms('root', trie, pre, post, uses), ...terms] };
}

/** What does not balance between rows and L1. */
export function left({ rows, terms }: Trace): Imbalance[] {
  const parts = rows.map(({ chip, row, origin }) => ({ origin, terms: CHIPS[chip]!.terms(row) }));
  return imbalances([{ origin: 'L1', terms }, ...parts]);
}
