import type { TraceRow } from '../../src/chips/chip.js';
import type { Random } from '../helpers/chips/random.js';

/** At most `most` rows of every chip, drawn at random. */
export function sampled(rows: readonly TraceRow[], most: number, random: Random): TraceRow[] {
  const byChip = new Map<string, TraceRow[]>();
  for (const row of rows) {
    const list = byChip.get(row.chip) ?? [];
    byChip.set(row.chip, list);
    list.push(row);
  }
  return [...byChip.values()].flatMap((list) => {
    for (let i = 0; i < Math.min(most, list.length); i++) {
      const j = i + random.int(list.length - i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list.slice(0, most);
  });
}
