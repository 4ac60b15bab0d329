import { OP } from '../../../src/evm/opcodes.js';
import { edgeWords, FAR, OpcodeCases } from '../../helpers/chips/opcode-cases.js';

const { SIGNEXTEND, BYTE } = OP;
const TOP = (1n << 256n) - 1n;

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

export const CASES = new OpcodeCases(['byte'], (random) => {
  const indices = [...Array.from({ length: 33 }, (_, i) => BigInt(i)), ...FAR];
  const words = [...edgeWords(random, 20).filter((_, i) => i % 9 === 0), random.bits(256)];
  return indices.flatMap((i) =>
    [BYTE, SIGNEXTEND].flatMap((op) =>
      [random.pick(words), random.bits(256), TOP, 0n].map((x) => ({ op, stack: [x, i], pushed: expected(op, i, x) })),
    ),
  );
});
