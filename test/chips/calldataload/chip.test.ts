import { calldataload } from '../../../src/chips/calldataload.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, type OpcodeCase } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

const { CALLDATALOAD } = OP;

const bytes = (random: Random, length: number) => Uint8Array.from({ length }, () => 1 + random.int(255));

describeChip(calldataload, {
  constraints: 121,
  rows: (random) => {
    const at = (offset: bigint, length: number) =>
      stepRow(calldataload, random, CALLDATALOAD, { stack: [offset], frame: { data: bytes(random, length) } });
    return [at(4n, 100), at(32n + 23n, 100), at(64n + 5n, 90), at(1n << 180n, 100), at(101n, 100)];
  },
});

/** From the text: shares nothing with the rows. */
function expected(data: Uint8Array, offset: bigint): bigint {
  if (offset > 100_000n) return 0n;
  const text = Buffer.from(data)
    .toString('hex')
    .slice(2 * Number(offset));
  return BigInt(`0x${text.slice(0, 64).padEnd(64, '0')}`);
}

const FAR = [1n << 24n, (1n << 128n) - 1n, 1n << 128n, (1n << 128n) + 4n, (1n << 255n) + 1n, (1n << 256n) - 1n];

describeOpcodes(['calldataload'], (random) => {
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
