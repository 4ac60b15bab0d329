import { describe, expect, it } from 'vitest';
import { tuple } from '../../../src/bus/tuple.js';
import { bits } from '../../../src/chips/bits.js';
import { BYTES_OF_CODE, MEMORY_OPCODES, OPCODE_INFO } from '../../../src/evm/opcode-tables.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';

const inUse = (random: Random, count: number) => Array.from({ length: count }, () => 2n + random.bits(20));

describeChip(bits, {
  constraints: 1164,
  mutations: 5,
  rows: (random) => [
    {
      byte: inUse(random, 512),
      and4: inUse(random, 256),
      pow2: inUse(random, 128),
      opinfo: inUse(random, 256),
      memop: inUse(random, MEMORY_OPCODES.length),
    },
  ],
});

describe('the entries of bits', () => {
  const terms = bits.terms({ ...bits.padding, and4: bits.padding.and4.map((_, i) => (i === 0xca ? 7n : 0n)) });

  it('has 12 & 10 = 8 where it is looked for', () => {
    expect(terms.filter(({ weight }) => weight !== 0n)).toEqual([
      { weight: 7n, tuple: tuple('AND4', { a: 12n, b: 10n, c: 8n }) },
    ]);
  });

  it('has no entry twice', () => {
    const keys = terms.map(({ tuple: { name, values } }) => `${name} ${values.join()}`);
    expect(new Set(keys).size).toBe(1163);
  });

  it('knows PUSH2, JUMPDEST and push data', () => {
    expect(BYTES_OF_CODE[OP.PUSH2]).toEqual({ x: BigInt(OP.PUSH2), move: 3n, dest: 0n });
    expect(BYTES_OF_CODE[OP.PUSH0]).toEqual({ x: BigInt(OP.PUSH0), move: 1n, dest: 0n });
    expect(BYTES_OF_CODE[OP.JUMPDEST]).toEqual({ x: BigInt(OP.JUMPDEST), move: 1n, dest: 1n });
    expect(BYTES_OF_CODE[256 + OP.JUMPDEST]).toEqual({ x: BigInt(OP.JUMPDEST), move: 0n, dest: 0n });
  });

  it('knows what DUP3 and LOG4 need, and that INVALID is not covered', () => {
    expect(OPCODE_INFO[OP.DUP3]).toEqual({ op: BigInt(OP.DUP3), gas: 3n, pops: 3n, grows: 17n, covered: 1n });
    expect(OPCODE_INFO[OP.LOG4]).toEqual({ op: BigInt(OP.LOG4), gas: 1875n, pops: 6n, grows: 10n, covered: 1n });
    expect(OPCODE_INFO[0xfe]).toEqual({ op: 0xfen, gas: 0n, pops: 0n, grows: 16n, covered: 0n });
  });
});
