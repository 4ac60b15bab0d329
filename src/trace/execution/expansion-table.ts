import type { OpenTuples } from '../../bus/open.js';
import type { TraceRow } from '../../chips/chip.js';
import { expansion, expansionRow } from '../../chips/expansion.js';

/** The rows of {@link expansion} that supply every EXPANSION that is open, in the order of their first look-up; m = 0. */
export function expansionRows(open: OpenTuples): TraceRow[] {
  const places = new Map(
    open.of('EXPANSION').map(({ values: [, from, to] }) => [`${from} ${to}`, [from!, to!] as const]),
  );
  return [...places.values()].map(([from, to]) => ({
    chip: expansion.name,
    row: expansionRow(from, to, 0n) as unknown as TraceRow['row'],
    origin: `memory from ${from} to ${to} words`,
  }));
}
