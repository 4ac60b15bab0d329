import { fieldsOf, type TupleName } from '../../../src/bus/layout.js';
import { memoryCost } from '../../../src/chips/lib/expand.js';
import { larger } from './forms.js';
import { Contradiction } from './knowledge.js';

/** Values of a tuple, in the layout's order. */
export type Values = readonly bigint[];

/** The field lies in [from, from + size] (as an integer). */
export interface Restriction {
  readonly field: number;
  readonly from: bigint;
  readonly size: bigint;
}

/** Tables whose entries are not listed. */
export const COMPUTED: readonly TupleName[] = ['RANGE12', 'BYTE', 'EXPANSION'];
/** Tables whose entries bound a field that is not known. */
const SMALL: readonly TupleName[] = ['AND4', 'POW2', 'OPINFO', 'DEST'];
/** Words of memory beyond any: `circuits/chips/expansion.circom`. */
const MEMORY = 1n << 44n;

/** What a look-up of a table says of its fields, some of which are known. @throws Contradiction when there is no such entry */
export function restrictionsOf(
  name: TupleName,
  values: readonly (bigint | undefined)[],
  entries: readonly Values[],
): Restriction[] {
  if (name === 'RANGE12') return [{ field: 0, from: 0n, size: 4095n }];
  if (name === 'BYTE') return [{ field: 0, from: 0n, size: 255n }];
  if (name === 'EXPANSION') return expansion(values);
  const found = matching(entries, values);
  if (found.length === 0) throw new Contradiction();
  return values.flatMap((value, field) => {
    if (value !== undefined) return [];
    const all = new Set(found.map((entry) => entry[field]!));
    if (all.size === 1) return [{ field, from: found[0]![field]!, size: 0n }];
    return SMALL.includes(name) ? [{ field, from: 0n, size: [...all].reduce(larger) }] : [];
  });
}

/** Entries that have the known values. */
export function matching(entries: readonly Values[], values: readonly (bigint | undefined)[]): Values[] {
  return entries.filter((entry) => values.every((value, i) => value === undefined || value === entry[i]));
}

function expansion(values: readonly (bigint | undefined)[]): Restriction[] {
  const place = (name: string) => fieldsOf('EXPANSION').indexOf(name);
  const [low, high] = [values[place('from')], values[place('to')]];
  if (low === undefined) return [];
  if (low >= MEMORY || (high !== undefined && (low >= high || high > MEMORY))) throw new Contradiction();
  if (high === undefined) return [{ field: place('to'), from: low + 1n, size: MEMORY - low - 1n }];
  return [{ field: place('cost'), from: memoryCost(high) - memoryCost(low), size: 0n }];
}
