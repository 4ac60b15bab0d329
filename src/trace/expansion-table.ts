import { mod } from '../bus/field.js';
import type { Term } from '../bus/tuple.js';
import type { TraceRow } from '../chips/chip.js';
import { expansion, expansionRow } from '../chips/expansion.js';

/** The rows of {@link expansion} that balance every EXPANSION among `terms`, in the order of their first look-up. */
export function expansionRows(terms: Iterable<Term>): TraceRow[] {
  const uses = new Map<string, { from: bigint; to: bigint; m: bigint }>();
  for (const { weight, tuple } of terms) {
    if (tuple.name !== 'EXPANSION' || mod(weight) === 0n) continue;
    const [, from, to] = tuple.values as [bigint, bigint, bigint];
    const known = uses.get(`${from} ${to}`);
    uses.set(`${from} ${to}`, { from, to, m: mod((known?.m ?? 0n) - weight) });
  }
  return [...uses.values()].map(({ from, to, m }) => ({
    chip: expansion.name,
    row: expansionRow(from, to, m) as unknown as TraceRow['row'],
    origin: `memory from ${from} to ${to} words`,
  }));
}
