import { BLOBHASH_EFFECT, blobhash } from '../../chips/blobhash.js';
import type { StepBuilder } from '../execution/machine.js';

/** BLOBHASH: no transaction carries blobs. */
export const blobhashStep: StepBuilder = (machine) => {
  const head = machine.head();
  const a = machine.pop().cells;
  machine.push(0n);
  machine.step(blobhash, { ...head, a }, BLOBHASH_EFFECT, 'BLOBHASH');
};
