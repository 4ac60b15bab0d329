import { OP } from '../../../src/evm/opcodes.js';
import { type OpcodeCase, OpcodeCases } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const { CALLDATALOAD } = OP;

const bytes = (random: Random, length: number) => Uint8Array.from({ length }, () => 1 + random.int(255));

/** From the text: shares nothing with the rows. */
function expected(data: Uint8Array, offset: bigint): bigint {
  if (offset > 100_000n) return 0n;
  const text = Buffer.from(data)
    .toString('hex')
    .slice(2 * Number(offset));
  return BigInt(`0x${text.slice(0, 64).padEnd(64, '0')}`);
}

const FAR = [1n << 24n, (1n << 128n) - 1n, 1n << 128n, (1n << 128n) + 4n, (1n << 255n) + 1n, (1n << 256n) - 1n];

export const CASES = new OpcodeCases(['calldataload'], (random) => {
  const lengths = [0, 1, 4, 31, 32, 33, 36, 63, 64, 65, 68, 96, 100];
  return lengths.flatMap((length): OpcodeCase[] => {
    const data = bytes(random, length);
    const ends = [...Array.from({ length: 80 }, (_, i) => length - 40 + i).filter((x) => x >= 0)].map(BigInt);
    return [0n, 4n, 36n, 68n, ...ends, ...FAR].map((offset) => ({
      op: CALLDATALOAD,
      stack: [offset],
      frame: { data },
      pushed: expected(data, offset),
    }));
  });
});
