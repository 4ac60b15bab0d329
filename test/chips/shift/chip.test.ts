import { shift } from '../../../src/chips/shift.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const { SHL, SHR, SAR } = OP;
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

/** By the digits of the text: shares nothing with the rows. */
function expected(op: number, a: bigint, x: bigint): bigint {
  const bits = x.toString(2).padStart(256, '0');
  const by = a < 256n ? Number(a) : 256;
  if (op === SHL) return BigInt(`0b${bits.slice(by).padEnd(256, '0')}`);
  return BigInt(`0b${bits.slice(0, 256 - by).padStart(256, op === SAR ? bits[0] : '0')}`);
}

const FAR = [256n, 257n, 288n, 4096n, (1n << 128n) - 1n, 1n << 128n, (1n << 128n) + 5n, (1n << 255n) + 5n, TOP];

function shiftCases(random: Random): OpcodeCase[] {
  const words = [0n, SIGN, SIGN - 1n, TOP, TOP - 1n, (1n << 128n) - 1n, 1n << 128n];
  const amounts = [...Array.from({ length: 256 }, (_, i) => BigInt(i)), ...FAR];
  return amounts.flatMap((s) =>
    [SHL, SHR, SAR].map((op) => {
      const x = random.bool() ? random.pick(words) : random.pick([0n, SIGN]) ^ random.bits(256);
      return { op, stack: [x, s], pushed: expected(op, s, x) };
    }),
  );
}

describeOpcodes(['shift'], shiftCases);
