import { bitwise } from '../../../src/chips/bitwise.js';
import { ADDRESS_MASK, mask } from '../../../src/chips/mask.js';
import { not } from '../../../src/chips/not.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const [AND, OR, XOR, NOT] = [0x16, 0x17, 0x18, 0x19];
const TOP = (1n << 256n) - 1n;

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

describeChip(not, {
  constraints: 20,
  rows: (random) => [stepRow(not, random, NOT, { stack: [random.bits(256)] })],
});

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

describeOpcodes(['bitwise', 'mask', 'not'], (random) => [
  ...pairCases(random),
  ...edgeWords(random, 60).map((a) => ({ op: NOT, stack: [a], pushed: TOP - a })),
  ...edgeWords(random, 60).flatMap((a) => {
    const pushed = a % 2n ** 160n;
    return [
      { op: AND, stack: [a, ADDRESS_MASK], pushed },
      { op: AND, stack: [ADDRESS_MASK, a], pushed },
    ];
  }),
  { op: AND, stack: [ADDRESS_MASK, ADDRESS_MASK], pushed: ADDRESS_MASK },
]);
