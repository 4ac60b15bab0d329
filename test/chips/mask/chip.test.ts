import { ADDRESS_MASK, mask } from '../../../src/chips/mask.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords } from '../../helpers/chips/opcode-cases.js';

const { AND } = OP;

describeChip(mask, {
  exact: [
    {
      constraint: /16\*kept\[2\]|\+ cut\[\d\] \+/,
      reason: 'where the value is cut; what is kept is 36 bits by its own limbs',
    },
  ],
  constraints: 40,
  rows: (random) => [
    stepRow(mask, random, AND, { stack: [random.bits(256), ADDRESS_MASK] }),
    stepRow(mask, random, AND, { stack: [ADDRESS_MASK, random.bits(256)] }),
  ],
});

describeOpcodes(['mask'], (random) => [
  ...edgeWords(random, 60).flatMap((a) => {
    const pushed = a % 2n ** 160n;
    return [
      { op: AND, stack: [a, ADDRESS_MASK], pushed },
      { op: AND, stack: [ADDRESS_MASK, a], pushed },
    ];
  }),
  { op: AND, stack: [ADDRESS_MASK, ADDRESS_MASK], pushed: ADDRESS_MASK },
]);
