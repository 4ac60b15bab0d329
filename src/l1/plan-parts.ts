import { concat, type Hex } from 'viem';
import { BundleError } from '../errors/proof.js';
import { encodePart, type Plan, withProofs } from '../proof/parts.js';
import { RECORD_BYTES } from '../proof/record.js';
import { type Content, encodeEntries, TABLE_KINDS } from '../statement/parts.js';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS } from './limits.js';
import { fitsTransaction, measureParts, type PartMeasure, type Size, sizeOfFeed, sizeOfProve } from './part-gas.js';

/** What a part of a bundle that needs several transactions comes to at most, as long as it has more than one entry. */
const PART = { gas: 12_000_000, bytes: 110_000, proofs: 240 } as const;
/** What is planned for one transaction at most: its gas, which is estimated, a twentieth below what L1 takes; its bytes are counted. */
const ROOM: Size = { gas: (Number(MAX_TRANSACTION_GAS) * 19) / 20, bytes: MAX_TRANSACTION_BYTES - 2_048 };

/**
 * Where the parts of a bundle end: each kind in one part when the whole fits one transaction, else in parts that fit one each. The
 * same input has the same borders, as the challenge depends on them.
 * @param shapes of the proofs, in their order
 * @throws StatementError when the content cannot be written (`encodeEntries`)
 */
export function planParts(content: Content, shapes: readonly number[]): Plan {
  const { head, ...lists } = encodeEntries(content);
  const first = encodePart('head', head);
  const whole = TABLE_KINDS.filter((kind) => lists[kind].length > 0).map((kind) =>
    encodePart(kind, concat(lists[kind])),
  );
  const one: Plan = { parts: [first, ...whole], proofs: [shapes.length] };
  if (within(sizeOfProve(measureParts(withProofs(one, shapes.map(anyRecord)))), ROOM)) return one;
  const single = TABLE_KINDS.flatMap((kind) => lists[kind].map((entry) => encodePart(kind, entry)));
  const measures = measureParts([first, ...single]).slice(1);
  const parts: Hex[] = [first];
  for (let from = 0; from < single.length; ) {
    const to = behind(measures, from);
    const bodies = single.slice(from, to).map((part): Hex => `0x${part.slice(4)}`);
    parts.push(encodePart(measures[from]!.kind as (typeof TABLE_KINDS)[number], concat(bodies)));
    from = to;
  }
  const proofs: number[] = [];
  for (let left = shapes.length; left > 0; left -= PART.proofs) proofs.push(Math.min(left, PART.proofs));
  return { parts, proofs };
}

/**
 * Refuses a plan whose bundle L1 could not take, before anything is proven.
 * @param shapes of the proofs, in their order
 * @throws BundleError `BUNDLE_PART_TOO_LARGE`
 */
export function checkPlanFits(plan: Plan, shapes: readonly number[]): void {
  checkPartsFit(withProofs(plan, shapes.map(anyRecord)));
}

/** Where the part ends that begins with entry `from`: entries of one kind, as many as a part may have, one at least. */
function behind(measures: readonly PartMeasure[], from: number): number {
  for (let to = from + 1; to < measures.length; to++) {
    const entries = measures.slice(from, to + 1);
    if (entries.at(-1)!.kind !== entries[0]!.kind || !within(sizeOfFeed(entries), PART)) return to;
  }
  return measures.length;
}

/** A record as large and dear as any. */
function anyRecord(shape: number): Hex {
  return `0x${shape.toString(16).padStart(2, '0')}${'ff'.repeat(RECORD_BYTES - 1)}`;
}

/** The parts [from, to) of a bundle, which go into one transaction. */
export interface Group {
  readonly from: number;
  readonly to: number;
  readonly size: Size;
}

/**
 * The parts of a bundle by transactions, as few as it takes. They are the sender's choice: nothing depends on them.
 * @param from the first part that is due; 0: all, `begin` included
 * @param most parts of a transaction at most; by default as many as fit
 * @throws BundleError `BUNDLE_PART_TOO_LARGE` when one does not fit a transaction
 */
export function groupParts(parts: readonly Hex[], from = 0, most = Number.POSITIVE_INFINITY): Group[] {
  checkPartsFit(parts);
  const measures = measureParts(parts);
  const groups: Group[] = [];
  for (let at = from; at < parts.length; ) {
    let to = at + 1;
    while (to < parts.length && to - at < most && within(sizeOfFeed(measures.slice(at, to + 1)), ROOM)) to++;
    groups.push({ from: at, to, size: sizeOfFeed(measures.slice(at, to)) });
    at = to;
  }
  return groups;
}

/** Whether a bundle goes into one `Dispute.prove`; else its parts are uploaded. */
export function fitsOneTransaction(parts: readonly Hex[]): boolean {
  return fitsTransaction(sizeOfProve(measureParts(parts)));
}

/**
 * Refuses a bundle that L1 could not take, however it is sent: a part is what one transaction takes at least.
 * @throws BundleError `BUNDLE_PART_TOO_LARGE` naming the part, its bytes and its gas
 */
export function checkPartsFit(parts: readonly Hex[]): void {
  for (const [i, measure] of measureParts(parts).entries()) {
    const { gas, bytes } = sizeOfFeed([measure]);
    if (fitsTransaction({ gas, bytes })) continue;
    throw new BundleError(
      'BUNDLE_PART_TOO_LARGE',
      `Part ${i} (${measure.kind}) takes ${bytes} bytes and up to ${gas} gas in a transaction of its own; L1 takes ${MAX_TRANSACTION_BYTES} bytes and ${MAX_TRANSACTION_GAS} gas.`,
      { hint: 'Make the bundle anew: its parts must be smaller.', details: { part: i, bytes, gas } },
    );
  }
}

function within({ gas, bytes }: Size, most: Pick<Size, 'gas' | 'bytes'>): boolean {
  return gas <= most.gas && bytes <= most.bytes;
}
