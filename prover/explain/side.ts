import { parseClaimFile } from '../../src/batch/claim-file.js';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import type { Mode } from '../../src/proof/types.js';
import type { Claimed, Judged } from '../../src/trace/claimed.js';
import { explain, fieldText } from '../../src/trace/explain.js';
import type { L2Node } from '../node/node.js';
import type { ExplainedBatch } from './batch.js';
import { hex32 } from './words.js';

/** What somebody says that a batch did. */
export interface Side extends Claimed {
  /** Where it stands, for people. */
  readonly from: string;
  /** h(diff) of the items, or the root after them; undefined when that is not known. */
  readonly value: bigint | undefined;
}

/** What a node believes that a batch did: in a liar's store, the lie. */
export async function sideOfNode(node: L2Node, number: bigint, mode: Mode, from: string): Promise<Side> {
  const items = diffItems(await node.changesOf(number));
  return { from, items, whole: true, value: await node.value(mode, number) };
}

/**
 * What a claim file says. L1 knows of a claimed diff the hash alone: a file with that hash is the claimed diff, all of it.
 * @param disputed mode and claimed value, where they are known
 * @throws BatchError `BATCH_FILE_JSON`, `BATCH_FILE_FIELD`
 */
export function sideOfFile(
  text: string,
  from: string,
  disputed?: { readonly mode: Mode; readonly target: bigint },
): Side {
  const items = parseClaimFile(text);
  const value = disputed?.mode === 'root' ? undefined : BigInt(diffHash(items));
  return { from, items, value, whole: value !== undefined && value === disputed?.target };
}

/** Wrong fields that are shown to people. */
const SHOWN = 20;

/** What a side says and where it departs from the batch, one sentence a line. */
export function sideLines(
  side: Side,
  { wrong, surplus }: Judged,
  { replay }: ExplainedBatch,
  disputed?: { readonly target: bigint },
): string[] {
  const more = wrong.length > SHOWN ? [`(${wrong.length - SHOWN} more wrong fields: --json has them all)`] : [];
  const verdict =
    wrong.length > 0
      ? [`${wrong.length} wrong:`]
      : ['Every claimed field is what the batch makes of it.', ...surplusLines(surplus, side)];
  return [
    `says     ${side.from}: ${valueText(side, disputed?.target)}`,
    ...verdict,
    ...wrong.slice(0, SHOWN).flatMap((one) => explain(one, replay)),
    ...more,
  ];
}

function valueText({ items, value, whole }: Side, target: bigint | undefined): string {
  const accounts = items.length === 1 ? '1 account' : `${items.length} accounts`;
  if (value === undefined || target === undefined) return accounts;
  if (value === target) return `${accounts}, exactly what is claimed`;
  if (whole) return `${accounts}, ${hex32(value)}: not what is claimed`;
  return `${accounts}, whose hash ${hex32(value)} is not the claimed one: it is another diff, or not all of it`;
}

function surplusLines(surplus: Judged['surplus'], { whole }: Side): string[] {
  if (!whole || surplus.length === 0) return [];
  const fields = surplus.map(({ address, field }) => fieldText(address, field));
  return [`But a diff lists changes alone, and the batch does not change ${fields.slice(0, SHOWN).join(', ')}.`];
}
