import type { Hex } from 'viem';
import { diffHash, diffItems } from '../batch/diff.js';
import type { Replay } from '../batch/types.js';
import { assertBalanced, type Origin } from '../bus/balance.js';
import type { TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { rangeTable } from '../chips/tables.js';
import { encodeTables, NO_CODE } from '../l1/tables.js';
import { l1Terms } from '../l1/terms.js';
import type { Mode } from '../proof/types.js';
import type { NodeReader } from '../trie/node.js';
import { executionRows } from './execution.js';
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
  /** FORMATS.md, "Tables". */
  readonly tables: Hex;
  /** h(diff) or the post root. */
  readonly value: bigint;
  /** L1's own tuples. */
  readonly l1: readonly Origin[];
}

/**
 * Rows of a replayed batch: execution, trie, range table; then the check that every tuple sent is received.
 * @throws BusError `BUS_NOT_BALANCED` naming the tuples and rows: nothing unbalanced is ever proven
 * @throws TraceError, TrieError, StatementError when replay, tries and statement do not fit together
 */
export function traceBatch({ replay, mode, preRoot, postRoot, nodes }: BatchTraceInput): BatchTrace {
  const { batch, rules, accessList, read } = replay;
  const execution = executionRows(replay);
  const trie = trieRows({ mode, preRoot, ...(postRoot === undefined ? {} : { postRoot }), accessList, nodes });
  const tables = encodeTables({
    read,
    ...execution.end,
    uses: trie.uses,
    blockUses: execution.blockUses,
    ...NO_CODE,
    accounts: accessList.map((access, i) => {
      const { slots, ...hints } = trie.hints[i]!;
      return { ...access, ...hints, slots: (access.slots ?? []).map((slot, j) => ({ ...slot, ...slots[j]! })) };
    }),
  });
  const value = mode === 'root' ? postRoot! : BigInt(diffHash(diffItems(accessList)));
  const l1 = l1Terms({ header: batch.header, txs: batch.txs, rules, tables, preRoot, mode, value });
  const rows: TraceRow[] = [...execution.rows, ...trie.rows];
  const parts = rows.map(originOf);
  rows.push({ chip: 'tables', row: rangeTable(parts.flatMap(({ terms }) => terms)), origin: 'range table' });
  assertBalanced([...l1, ...parts, originOf(rows.at(-1)!)]);
  return { rows, tables, value, l1 };
}

/** A row's tuples under its name. */
export function originOf({ chip, row, origin }: TraceRow): Origin {
  return { origin: `${origin} [${chip}]`, terms: CHIPS[chip]!.terms(row) };
}
