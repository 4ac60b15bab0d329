import { OP } from '../../../src/evm/opcodes.js';
import { FAR, OpcodeCases } from '../../helpers/chips/opcode-cases.js';

const { SHL, SHR, SAR } = OP;
const TOP = (1n << 256n) - 1n;
const SIGN = 1n << 255n;

/** By the digits of the text: shares nothing with the rows. */
function expected(op: number, a: bigint, x: bigint): bigint {
  const bits = x.toString(2).padStart(256, '0');
  const by = a < 256n ? Number(a) : 256;
  if (op === SHL) return BigInt(`0b${bits.slice(by).padEnd(256, '0')}`);
  return BigInt(`0b${bits.slice(0, 256 - by).padStart(256, op === SAR ? bits[0] : '0')}`);
}

export const CASES = new OpcodeCases(['shift'], (random) => {
  // SHL of 1 is a row of `pow2`.
  const words = [0n, 3n, SIGN, SIGN - 1n, TOP, TOP - 1n, (1n << 128n) - 1n, 1n << 128n];
  const amounts = [...Array.from({ length: 256 }, (_, i) => BigInt(i)), ...FAR];
  return amounts.flatMap((s) =>
    [SHL, SHR, SAR].map((op) => {
      const x = random.bool() ? random.pick(words) : random.pick([0n, SIGN]) ^ random.bits(256);
      return { op, stack: [x, s], pushed: expected(op, s, x) };
    }),
  );
});
