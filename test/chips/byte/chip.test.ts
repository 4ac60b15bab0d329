import { byte } from '../../../src/chips/byte.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const { SIGNEXTEND, BYTE } = OP;
const TOP = (1n << 256n) - 1n;

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

/** By the digits of the text: shares nothing with the rows. */
function expected(op: number, a: bigint, x: bigint): bigint {
  const hex = x.toString(16).padStart(64, '0');
  if (op === BYTE) return a < 32n ? BigInt(`0x${hex.slice(2 * Number(a), 2 * Number(a) + 2)}`) : 0n;
  if (a >= 31n) return x;
  const kept = x
    .toString(2)
    .padStart(256, '0')
    .slice(-8 * (Number(a) + 1));
  return BigInt(`0b${kept.padStart(256, kept[0])}`);
}

const FAR = [256n, 257n, 288n, 4096n, (1n << 128n) - 1n, 1n << 128n, (1n << 128n) + 5n, (1n << 255n) + 5n, TOP];

function byteCases(random: Random): OpcodeCase[] {
  const indices = [...Array.from({ length: 33 }, (_, i) => BigInt(i)), ...FAR];
  const words = [...edgeWords(random, 20).filter((_, i) => i % 9 === 0), random.bits(256)];
  return indices.flatMap((i) =>
    [BYTE, SIGNEXTEND].flatMap((op) =>
      [random.pick(words), random.bits(256), TOP, 0n].map((x) => ({ op, stack: [x, i], pushed: expected(op, i, x) })),
    ),
  );
}

describeOpcodes(['byte'], byteCases);
