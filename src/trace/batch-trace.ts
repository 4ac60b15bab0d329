import { diffHash, diffItems } from '../batch/diff.js';
import type { Replay } from '../batch/types.js';
import { assertBalanced, type Origin } from '../bus/balance.js';
import type { Term } from '../bus/tuple.js';
import type { TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { l1Items } from '../l1/l1-transactions.js';
import type { Tables } from '../l1/tables.js';
import { l1Terms } from '../l1/terms.js';
import type { Mode } from '../proof/types.js';
import type { NodeReader } from '../trie/node.js';
import { executionRows } from './execution.js';
import { l1Uses } from './l1-uses.js';
import { withTables } from './tables.js';
import { trieRows } from './trie.js';

/** What a batch's rows are made from. */
export interface BatchTraceInput {
  readonly replay: Replay;
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** Mode root only. */
  readonly postRoot?: bigint;
  /** Nodes around the listed keys, of both tries in mode root. */
  readonly nodes: NodeReader;
}

/** A balanced bag of rows, and what L1 needs beside the proofs. */
export interface BatchTrace {
  readonly rows: readonly TraceRow[];
  readonly tables: Tables;
  /** h(diff) or the post root. */
  readonly value: bigint;
  /** L1's own tuples. */
  readonly l1: readonly Origin[];
}

/**
 * Rows of a replayed batch: execution, trie, tables; then the check that every tuple sent is received.
 * @throws BusError `BUS_NOT_BALANCED` naming the tuples and rows: nothing unbalanced is ever proven
 * @throws TraceError, TrieError, StatementError when replay, tries and statement do not fit together
 */
export function traceBatch({ replay, mode, preRoot, postRoot, nodes }: BatchTraceInput): BatchTrace {
  const { batch, rules, accessList, read } = replay;
  const execution = executionRows(replay);
  const trie = trieRows({ mode, preRoot, ...(postRoot === undefined ? {} : { postRoot }), accessList, nodes });
  const { cells, end } = execution;
  const codes = new Map([...cells.codes.values()].map(({ id, bytes }) => [id, bytes]));
  const rows = withTables([...execution.rows, ...trie.rows], codes);
  const tables: Tables = {
    read,
    ...end,
    uses: trie.uses,
    ...l1Uses(termsOf(rows), replay),
    keccaks: cells.keccaks.entries,
    accounts: accessList.map((access, i) => {
      const { slots, ...hints } = trie.hints[i]!;
      return { ...access, ...hints, slots: (access.slots ?? []).map((slot, j) => ({ ...slot, ...slots[j]! })) };
    }),
  };
  const value = mode === 'root' ? postRoot! : BigInt(diffHash(diffItems(accessList)));
  const l1 = l1Terms({ header: batch.header, items: l1Items(batch.txs, read), rules, tables, preRoot, mode, value });
  assertBalanced(originsOf(l1, rows));
  return { rows, tables, value, l1 };
}

/** L1's tuples and those of the rows, made again at each reading: kept, they would take several times the memory of the rows. */
function originsOf(l1: readonly Origin[], rows: readonly TraceRow[]): Iterable<Origin> {
  return {
    *[Symbol.iterator]() {
      yield* l1;
      for (const row of rows) yield originOf(row);
    },
  };
}

function* termsOf(rows: readonly TraceRow[]): Generator<Term> {
  for (const { chip, row } of rows) yield* CHIPS[chip]!.terms(row);
}

/** A row's tuples under its name. */
export function originOf({ chip, row, origin }: TraceRow): Origin {
  return { origin: `${origin} [${chip}]`, terms: CHIPS[chip]!.terms(row) };
}
