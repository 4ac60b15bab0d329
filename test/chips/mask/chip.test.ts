import { ADDRESS_MASK, mask } from '../../../src/chips/mask.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(mask, {
  exact: [
    {
      constraint: /16\*kept\[2\]|\+ cut\[\d\] \+/,
      reason: 'where the value is cut; what is kept is 36 bits by its own limbs',
    },
  ],
  constraints: 40,
  rows: (random) => [
    stepRow(mask, random, OP.AND, { stack: [random.bits(256), ADDRESS_MASK] }),
    stepRow(mask, random, OP.AND, { stack: [ADDRESS_MASK, random.bits(256)] }),
  ],
});
