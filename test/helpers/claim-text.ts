import type { DiffItem } from '../../src/batch/diff.js';

/** The claim file (FORMATS.md) of a diff. */
export function claimText(items: readonly DiffItem[]): string {
  const accounts = items.map(({ address, slots, ...fields }) => [
    address,
    { ...fields, slots: Object.fromEntries(slots.map(({ key, value }) => [key, value])) },
  ]);
  return JSON.stringify(Object.fromEntries(accounts), (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
}
