import { div } from '../../../src/chips/div.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const MIN = 1n << 255n;
const { DIV, SDIV, MOD, SMOD } = OP;

describeChip(div, {
  constraints: 184,
  mutations: 90,
  rows: (random) => [
    // divisor on the left: it is popped second
    stepRow(div, random, DIV, { stack: [random.bits(100), MIN + random.bits(250)] }),
    stepRow(div, random, SDIV, { stack: [-random.bits(60) & (2n * MIN - 1n), random.bits(250)] }),
    stepRow(div, random, MOD, { stack: [random.bits(200), random.bits(256)] }),
    stepRow(div, random, SMOD, { stack: [MIN + random.bits(254), MIN + random.bits(200)] }),
    stepRow(div, random, SDIV, { stack: [0n, MIN + random.bits(250)] }),
  ],
});
