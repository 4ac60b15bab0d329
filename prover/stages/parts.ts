import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { type Columns, cellsOf, type RowOf, rowOf } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { QueueError } from '../../src/errors/queue.js';
import type { Plan } from '../../src/proof/parts.js';
import type { TranscriptContext } from '../../src/proof/types.js';
import type { PackedProof, PackingCost } from '../../src/trace/pack.js';

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

/** Rows of one proof as bytes: JSON, cells in hexadecimal in column order. */
export function encodeRows({ rows }: Pick<PackedProof, 'rows'>): Buffer {
  const cells = Object.entries(rows).map(([chip, list]) => [
    chip,
    list.map((row) => cellsOf(CHIPS[chip]!, row).map((cell) => cell.toString(16))),
  ]);
  return Buffer.from(JSON.stringify(Object.fromEntries(cells)));
}

/** The inverse of {@link encodeRows}. */
export function decodeRows(bytes: Uint8Array): Record<string, RowOf<Columns>[]> {
  const json = JSON.parse(Buffer.from(bytes).toString()) as Record<string, string[][]>;
  return Object.fromEntries(
    Object.entries(json).map(([chip, list]) => [
      chip,
      list.map((cells) =>
        rowOf(
          CHIPS[chip]!,
          cells.map((cell) => BigInt(`0x${cell}`)),
        ),
      ),
    ]),
  );
}
