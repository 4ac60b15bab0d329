import { byteLength } from '../batch/bytes.js';
import type { Replay } from '../batch/types.js';
import type { TupleName } from '../bus/layout.js';
import type { OpenTuples } from '../bus/open.js';
import type { Tuple } from '../bus/tuple.js';
import { BLOCK_FIELDS } from '../statement/execution-terms.js';
import type { TableCode, TableRun } from '../statement/table-code.js';

/** How often the rows of a trace look up what L1 itself supplies: multiplicities that the tables carry (FORMATS.md). */
export interface L1Uses {
  /** Of BLOCK's fields, in the order of the tables. */
  readonly blockUses: readonly bigint[];
  readonly runs: readonly TableRun[];
  readonly codes: readonly TableCode[];
}

/** @param open what all rows leave open */
export function l1Uses(open: OpenTuples, { outcomes, codes }: Pick<Replay, 'outcomes' | 'codes'>): L1Uses {
  const counts = new Map<string, bigint>();
  const bump = (name: TupleName, key: string, tuple: Tuple) =>
    counts.set(`${name} ${key}`, (counts.get(`${name} ${key}`) ?? 0n) + open.due(tuple));
  for (const tuple of open.of('BLOCK', 'TXDATA', 'CODEBLOB', 'CODELEN')) {
    const { name, values } = tuple;
    // Field of BLOCK; transaction and word of TXDATA; id of the code.
    const key = name === 'BLOCK' ? values[2] : name === 'TXDATA' ? `${values[3]} ${values[0]}` : values[1];
    bump(name, String(key), tuple);
  }
  const count = (name: TupleName, key: string | number) => counts.get(`${name} ${key}`) ?? 0n;
  const runs = outcomes.flatMap((outcome, i): TableRun[] => {
    if (outcome.kind !== 'executed' || outcome.run === undefined) return [];
    const words = Math.ceil(byteLength(outcome.tx.data) / 32);
    const uses = Array.from({ length: words }, (_, word) => count('TXDATA', `${i + 1} ${word}`));
    return [{ item: i + 1, uses }];
  });
  const sorted = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    blockUses: BLOCK_FIELDS.map((field) => count('BLOCK', field)),
    runs,
    codes: sorted.map(([, code], i) => ({
      kind: 'inline',
      code,
      blobUses: count('CODEBLOB', i + 1),
      lenUses: count('CODELEN', i + 1),
    })),
  };
}
