import { describe, expect, it } from 'vitest';
import { WORK } from '../../src/evm/work.js';
import { brokenRows } from '../helpers/chips/broken.js';
import { randomChallenge } from '../helpers/chips/circuit.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { StorageWorld } from '../helpers/storage-world.js';
import { storeCost, storeHalts } from '../helpers/store-cost.js';

const OWNERS = [0xa11ce0n, 0xb0bn];
const HIGH = 1n << 255n;

describe('storage rows', () => {
  const seed = testSeed();
  console.log(`storage rows: DELTAPROOF_SEED=${seed}`);

  it.each([1, 2, 3, 4, 5, 6])(
    'random transactions: as a plain model says, and everything balances (%s)',
    async (round) => {
      const random = randomOf(seed, `storage ${round}`);
      const keys = [0n, 1n, random.bits(256), (1n << 128n) + 1n];
      const values = [0n, 1n, HIGH, HIGH + 1n, random.bits(256)];
      const listed = OWNERS.flatMap((address) => keys.map((key) => ({ address, key, pre: random.pick(values) })));
      const model = new Map(listed.map(({ address, key, pre }) => [`${address} ${key}`, pre]));
      const world = new StorageWorld(listed);
      for (let tx = 0; tx < 8; tx++) transaction(world, model, { random, keys, values });
      world.finish();
      expect(world.open()).toEqual([]);
      expect(await brokenRows(world.rows, randomChallenge(random))).toEqual([]);
      for (const { address, key } of listed) {
        expect(world.slots.at(address, key).cur).toBe(model.get(`${address} ${key}`));
      }
      const ends = world.rows.filter(({ chip }) => chip === 'slotend');
      expect(ends.length).toBe(listed.length);
    },
  );
});

interface Draw {
  readonly random: Random;
  readonly keys: readonly bigint[];
  readonly values: readonly bigint[];
}

/** One transaction in world and model, which must agree after each step. */
function transaction(world: StorageWorld, model: Map<string, bigint>, { random, keys, values }: Draw): void {
  const owner = random.pick(OWNERS);
  const warmed = Array.from({ length: random.int(4) }, () => ({
    address: random.pick(OWNERS),
    key: random.pick(keys),
  }));
  const gas = random.bool() ? 1_000_000n : BigInt(2000 + random.int(60_000));
  world.call(owner, { gas, keys: warmed });
  const before = new Map(model);
  const warm = new Set(warmed.map(({ address, key }) => `${address} ${key}`));
  let refund = 0n;
  for (let step = 0; step < 12; step++) {
    const key = random.pick(keys);
    const slot = `${owner} ${key}`;
    const cold = !warm.has(slot);
    warm.add(slot);
    const stores = random.int(3) > 0;
    const value = random.pick(values);
    const { gas: left, work } = world.machine.exec;
    if (left < 106n) break;
    const cur = model.get(slot)!;
    const cost = stores ? storeCost(before.get(slot)!, cur, value, cold) : { gas: cold ? 2100n : 100n, refund: 0n };
    const spent = cost.gas + (stores ? 6n : 3n);
    if (stores) world.store(key, value);
    else world.load(key);
    const halts = stores ? storeHalts(left - 6n, cost.gas) : left < spent;
    expect(world.machine.end !== undefined).toBe(halts);
    if (halts) {
      expect(world.machine.end).toMatchObject({ ok: 0n, gas: 0n, refund: 0n, work });
      break;
    }
    refund += cost.refund;
    if (stores) model.set(slot, value);
    else expect(world.machine.stack.at(-1)!.value).toBe(cur);
    const units = BigInt((stores ? WORK.sstore : WORK.sload) + (cold ? WORK.coldSlot : 0));
    expect(world.machine.exec).toMatchObject({ gas: left - spent, refund, work: work - units });
  }
  const ok = world.machine.end === undefined && random.bool();
  if (!ok) for (const [slot, value] of before) model.set(slot, value);
  world.end(ok);
}
