import { toLimbs } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { OP, type OpcodeName } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { effectOf, execOf, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

/** The steps of a row. */
const STEPS: readonly OpcodeName[] = ['PUSH1', 'PUSH1', 'PUSH1', 'SHL', 'SUB'];

/** Their bytes: PUSH1 1, PUSH1 1, PUSH1 160, SHL, SUB. */
export const ADDRESS_MASK_CODE: readonly number[] = [OP.PUSH1, 1, OP.PUSH1, 1, OP.PUSH1, 160, OP.SHL, OP.SUB];

/** The word that they leave on the stack. */
export const ADDRESS_MASK = (1n << 160n) - 1n;

/** Items that they have on the stack at most, above those before. */
export const ADDRESS_MASK_ITEMS = 3n;

/** What the steps do together. */
export const ADDRESS_MASK_EFFECT: StepEffect = {
  op: BigInt(OP.PUSH1),
  dts: BigInt(STEPS.length),
  dpc: BigInt(ADDRESS_MASK_CODE.length),
  dsp: 1n,
  cost: STEPS.reduce((sum, name) => sum + effectOf(name).cost, 0n),
  work: STEPS.reduce((sum, name) => sum + effectOf(name).work, 0),
};

/** Steps of the VM that a row is. */
export const ADDRESS_MASK_STEPS = STEPS.length;

/** The mask of an address, as Solidity's code makes it (`circuits/chips/addressmask.circom`). */
export const addressmask = defineChip({
  name: 'addressmask',
  template: 'AddressMask()',
  columns: STEP_COLUMNS,
  terms: (row) => {
    const { en } = row;
    const { ts, call, code, pc, sp } = execOf(row);
    const [hi, lo] = toLimbs(ADDRESS_MASK);
    return [
      ...stepTerms(row, ADDRESS_MASK_EFFECT),
      ...ADDRESS_MASK_CODE.slice(1).map((byte, i) =>
        term(-en, 'CODE', { op: BigInt(byte), code, pc: pc + BigInt(i + 1) }),
      ),
      term(-en, 'RANGE12', { x: 1024n - ADDRESS_MASK_ITEMS - sp }),
      term(en, 'STACK', { ts: ts + BigInt(STEPS.length - 1), call, idx: sp, hi, lo }),
    ];
  },
});
