import { byte } from '../../../src/chips/byte.js';
import { pow2 } from '../../../src/chips/pow2.js';
import { shift } from '../../../src/chips/shift.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const [SIGNEXTEND, BYTE, SHL, SHR, SAR] = [0x0b, 0x1a, 0x1b, 0x1c, 0x1d];
const TOP = (1n << 256n) - 1n;
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

describeChip(pow2, {
  constraints: 29,
  rows: (random) => [
    stepRow(pow2, random, SHL, { stack: [1n, 160n] }),
    stepRow(pow2, random, SHL, { stack: [1n, 32n] }),
  ],
});

describeChip(byte, {
  exact: [{ constraint: /8\*at/, reason: 'where the byte is; its neighbours are digits by their own limbs' }],
  words: [
    {
      goal: /^STACK\.(hi|lo)$/,
      limits: { above: 4095n, below: 4095n, room: 4095n, rest: 127n },
      reason: 'the half with what is above the byte replaced by zeros or ones: circuits/chips/byte.circom',
    },
  ],
  constraints: 87,
  rows: (random) => [
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 10n] }),
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 25n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256) | (1n << 63n), 7n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256), 20n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256), 3n << 128n] }),
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 40n] }),
  ],
});

/** By powers of two and the digits of the text: shares nothing with the rows. */
function expected(op: number, a: bigint, x: bigint): bigint {
  const hex = x.toString(16).padStart(64, '0');
  const bits = x.toString(2).padStart(256, '0');
  if (op === BYTE) return a < 32n ? BigInt(`0x${hex.slice(2 * Number(a), 2 * Number(a) + 2)}`) : 0n;
  if (op === SIGNEXTEND) {
    if (a >= 31n) return x;
    const kept = bits.slice(-8 * (Number(a) + 1));
    return BigInt(`0b${kept.padStart(256, kept[0])}`);
  }
  const by = a < 256n ? Number(a) : 256;
  if (op === SHL) return BigInt(`0b${bits.slice(by).padEnd(256, '0')}`);
  return BigInt(`0b${bits.slice(0, 256 - by).padStart(256, op === SAR ? bits[0] : '0')}`);
}

const FAR = [256n, 257n, 288n, 4096n, (1n << 128n) - 1n, 1n << 128n, (1n << 128n) + 5n, (1n << 255n) + 5n, TOP];

function shiftCases(random: Random): OpcodeCase[] {
  const words = [0n, 1n, SIGN, SIGN - 1n, TOP, TOP - 1n, (1n << 128n) - 1n, 1n << 128n];
  const amounts = [...Array.from({ length: 256 }, (_, i) => BigInt(i)), ...FAR];
  return amounts.flatMap((s) =>
    [SHL, SHR, SAR].map((op) => {
      const x = random.bool() ? random.pick(words) : random.pick([0n, SIGN]) ^ random.bits(256);
      return { op, stack: [x, s], pushed: expected(op, s, x) };
    }),
  );
}

function byteCases(random: Random): OpcodeCase[] {
  const indices = [...Array.from({ length: 33 }, (_, i) => BigInt(i)), ...FAR];
  const words = [...edgeWords(random, 20).filter((_, i) => i % 9 === 0), random.bits(256)];
  return indices.flatMap((i) =>
    [BYTE, SIGNEXTEND].flatMap((op) =>
      [random.pick(words), random.bits(256), TOP, 0n].map((x) => ({ op, stack: [x, i], pushed: expected(op, i, x) })),
    ),
  );
}

describeOpcodes(['shift', 'pow2', 'byte'], (random) => [
  ...shiftCases(random),
  ...Array.from({ length: 256 }, (_, s) => ({ op: SHL, stack: [1n, BigInt(s)], pushed: 2n ** BigInt(s) })),
  ...byteCases(random),
]);
