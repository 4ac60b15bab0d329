import { pop } from '../../../src/chips/pop.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(pop, { constraints: 19, rows: (random) => [stepRow(pop, random, 0x50, { stack: [random.bits(256)] })] });
