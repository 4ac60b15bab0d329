import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { type Columns, cellCount, type RowOf, rowOf } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { QueueError } from '../../src/errors/queue.js';
import { TraceError } from '../../src/errors/trace.js';
import type { Plan } from '../../src/proof/parts.js';
import type { TranscriptContext } from '../../src/proof/types.js';
import { readCells } from '../../src/trace/cell-bytes.js';
import type { PackedProof, PackingCost } from '../../src/trace/pack.js';
import type { RowRange } from '../../src/trace/spool.js';

/** What is queued: which batch (an artifact with the text of a `BatchRequest`), by which keys, for whom. */
export interface ProofRequest {
  /** sha256 of the artifact. */
  readonly batch: string;
  /** Work that the batch takes at most by its rules, decimal: how long its trace may take goes by it. */
  readonly work: string;
  readonly keySet: string;
  readonly keySetHash: Hex;
  /** Decimal. */
  readonly l1ChainId: string;
  readonly verifier: Address;
  readonly beneficiary: Address;
  /** What the packer goes by; {@link DEFAULT_COST} when absent. */
  readonly packing?: PackingCost;
}

const weight = z.number().finite().nonnegative();
const requestSchema = z.strictObject({
  batch: z.string().regex(/^[0-9a-f]{64}$/),
  work: z.string().regex(/^\d+$/),
  keySet: z.string().min(1),
  keySetHash: z.string().regex(/^0x[0-9a-f]{64}$/),
  l1ChainId: z.string().regex(/^\d+$/),
  verifier: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  beneficiary: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  packing: z.strictObject({ perProof: weight, perShape: weight, perCell: weight }).optional(),
});

/** Refuses what is no {@link ProofRequest}. @throws QueueError `QUEUE_BAD_REQUEST` naming the field */
export function checkProofRequest(request: unknown): void {
  const { error } = requestSchema.safeParse(request);
  const issue = error?.issues[0];
  if (issue === undefined) return;
  const field = issue.path.join('.') || 'request';
  throw new QueueError('QUEUE_BAD_REQUEST', `This is no proof request: ${field}: ${issue.message}.`);
}

/** What a request says of the transcript's context: all but the rules, which the batch's request names. */
export function contextOf({
  l1ChainId,
  verifier,
  beneficiary,
  keySetHash,
}: ProofRequest): Omit<TranscriptContext, 'rulesHash'> {
  return { l1ChainId: BigInt(l1ChainId), verifier, beneficiary, keySetHash };
}

/** One proof to make, as it passes between the stages: `rows` names the artifact with its rows. */
export interface Part {
  readonly keySet: string;
  /** A commitment under other keys is another one, so the keys are part of the task's name. */
  readonly keySetHash: Hex;
  readonly shape: number;
  /** Of the shape: how long a task may take goes by it. */
  readonly constraints: number;
  readonly rows: string;
}

/** What `trace` hands to the later stages beside the parts. */
export interface Shared {
  readonly request: ProofRequest;
  /** The artifact with the bundle's parts before its proofs ({@link encodePlan}). */
  readonly plan: string;
  /** Decimal. */
  readonly value: string;
}

/** The parts of a bundle before its proofs, as JSON. */
export function encodePlan(plan: Plan): Buffer {
  return Buffer.from(JSON.stringify(plan));
}

/** The inverse of {@link encodePlan}. */
export function decodePlan(bytes: Uint8Array): Plan {
  return JSON.parse(Buffer.from(bytes).toString()) as Plan;
}

/**
 * Rows of one proof as bytes: per chip its name (length u8 ‖ ASCII), the number of its rows (u32) and of the bytes of their cells (u32),
 * and these (`src/trace/cell-bytes.ts`), in the order of columns.
 * @param read the bytes of the cells of some rows
 */
export function encodeRows(
  { rows }: Pick<PackedProof, 'rows'>,
  read: (chip: string, range: RowRange) => Uint8Array,
): Buffer {
  return Buffer.concat(
    Object.entries(rows).flatMap(([chip, range]) => {
      const cells = read(chip, range);
      const head = Buffer.alloc(1 + chip.length + 8);
      head.writeUInt8(chip.length);
      head.write(chip, 1, 'ascii');
      head.writeUInt32BE(range.to - range.from, 1 + chip.length);
      head.writeUInt32BE(cells.length, 5 + chip.length);
      return [head, cells];
    }),
  );
}

/** The inverse of {@link encodeRows}. @throws TraceError `TRACE_BAD_ROWS` for bytes that it does not make */
export function decodeRows(bytes: Uint8Array): Record<string, RowOf<Columns>[]> {
  const rows: Record<string, RowOf<Columns>[]> = {};
  for (const { name, count, cells: encoded } of blocksOf(bytes)) {
    const chip = CHIPS[name]!;
    const cells = readCells(encoded);
    const width = cellCount(chip);
    if (cells.length !== count * width) throw badRows(`${cells.length} cells for ${count} rows of chip ${name}`);
    rows[name] = Array.from({ length: count }, (_, i) => rowOf(chip, cells.slice(i * width, (i + 1) * width)));
  }
  return rows;
}

/** How many rows of each chip {@link encodeRows} has written, without reading them. */
export function rowCounts(bytes: Uint8Array): Map<string, number> {
  return new Map([...blocksOf(bytes)].map(({ name, count }) => [name, count]));
}

function* blocksOf(
  bytes: Uint8Array,
): Generator<{ readonly name: string; readonly count: number; readonly cells: Buffer }> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < all.length; ) {
    const head = at + 1 + all.readUInt8(at);
    const name = all.toString('ascii', at + 1, head);
    if (!Object.hasOwn(CHIPS, name) || head + 8 > all.length) throw badRows(`an unknown chip "${name}"`);
    at = head + 8 + all.readUInt32BE(head + 4);
    if (at > all.length) throw badRows(`too few bytes for chip ${name}`);
    yield { name, count: all.readUInt32BE(head), cells: all.subarray(head + 8, at) };
  }
}

function badRows(what: string): TraceError {
  return new TraceError('TRACE_BAD_ROWS', `The rows of a proof have ${what}.`, {
    hint: 'They were made by another version of this program: trace the batch again.',
  });
}
