import type { Difference, Differences } from '../../src/batch/differences.js';

/** How an announced access list differs from what execution produced, a line each; the last says how many more there are. */
export function differenceLines({ count, first }: Differences): string[] {
  const more = count - first.length;
  return [...first.map(lineOf), ...(more > 0 ? [`and ${more} more`] : [])];
}

function lineOf({ address, field, slot, index, announced, produced }: Difference): string {
  const [said, made] = [announced ?? 'nothing', produced ?? 'nothing'];
  if (field === 'account') return `account ${address}: ${touch(announced, 'touched')}`;
  if (field === 'slotRead') return `slot ${slot} of ${address}: ${touch(announced, 'read and not changed')}`;
  const what = field === 'slot' ? `slot ${slot} of ${address}` : `${field} of ${address}`;
  return `${what} after item ${index}: announced ${said}, produced ${made}`;
}

function touch(announced: string | undefined, what: string): string {
  return announced === undefined ? `${what}, not announced` : `announced as ${what}, which it is not`;
}
