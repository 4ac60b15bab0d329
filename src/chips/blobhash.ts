import { defineChip } from './chip.js';
import { effectOf, POP, STEP_COLUMNS, unaryTerms } from './lib/step.js';

/** What BLOBHASH does. */
export const BLOBHASH_EFFECT = effectOf('BLOBHASH');

/** BLOBHASH (`circuits/chips/blobhash.circom`). */
export const blobhash = defineChip({
  name: 'blobhash',
  template: 'BlobHash()',
  columns: { ...STEP_COLUMNS, a: POP },
  terms: (row) => unaryTerms(row, BLOBHASH_EFFECT, [0n, 0n]),
});
