import { beforeAll, describe, expect, it } from 'vitest';
import { cellsOf } from '../../src/chips/chip.js';
import { sload } from '../../src/chips/sload.js';
import { sstore } from '../../src/chips/sstore.js';
import { OP } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import type { FrameMachine } from '../../src/trace/execution/machine.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { storageSample } from '../chips/samples/storage.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { machineOf } from '../helpers/chips/machine.js';
import { randomOf } from '../helpers/chips/random.js';
import { StorageWorld } from '../helpers/storage-world.js';
import { storeCost, storeHalts } from '../helpers/store-cost.js';

const random = randomOf(1, 'storage gas');
/** Equal in one half, in both, in none; zero in one half. */
const WORDS = [0n, 1n, 2n, 1n << 128n, (1n << 128n) + 1n, (1n << 256n) - 1n];
const TRIPLES = WORDS.flatMap((orig) => WORDS.flatMap((cur) => WORDS.map((next) => [orig, cur, next] as const)));

interface Case {
  readonly orig: bigint;
  readonly cur: bigint;
  readonly next?: bigint;
  readonly cold: boolean;
  readonly gas?: bigint;
}

/** The machine after SLOAD, or SSTORE of `next`. */
function executed({ orig, cur, next, cold, gas }: Case): [machine: FrameMachine, before: FrameMachine['exec']] {
  const slot = { orig, cur, warm: cold ? 0n : 1n };
  const machine = machineOf(random, storageSample(random, { slot, gas, stack: next === undefined ? [] : [next] }));
  const before = machine.exec;
  const op = next === undefined ? OP.SLOAD : OP.SSTORE;
  STEPS[op]!(machine, op);
  return [machine, before];
}

// EIP-3529's list (EIP-2200's, with its prices and those of EIP-2929), for a warm slot: original value, values stored, gas, refund.
const LISTED: [original: bigint, stored: bigint[], gas: bigint, refund: bigint][] = [
  [0n, [0n, 0n], 212n, 0n],
  [0n, [0n, 1n], 20_112n, 0n],
  [0n, [1n, 0n], 20_112n, 19_900n],
  [0n, [1n, 2n], 20_112n, 0n],
  [0n, [1n, 1n], 20_112n, 0n],
  [1n, [0n, 0n], 3012n, 4800n],
  [1n, [0n, 1n], 3012n, 2800n],
  [1n, [0n, 2n], 3012n, 0n],
  [1n, [2n, 0n], 3012n, 4800n],
  [1n, [2n, 3n], 3012n, 0n],
  [1n, [2n, 1n], 3012n, 2800n],
  [1n, [2n, 2n], 3012n, 0n],
  [1n, [1n, 0n], 3012n, 4800n],
  [1n, [1n, 2n], 3012n, 0n],
  [1n, [1n, 1n], 212n, 0n],
  [0n, [1n, 0n, 1n], 40_118n, 19_900n],
  [1n, [0n, 1n, 0n], 5918n, 7600n],
];

describe('gas and refund of storage', () => {
  const challenge = randomChallenge(random);
  let circuits: { load: ChipCircuit; store: ChipCircuit };
  beforeAll(async () => {
    circuits = { load: await chipCircuit(sload), store: await chipCircuit(sstore) };
  });

  it.each(LISTED)('EIP-3529: slot of %s, stored %s: %s gas, refund %s', (original, stored, gas, refund) => {
    const slot = { address: 7n, key: 0n };
    const world = new StorageWorld([{ ...slot, pre: original }]).call(7n, { gas: 100_000n, keys: [slot] });
    for (const value of stored) world.store(0n, value);
    expect(world.machine.exec).toMatchObject({ gas: 100_000n - gas, refund });
  });

  it.each([false, true])('SSTORE: every case of original, current and new value (cold: %s)', (cold) => {
    for (const [orig, cur, next] of TRIPLES) {
      const [machine, before] = executed({ orig, cur, next, cold });
      const { gas, refund } = storeCost(orig, cur, next, cold);
      const what = `${orig} ${cur} ${next}`;
      expect({ what, gas: machine.exec.gas }).toEqual({ what, gas: before.gas - gas });
      expect({ what, refund: machine.exec.refund }).toEqual({ what, refund: before.refund + refund });
      expect(machine.exec.work).toBe(before.work - BigInt(WORK.sstore + (cold ? WORK.coldSlot : 0)));
      expect(machine.journal.entries).toMatchObject([{ idx: before.jrn, ts: before.ts, old: cur }]);
      const { row } = machine.rows[0]!;
      expect(() => circuits.store.witness(cellsOf(circuits.store.chip, row), challenge)).not.toThrow();
    }
  });

  it('SSTORE: halts exactly when the gas is 2300 or less, or below the price', () => {
    const fresh = { orig: 0n, cur: 0n, next: 5n };
    const reset = { orig: 5n, cur: 5n, next: 0n };
    const dirty = { orig: 5n, cur: 4n, next: 3n };
    const same = { orig: 5n, cur: 5n, next: 5n };
    for (const { orig, cur, next } of [fresh, reset, dirty, same]) {
      for (const cold of [false, true]) {
        const { gas: price } = storeCost(orig, cur, next, cold);
        for (const gas of [100n, 2299n, 2300n, 2301n, price - 1n, price, price + 1n, (1n << 64n) - 1n]) {
          const [machine, before] = executed({ orig, cur, next, cold, gas });
          const halts = storeHalts(gas, price);
          expect({ cur, cold, gas, halts: machine.end !== undefined }).toEqual({ cur, cold, gas, halts });
          const { row } = machine.rows[0]!;
          expect(() => circuits.store.witness(cellsOf(circuits.store.chip, row), challenge)).not.toThrow();
          if (!halts) continue;
          const { ts, call, work, jrn } = before;
          expect(machine.end).toEqual({ ts: ts + 1n, call, ok: 0n, gas: 0n, work, jrn, refund: 0n });
          expect(machine.journal.entries).toEqual([]);
        }
      }
    }
  });

  it('SLOAD: 100, 2100 for a cold slot; halts below', () => {
    for (const [cold, price] of [
      [false, 100n],
      [true, 2100n],
    ] as const) {
      for (const gas of [price - 1n, price, price + 1n, 1n << 40n]) {
        const [machine, before] = executed({ orig: 1n, cur: 2n, cold, gas });
        expect(machine.stack.at(-1)).toEqual({ ts: before.ts, value: 2n });
        const { row } = machine.rows[0]!;
        expect(() => circuits.load.witness(cellsOf(circuits.load.chip, row), challenge)).not.toThrow();
        if (gas < price) expect(machine.end).toMatchObject({ ok: 0n, gas: 0n, work: before.work });
        else {
          const work = before.work - BigInt(WORK.sload + (cold ? WORK.coldSlot : 0));
          expect(machine.exec).toMatchObject({ gas: gas - price, work });
        }
      }
    }
  });
});
