import { pop } from '../../../src/chips/pop.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(pop, { constraints: 19, rows: (random) => [stepRow(pop, random, OP.POP, { stack: [random.bits(256)] })] });
