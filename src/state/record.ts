import type { Hex } from 'viem';
import { z } from 'zod';
import { batchHash } from '../batch/header.js';
import { environmentFields, hexField, uintField } from '../batch/json.js';
import type { Batch, Outcome, SkipReason } from '../batch/types.js';
import { type CodeRun, HALT_REASONS } from '../evm/run.js';
import type { Bytes } from './codec.js';

/** How code ended, with its events: nothing of it is part of the state. */
export type RunResult = Pick<CodeRun, 'end' | 'halt' | 'logs'>;

/** What happened to one item, without what its bytes say anyway. */
export type ItemResult =
  | { readonly kind: 'executed'; readonly gasUsed: bigint; readonly run?: RunResult }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'bad'; readonly reason: string }
  | { readonly kind: 'cutOff' };

/** An executed batch as the store keeps it. */
export interface BatchRecord {
  readonly batch: Batch;
  readonly batchHash: Hex;
  /** `h(Δ)` of the batch. */
  readonly diffHash: Hex;
  /** One result per item. */
  readonly results: readonly ItemResult[];
}

const SKIP_REASONS = ['nonce', 'senderCode', 'balance', 'gasLimit', 'work'] as const satisfies SkipReason[];

const runSchema = z.strictObject({
  end: z.enum(['ok', 'revert', 'halt']),
  halt: z
    .strictObject({ reason: z.enum(HALT_REASONS), pc: z.int().min(0), op: z.int().min(0).max(255) })
    .exactOptional(),
  logs: z.array(z.strictObject({ address: hexField(20), topics: z.array(hexField(32)), data: hexField() })),
});

const recordSchema = z.strictObject({
  batch: z.strictObject({
    header: z.strictObject({ ...environmentFields, txsHash: hexField(32) }),
    txs: z.array(hexField()),
  }),
  batchHash: hexField(32),
  diffHash: hexField(32),
  results: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('executed'), gasUsed: uintField(64), run: runSchema.exactOptional() }),
      z.strictObject({ kind: z.literal('skipped'), reason: z.enum(SKIP_REASONS) }),
      z.strictObject({ kind: z.literal('bad'), reason: z.string() }),
      z.strictObject({ kind: z.literal('cutOff') }),
    ]),
  ),
});

/** The record of a batch that was just executed. */
export function recordOf(batch: Batch, outcomes: readonly Outcome[], diffHash: Hex): BatchRecord {
  return { batch, batchHash: batchHash(batch.header), diffHash, results: outcomes.map(resultOf) };
}

function resultOf(outcome: Outcome): ItemResult {
  switch (outcome.kind) {
    case 'executed':
      return {
        kind: 'executed',
        gasUsed: outcome.gasUsed,
        ...(outcome.run === undefined ? {} : { run: runOf(outcome.run) }),
      };
    case 'skipped':
      return { kind: 'skipped', reason: outcome.reason };
    case 'bad':
      return { kind: 'bad', reason: outcome.reason };
    case 'cutOff':
      return { kind: 'cutOff' };
  }
}

function runOf({ end, halt, logs }: CodeRun): RunResult {
  return { end, ...(halt === undefined ? {} : { halt }), logs };
}

export function encodeRecord(record: BatchRecord): Bytes {
  return Buffer.from(
    JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}

/** @throws ZodError, SyntaxError when the bytes are no record */
export function decodeRecord(bytes: Bytes): BatchRecord {
  return recordSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
}
