import { bitwise } from '../../../src/chips/bitwise.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const { AND, OR, XOR } = OP;

describeChip(bitwise, {
  words: [
    {
      goal: /^STACK\.(hi|lo)$/,
      limits: { aNibbles: 15n, bNibbles: 15n, cNibbles: 15n },
      reason: 'AND4 says that c is a & b nibble by nibble, so a + b - c and a + b - 2 c are nibbles of a word too',
    },
  ],
  constraints: 228,
  rows: (random) => [
    stepRow(bitwise, random, AND, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(bitwise, random, OR, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(bitwise, random, XOR, { stack: [random.bits(256), random.bits(256)] }),
  ],
});

/** Bit by bit, from the text of both words: shares nothing with the rows. */
function bitByBit(a: bigint, b: bigint, bit: (x: boolean, y: boolean) => boolean): bigint {
  const text = (x: bigint) => x.toString(2).padStart(256, '0');
  const [x, y] = [text(a), text(b)];
  return BigInt(`0b${Array.from(x, (digit, i) => (bit(digit === '1', y[i] === '1') ? 1 : 0)).join('')}`);
}

const BITS: Readonly<Record<number, (x: boolean, y: boolean) => boolean>> = {
  [AND]: (x, y) => x && y,
  [OR]: (x, y) => x || y,
  [XOR]: (x, y) => x !== y,
};

function pairCases(random: Random): OpcodeCase[] {
  const words = edgeWords(random, 60);
  return words.flatMap((a) => {
    const b = random.pick(words);
    return [AND, OR, XOR].map((op) => ({ op, stack: [b, a], pushed: bitByBit(a, b, BITS[op]!) }));
  });
}

describeOpcodes(['bitwise', 'mask'], pairCases);
