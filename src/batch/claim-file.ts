import type { Address } from 'viem';
import { z } from 'zod';
import { compareHex, type DiffItem } from './diff.js';
import { hexField, keysOf, readJson, uintField } from './json.js';

const fields = z.strictObject({
  nonce: uintField(64).exactOptional(),
  balance: uintField(256).exactOptional(),
  codeHash: hexField(32).exactOptional(),
  slots: z
    .record(z.string(), uintField(256))
    .default({})
    .transform((slots, context) => keysOf(slots, 32, context)),
});

const claimFile = z
  .record(z.string(), fields)
  .transform((accounts, context) => keysOf<z.infer<typeof fields>, Address>(accounts, 20, context));

/**
 * Reads a claimed result (FORMATS.md, "Claim file") as the diff that it would be, alone.
 * @throws BatchError `BATCH_FILE_JSON`, `BATCH_FILE_FIELD`
 */
export function parseClaimFile(text: string): DiffItem[] {
  return [...readJson(text, claimFile, 'claim file')]
    .map(([address, { slots, ...fields }]) => ({
      address,
      ...fields,
      slots: [...slots].map(([key, value]) => ({ key, value })).sort((a, b) => compareHex(a.key, b.key)),
    }))
    .sort((a, b) => compareHex(a.address, b.address));
}
