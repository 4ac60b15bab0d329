import { shift } from '../../../src/chips/shift.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { SHL, SHR, SAR } = OP;
const SIGN = 1n << 255n;

describeChip(shift, {
  words: [
    {
      goal: /^STACK\.(hi|lo)$/,
      limits: { low: 4095n, 'low[10]': 255n, high: 4095n, 'high[10]': 255n, lowCarry: 4095n, highCarry: 4095n },
      reason: 'highCarry is below the factor that x is multiplied by, so below 2^128: circuits/chips/shift.circom',
    },
  ],
  constraints: 128,
  rows: (random) => [
    stepRow(shift, random, SHL, { stack: [random.bits(256), 77n] }),
    stepRow(shift, random, SHL, { stack: [random.bits(256), 128n + 123n] }),
    stepRow(shift, random, SHR, { stack: [random.bits(256), 3n] }),
    stepRow(shift, random, SHR, { stack: [random.bits(256), 224n] }),
    stepRow(shift, random, SAR, { stack: [SIGN + random.bits(255), 50n] }),
    stepRow(shift, random, SAR, { stack: [SIGN + random.bits(255), 1n << 200n] }),
    stepRow(shift, random, SHL, { stack: [random.bits(256), 300n] }),
  ],
});
