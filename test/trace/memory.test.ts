import { keccak256 } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Columns, RowOf } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { OP } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import { KeccakTable } from '../../src/trace/execution/keccak-table.js';
import { type ChipCircuit, chipCircuit } from '../helpers/chips/circuit.js';
import { MemoryWorld } from '../helpers/chips/memory-world.js';
import { mirrorFindings } from '../helpers/chips/mirror.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';

const { MLOAD } = OP;
const { MSTORE } = OP;
const { MSTORE8 } = OP;
const { KECCAK256 } = OP;
const { LOG0 } = OP;

/** Memory as an ordinary machine has it. */
class PlainMemory {
  bytes = Buffer.alloc(0);

  /** Expands to hold [offset, offset + length), for this much gas. */
  touch(offset: number, length: number): number {
    const cost = (size: number) => 3 * (size / 32) + Math.floor((size / 32) ** 2 / 512);
    const before = this.bytes.length;
    const size = length === 0 ? 0 : 32 * Math.ceil((offset + length) / 32);
    if (size > before) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(size - before)]);
    return cost(this.bytes.length) - cost(before);
  }

  word(offset: number): bigint {
    return BigInt(`0x${this.bytes.subarray(offset, offset + 32).toString('hex')}`);
  }
}

/** Executes `op` in both, and compares what it pushes, costs and leaves. */
function both(world: MemoryWorld, plain: PlainMemory, op: number, items: readonly bigint[]): void {
  const [offset, second] = [Number(items[0]), items[1]];
  const { gas: gasBefore, work: workBefore } = world.machine.exec;
  world.do(op, items);
  const { gas, work, mem } = world.machine.exec;
  let [cost, use] = [3, (op === MSTORE8 ? WORK.mstore8 : WORK.memory) as number];
  const memBefore = plain.bytes.length;
  let pushed: bigint | undefined;
  if (op === MLOAD) {
    cost += plain.touch(offset, 32);
    pushed = plain.word(offset);
  } else if (op === MSTORE) {
    cost += plain.touch(offset, 32);
    plain.bytes.write(second!.toString(16).padStart(64, '0'), offset, 'hex');
  } else if (op === MSTORE8) {
    cost += plain.touch(offset, 1);
    plain.bytes[offset] = Number(second! & 0xffn);
  } else if (op === KECCAK256) {
    const length = Number(second);
    const words = Math.ceil(length / 32);
    cost = 30 + 6 * words + plain.touch(offset, length);
    use = WORK.keccak256 + words * WORK.keccakWord;
    pushed = BigInt(keccak256(plain.bytes.subarray(offset, offset + length)));
  } else {
    cost = 375 * (op - LOG0 + 1) + 8 * Number(second) + plain.touch(offset, Number(second));
    use = WORK.log;
  }
  const words = (plain.bytes.length - memBefore) / 32;
  if (words > 0) use += words * WORK.memoryWord + WORK.expansion;
  if (pushed !== undefined) expect(world.machine.stack.at(-1)!.value).toBe(pushed);
  const spent = { gas: Number(gasBefore - gas), work: Number(workBefore - work), mem: Number(mem) };
  expect(spent).toEqual({ gas: cost, work: use, mem: plain.bytes.length / 32 });
}

/** An offset near others, often at a border. */
function offsetOf(random: Random): bigint {
  const word = 32 * random.int(random.pick([3, 8, 30]));
  return BigInt(word + random.pick([0, 0, 1, 15, 16, 17, 31, random.int(32)]));
}

function lengthOf(random: Random): bigint {
  return BigInt(random.pick([0, 1, 15, 16, 17, 31, 32, 33, 64, 64, 66, 96, random.int(300)]));
}

function randomItems(random: Random, op: number): bigint[] {
  if (op === MLOAD) return [offsetOf(random)];
  if (op === MSTORE || op === MSTORE8) return [offsetOf(random), random.bits(random.pick([8, 128, 256]))];
  const topics = op === KECCAK256 ? 0 : op - LOG0;
  return [offsetOf(random), lengthOf(random), ...Array.from({ length: topics }, () => random.bits(256))];
}

describe('memory of a frame', { timeout: 600_000 }, () => {
  const seed = testSeed();
  const OPS = [MLOAD, MLOAD, MSTORE, MSTORE, MSTORE, MSTORE8, KECCAK256, KECCAK256, LOG0, LOG0 + 2, LOG0 + 4];

  it('is that of an ordinary machine, and its tuples balance', () => {
    console.log(`memory: DELTAPROOF_SEED=${seed}`);
    const random = randomOf(seed, 'memory');
    for (let run = 0; run < 30; run++) {
      const [world, plain] = [new MemoryWorld(), new PlainMemory()];
      for (let i = 0; i < 40; i++) {
        const op = random.pick(OPS);
        both(world, plain, op, randomItems(random, op));
      }
      expect(world.finish().open()).toEqual([]);
    }
  });

  it('has every length from every place in a word, within a word and over its borders', () => {
    const [world, plain] = [new MemoryWorld(), new PlainMemory()];
    const random = randomOf(seed, 'places');
    for (let word = 0; word < 4; word++) both(world, plain, MSTORE, [BigInt(32 * word), random.bits(256)]);
    for (let start = 0; start < 32; start++) {
      both(world, plain, MSTORE, [BigInt(start), random.bits(256)]);
      both(world, plain, MLOAD, [BigInt(32 + start)]);
      both(world, plain, MSTORE8, [BigInt(64 + start), random.bits(256)]);
      for (let length = 0; length <= 66; length += 1 + random.int(3))
        both(world, plain, KECCAK256, [BigInt(start), BigInt(length)]);
    }
    expect(world.finish().open()).toEqual([]);
  });

  describe('every row satisfies its circuit', () => {
    const circuits = new Map<string, ChipCircuit>();
    const names = [
      'memory',
      'unaligned',
      'mstore8',
      'memcell',
      'keccak64',
      'keccak256',
      'copyword',
      'copybytes',
      'log',
    ];
    beforeAll(async () => {
      for (const name of names) circuits.set(name, await chipCircuit(CHIPS[name]!));
    }, 600_000);

    it.each(names)('%s', (name) => {
      const random = randomOf(seed, `rows ${name}`);
      const rows: RowOf<Columns>[] = [];
      while (rows.length < 100) {
        const world = new MemoryWorld();
        for (let i = 0; i < 30; i++) {
          const op = random.pick(OPS);
          world.do(op, randomItems(random, op));
        }
        for (const { chip, row } of world.finish().rows) if (chip === name) rows.push(row);
      }
      expect(mirrorFindings(circuits.get(name)!, rows.slice(0, 100), random)).toEqual([]);
    });
  });
});

describe('frames that end at an opcode with memory', () => {
  const FAR = 1n << 47n;
  const halts = (op: number, items: readonly bigint[], exec: object) => {
    const world = new MemoryWorld({ gas: 10_000n, work: 10n ** 12n, ...exec }).do(op, items);
    expect(world.finish().open()).toEqual([]);
    return world.machine.end !== undefined;
  };

  // Gas is what the yellow paper asks for at mem = 0.
  it.each([
    ['MLOAD', MLOAD, [0n], 6n],
    ['MSTORE over a border', MSTORE, [1n, 5n], 9n],
    ['MSTORE8', MSTORE8, [31n, 5n], 6n],
    ['MSTORE8 in the next word', MSTORE8, [32n, 5n], 9n],
    ['MLOAD of the word 723', MLOAD, [723n * 32n], 3n + 3n * 724n + 1_023n],
    ['KECCAK256 of nothing, far away', KECCAK256, [1n << 255n, 0n], 30n],
    ['KECCAK256 of two words', KECCAK256, [0n, 64n], 48n],
    ['KECCAK256 of a byte more', KECCAK256, [0n, 65n], 57n],
    ['KECCAK256 over a border', KECCAK256, [31n, 2n], 42n],
    ['LOG0 of nothing, far away', LOG0, [1n << 255n, 0n], 375n],
    ['LOG4', LOG0 + 4, [5n, 100n, 1n, 2n, 3n, 4n], 1_875n + 800n + 12n],
    ['RETURN', OP.RETURN, [64n, 1n], 9n],
    ['REVERT', OP.REVERT, [0n, 33n], 6n],
  ] as const)('%s costs what it costs', (_, op, items, cost) => {
    const ends = op === OP.RETURN || op === OP.REVERT;
    const world = new MemoryWorld({ gas: cost }).do(op, items);
    expect(world.rows[0]!.chip).not.toBe('memhalt');
    expect((world.machine.end ?? world.machine.exec).gas).toBe(0n);
    expect(world.machine.end !== undefined).toBe(ends);
    const poor = new MemoryWorld({ gas: cost - 1n }).do(op, items);
    expect(poor.rows[0]!.chip).toBe('memhalt');
    expect(poor.machine.end).toMatchObject({ ok: 0n, gas: 0n, refund: 0n });
    expect(poor.finish().open()).toEqual([]);
  });

  it.each([
    ['offset 2^47', [FAR, 1n]],
    ['offset 2^128', [1n << 128n, 1n]],
    ['length 2^47', [0n, FAR]],
    ['length 2^128', [0n, 1n << 128n]],
    ['both', [(1n << 256n) - 1n, (1n << 256n) - 1n]],
  ])('%s: with all the gas that there can be', (_, items) => {
    for (const op of [KECCAK256, LOG0, OP.RETURN, OP.REVERT])
      expect(halts(op, items, { gas: (1n << 64n) - 1n, work: 1n << 72n })).toBe(true);
    if (items[1]! < 2n)
      for (const op of [MLOAD, MSTORE, MSTORE8]) expect(halts(op, items, { gas: (1n << 64n) - 1n })).toBe(true);
  });

  it('hashes 64 KiB, and not a byte more', () => {
    const exec = { gas: 100_000n, work: 10n ** 9n };
    expect(halts(KECCAK256, [0n, 65_536n], exec)).toBe(false);
    expect(halts(KECCAK256, [0n, 65_537n], { ...exec, gas: 1n << 40n, work: 1n << 47n })).toBe(true);
  });

  it('hashes with exactly the work that covers the gas left, and not with a unit less', () => {
    const gas = 10_000n;
    const use = BigInt(WORK.keccak256 + 2 * WORK.keccakWord + 2 * WORK.memoryWord + WORK.expansion);
    for (const items of [
      [0n, 64n],
      [1n, 63n],
    ]) {
      const work = use + BigInt(WORK.gas) * (gas - 48n);
      expect(halts(KECCAK256, items, { gas, work })).toBe(false);
      expect(halts(KECCAK256, items, { gas, work: work - 1n })).toBe(true);
    }
  });
});

describe('table of hashes', () => {
  it('holds each input once, with how often it is used, ids by first use', () => {
    const table = new KeccakTable();
    const bytes = Uint8Array.from([1, 2, 3]);
    table.pair(1n, 2n);
    expect(table.general(bytes)).toBe(2n);
    table.pair(1n, 2n);
    expect(table.general(new Uint8Array())).toBe(3n);
    expect(table.general(bytes)).toBe(2n);
    table.pair(2n, 1n);
    const word = (n: number) => n.toString(16).padStart(64, '0');
    expect(table.entries).toEqual([
      { kind: 'pair', input: `0x${word(1)}${word(2)}`, uses: 2n },
      { kind: 'general', input: '0x010203', uses: 2n },
      { kind: 'general', input: '0x', uses: 1n },
      { kind: 'pair', input: `0x${word(2)}${word(1)}`, uses: 1n },
    ]);
  });

  it('hashes nothing as keccak-256 of nothing', () => {
    const world = new MemoryWorld().do(KECCAK256, [7n, 0n]);
    const empty = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470n;
    expect(world.machine.stack.at(-1)!.value).toBe(empty);
  });
});
