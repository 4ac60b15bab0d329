import { toLimbs } from '../../bus/field.js';
import { env, envEffect } from '../../chips/env.js';
import { opcodeName } from '../../evm/opcodes.js';
import { environmentWord, isBlockField } from '../execution/environment.js';
import type { StepBuilder } from '../execution/machine.js';

/** ADDRESS to BLOBBASEFEE: words of the frame and of the block. */
export const envStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const word = environmentWord(machine.frame, op);
  machine.push(word);
  const [hi, lo] = toLimbs(word);
  const row = { ...head, op: BigInt(op), block: isBlockField(op) ? 1n : 0n, hi, lo };
  machine.step(env, row, envEffect(row.op), opcodeName(op));
};
