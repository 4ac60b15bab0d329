import { diffHash, diffItems } from '../batch/diff.js';
import type { Replay } from '../batch/types.js';
import { type Imbalance, type Origin, refuseImbalances, Touched } from '../bus/balance.js';
import type { OpenTuples } from '../bus/open.js';
import type { TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import type { Mode } from '../proof/types.js';
import { l1Items } from '../statement/l1-transactions.js';
import type { Tables } from '../statement/tables.js';
import { l1Terms } from '../statement/terms.js';
import type { NodeReader } from '../trie/node.js';
import { execute, type OnProgress } from './execution/execute.js';
import { l1Uses } from './l1-uses.js';
import type { RowSink } from './sink.js';
import { TableSink } from './tables.js';
import { trieRows } from './trie/rows.js';

/** What a batch's rows are made from. */
export interface BatchTraceInput extends BatchTries {
  readonly replay: Replay;
}

/** What the rows of the tries are made from, beside the access list. */
export interface BatchTries {
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** Mode root only. */
  readonly postRoot?: bigint;
  /** Nodes around the listed keys, of both tries in mode root. */
  readonly nodes: NodeReader;
}

/** What L1 needs of a batch beside the proofs of its rows. */
export interface Traced {
  readonly tables: Tables;
  /** h(diff) or the post root. */
  readonly value: bigint;
  /** L1's own tuples. */
  readonly l1: readonly Origin[];
}

/** A balanced bag of rows in memory, with {@link Traced}. */
export interface BatchTrace extends Traced {
  readonly rows: readonly TraceRow[];
}

/** {@link traceInto} for batches whose rows have room in memory. */
export function traceBatch(input: BatchTraceInput): BatchTrace {
  const rows: TraceRow[] = [];
  return { ...traceInto(input, rows), rows };
}

/**
 * Makes the rows of a replayed batch, each passed on to `sink` at once and forgotten: execution, trie, tables; then the check that every
 * tuple sent is received. What balances is forgotten too, so memory does not grow with the number of rows.
 * @param onProgress told how much of the batch's items is done, 0 to 1, after every few thousand rows
 * @throws BusError `BUS_NOT_BALANCED` naming the tuples and rows, which are made once more to find them: what `sink` took is worthless then
 * @throws TraceError, TrieError, StatementError when replay, tries and statement do not fit together
 */
export function traceInto({ replay, ...tries }: BatchTraceInput, sink: RowSink, onProgress?: OnProgress): Traced {
  return executeInto(replay, sink, onProgress)(tries);
}

/**
 * {@link traceInto} in two steps, for whoever makes the post trie meanwhile: makes the rows of execution, which ends as the replay's access
 * list says or throws; the returned function makes all others from that list.
 */
export function executeInto(replay: Replay, sink: RowSink, onProgress?: OnProgress): (tries: BatchTries) => Traced {
  const { batch, rules, accessList, read } = replay;
  const rest = rowsInto(replay, sink, onProgress);
  return (tries) => {
    const { open, execution, trie } = rest(tries);
    const { batch: machine, end } = execution;
    const tables: Tables = {
      read,
      ...end,
      uses: trie.uses,
      ...l1Uses(open, replay),
      keccaks: machine.keccaks.entries,
      accounts: accessList.map((access, i) => {
        const { slots, ...hints } = trie.hints[i]!;
        return { ...access, ...hints, slots: (access.slots ?? []).map((slot, j) => ({ ...slot, ...slots[j]! })) };
      }),
    };
    const { mode, preRoot, postRoot } = tries;
    const value = mode === 'root' ? postRoot! : BigInt(diffHash(diffItems(accessList)));
    const l1 = l1Terms({ header: batch.header, items: l1Items(batch.txs, read), rules, tables, preRoot, mode, value });
    for (const { terms } of l1) open.add(terms);
    if (open.size > 0) refuseImbalances(imbalancesOf(replay, tries, l1, open));
    return { tables, value, l1 };
  };
}

/** Execution's rows; by the returned function all others, and what they leave open. */
function rowsInto(replay: Replay, sink: RowSink, onProgress?: OnProgress) {
  const all = new TableSink(sink);
  const execution = execute(replay, all, onProgress);
  return (tries: BatchTries) => {
    const { rows, ...trie } = trieRows({ ...tries, accessList: replay.accessList });
    for (const row of rows) all.push(row);
    all.finish(new Map([...execution.batch.codes.values()].map(({ id, bytes }) => [id, bytes])));
    return { open: all.open, execution, trie };
  };
}

/** Who touched what is open at the end: found by making all rows once more, since kept they would take several times the memory. */
function imbalancesOf(replay: Replay, tries: BatchTries, l1: readonly Origin[], open: OpenTuples): Imbalance[] {
  const touched = new Touched(open);
  for (const part of l1) touched.add(part);
  rowsInto(replay, { push: (row) => touched.add(originOf(row)) })(tries);
  return touched.imbalances();
}

/** A row's tuples under its name. */
export function originOf({ chip, row, origin }: TraceRow): Origin {
  return { origin: `${origin} [${chip}]`, terms: CHIPS[chip]!.terms(row) };
}
