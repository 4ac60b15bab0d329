import type { AccountAccess, Header, Rules } from '../../src/batch/types.js';
import { type Imbalance, imbalances, type Origin } from '../../src/bus/balance.js';
import type { Term } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { rangeTable, tables } from '../../src/chips/tables.js';
import { type ExecutionEnd, executionTerms } from '../../src/statement/execution-terms.js';
import type { Item } from './execution.js';

/** Rows of a batch's execution with all that L1 says about it. */
export interface ExecutionBundle {
  readonly rules: Rules;
  readonly header: Header;
  /** The items that are read. */
  readonly items: readonly Item[];
  readonly accessList: readonly AccountAccess[];
  readonly rows: readonly TraceRow[];
  readonly end: ExecutionEnd;
  readonly blockUses: readonly bigint[];
}

/** Terms of a row. */
export function termsOf({ chip, row }: TraceRow): Term[] {
  return CHIPS[chip]!.terms(row);
}

/** What does not balance, with the best range table there is: lookups that no table serves stay open. */
export function openTuples(bundle: ExecutionBundle, extra: readonly Term[] = []): Imbalance[] {
  const rows: Origin[] = bundle.rows.map((row) => ({ origin: row.origin, terms: termsOf(row) }));
  const served = rows.flatMap(({ terms }) => terms).filter(({ tuple }) => tuple.values[0]! < 4096n);
  const ranges = { origin: 'range table', terms: tables.terms(rangeTable(served)) };
  return imbalances([...executionTerms(bundle), ...rows, ranges, { origin: 'L1: extra', terms: extra }]);
}
