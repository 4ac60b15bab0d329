import { readFileSync } from 'node:fs';
import type { Header } from '../../src/batch/types.js';
import type { Bundle } from '../../src/proof/types.js';
import type { Content } from '../../src/statement/parts.js';
import type { Published } from './code-samples.js';

/** Tables as bytes and read, with the sum of L1's tuples under a challenge. */
export interface TablesVector {
  readonly name: string;
  readonly bundle: Pick<Bundle, 'header' | 'preRoot' | 'mode' | 'value' | 'parts'>;
  readonly contracts: readonly Published[];
  readonly decoded: Content;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly sum: bigint;
}

/** `test/fixtures/tables-vectors.json`. */
export function tablesVectors(): TablesVector[] {
  const file = new URL('../fixtures/tables-vectors.json', import.meta.url);
  // Decimal strings are integers; names, kinds and hex are no digits alone.
  const parsed = JSON.parse(readFileSync(file, 'utf8'), (_, value) =>
    typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value,
  ) as (Omit<TablesVector, 'bundle'> & TablesVector['bundle'] & { header: Header })[];
  return parsed.map(({ header, preRoot, mode, value, parts, ...vector }) => ({
    ...vector,
    bundle: { header, preRoot, mode, value, parts },
  }));
}
