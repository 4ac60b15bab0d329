import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { messageOf } from '../errors/base.js';
import { BatchError } from '../errors/batch.js';
import { duplicateKey } from './duplicate-keys.js';
import type { GenesisAccount, GenesisState } from './genesis.js';

/** An unsigned integer below 2^bits: decimal string, 0x-hex string or a JSON integer below 2^53 (FORMATS.md, "Batch file"). */
export function uintField(bits: number) {
  const what = `must be an unsigned integer below 2^${bits}: a decimal string, a 0x-hex string or a JSON integer below 2^53`;
  return z
    .union([z.number(), z.string()], { error: what })
    .refine((value) => isUint(value) && BigInt(value) < 1n << BigInt(bits), { error: what })
    .transform((value) => BigInt(value));
}

function isUint(value: number | string): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return /^(0|[1-9][0-9]*|0x[0-9a-fA-F]+)$/.test(value);
}

/** Hex bytes, of `length` bytes when given; lower-cased. */
export function hexField(length?: number) {
  const digits = length === undefined ? '(?:[0-9a-fA-F]{2})*' : `[0-9a-fA-F]{${2 * length}}`;
  const what = `must be 0x and ${length === undefined ? 'an even number of hex digits' : `${2 * length} hex digits`}`;
  return z
    .string({ error: what })
    .regex(new RegExp(`^0x${digits}$`), { error: what })
    .transform((value) => value.toLowerCase() as Hex);
}

/** The fields of a batch's environment. */
export const environmentFields = {
  version: uintField(64),
  number: uintField(64),
  parent: hexField(32),
  timestamp: uintField(64),
  originNumber: uintField(64),
  originHash: hexField(32),
  feeRecipient: hexField(20),
  gasLimit: uintField(64),
  baseFee: uintField(64),
  chainId: uintField(64),
};

const accountField = z.strictObject({
  nonce: uintField(64),
  balance: uintField(256),
  code: hexField().default('0x'),
  storage: z
    .record(z.string(), uintField(256))
    .default({})
    .transform((storage, context) => keysOf(storage, 32, context)),
});

/** `{ address: { nonce, balance, code?, storage? } }` as a state. */
export const stateField = z
  .record(z.string(), accountField)
  .transform((accounts, context): GenesisState => keysOf<GenesisAccount, Address>(accounts, 20, context));

/** Record keys as lower-case hex of `length` bytes; two spellings of one key are refused. */
export function keysOf<T, K extends Hex = Hex>(
  record: Record<string, T>,
  length: number,
  context: z.RefinementCtx,
): Map<K, T> {
  const entries = new Map<K, T>();
  for (const [key, value] of Object.entries(record)) {
    const parsed = hexField(length).safeParse(key);
    if (!parsed.success || entries.has(parsed.data as K)) {
      const message = parsed.success
        ? 'the same key stands here twice'
        : `this key must be 0x and ${2 * length} hex digits`;
      context.addIssue({ code: 'custom', path: [key], message });
    } else {
      entries.set(parsed.data as K, value);
    }
  }
  return entries;
}

/**
 * The value that `schema` reads from JSON text.
 * @param what names the file in errors, for example `batch file`
 * @throws BatchError `BATCH_FILE_JSON`, `BATCH_FILE_FIELD` (details.field is the path of the first wrong field)
 */
export function readJson<T>(text: string, schema: z.ZodType<T>, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const message = `The ${what} is not JSON: ${messageOf(cause)}.`;
    throw new BatchError('BATCH_FILE_JSON', message, { hint: 'FORMATS.md shows its form.', cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    const message = `The ${what} has the field ${twice} twice.`;
    throw new BatchError('BATCH_FILE_FIELD', message, { hint: 'Keep the right one.', details: { field: twice } });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? '(top level)' : issue.path.join('.');
  const message = `The ${what} has a wrong field ${field}: ${issue?.message ?? 'unknown'}.`;
  throw new BatchError('BATCH_FILE_FIELD', message, { hint: 'FORMATS.md shows its form.', details: { field } });
}
