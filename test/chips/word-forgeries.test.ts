import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS } from '../../src/chips/index.js';
import { type ChipCircuit, chipCircuit } from '../helpers/chips/circuit.js';
import { testSeed } from '../helpers/chips/random.js';
import { asIs, barrierOf, type Forgery } from '../helpers/chips/words-world.js';
import { BITWISE_FORGERIES, MASK_FORGERIES, NOT_FORGERIES } from './bitwise/forgeries.js';
import { BYTE_FORGERIES } from './byte/forgeries.js';
import { CALLDATALOAD_FORGERIES } from './calldataload/forgeries.js';
import { ENV_FORGERIES, NO_ROOM } from './env/forgeries.js';
import { POW2_FORGERIES, SHIFT_FORGERIES } from './shift/forgeries.js';

const FORGERIES: Readonly<Record<string, readonly Forgery[]>> = {
  bitwise: BITWISE_FORGERIES,
  mask: MASK_FORGERIES,
  not: NOT_FORGERIES,
  shift: SHIFT_FORGERIES,
  pow2: POW2_FORGERIES,
  byte: BYTE_FORGERIES,
  calldataload: CALLDATALOAD_FORGERIES,
  env: ENV_FORGERIES,
};

// Each forgery lies in one place and is as consistent as can be everywhere else, in a world that goes on from whatever the row sends.
// Its barrier is a constraint that no witness satisfies, or the kinds of tuples that stay open on the bus (BusNotBalanced): STACK an item
// that nobody pushed, CODE an opcode that does not stand there, the others what no table holds. A few meet both.
describe('forged words', { timeout: 600_000 }, () => {
  const seed = testSeed();
  const circuits = new Map<string, ChipCircuit>();
  beforeAll(async () => {
    for (const name of Object.keys(FORGERIES)) circuits.set(name, await chipCircuit(CHIPS[name]!));
  }, 600_000);

  describe.each(Object.entries(FORGERIES))('%s', (_, forgeries) => {
    it('balances when nothing is forged', () => {
      for (const [name, , op, items, , { frame = {}, exec = {} } = {}] of forgeries) {
        const honest: Forgery = [name, '', op, items, asIs, { frame, exec }];
        expect([name, barrierOf(circuits, seed, honest)]).toEqual([name, { barrier: '', lies: false }]);
      }
    });

    it.each(forgeries.map((forgery) => [forgery[0], forgery[1], forgery] as const))(
      '%s: %s',
      (_name, barrier, forgery) => {
        expect(barrierOf(circuits, seed, forgery)).toEqual({ barrier, lies: true });
      },
    );
  });

  it('env: no word goes to a full stack', () => {
    expect(barrierOf(circuits, seed, NO_ROOM).barrier).toBe('RANGE12');
  });
});
