import { compare } from '../../../src/chips/compare.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const MIN = 1n << 255n;
const { LT, GT, SLT, SGT, EQ, ISZERO } = OP;

describeChip(compare, {
  constraints: 88,
  rows: (random) => {
    const word = random.bits(256);
    return [
      stepRow(compare, random, LT, { stack: [MIN + random.bits(250), random.bits(250)] }),
      stepRow(compare, random, GT, { stack: [word, word ^ 1n] }),
      stepRow(compare, random, SLT, { stack: [random.bits(250), MIN + random.bits(250)] }),
      stepRow(compare, random, SGT, { stack: [MIN + random.bits(250), MIN + random.bits(250)] }),
      stepRow(compare, random, EQ, { stack: [word, word] }),
      stepRow(compare, random, EQ, { stack: [word, word ^ (1n << 200n)] }),
      stepRow(compare, random, ISZERO, { stack: [0n] }),
      stepRow(compare, random, ISZERO, { stack: [word] }),
    ];
  },
});
