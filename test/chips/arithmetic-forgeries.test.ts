import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS } from '../../src/chips/index.js';
import { barrierOf, type Forgery } from '../helpers/chips/arithmetic.js';
import { type ChipCircuit, chipCircuit } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { ADD_FORGERIES } from './add/forgeries.js';
import { COMPARE_FORGERIES } from './compare/forgeries.js';
import { DIV_FORGERIES } from './div/forgeries.js';
import { MUL_FORGERIES } from './mul/forgeries.js';

const ITEMS = [(1n << 255n) + (3n << 128n) + 12345n, (7n << 130n) + 99n];

/** Nothing is changed. */
const HONEST = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15].map(
  (op): Forgery => [`opcode ${op}`, '', op, ITEMS, () => {}],
);

// Each forgery lies in one place and is as consistent as can be everywhere else, in a world that goes on from whatever the row
// sends. Its barrier is a constraint that no witness satisfies, or the kinds of tuples that stay open on the bus (BusNotBalanced):
// RANGE12 a limb out of range, STACK an item that nobody pushed, CODE an opcode that does not stand there. A few meet both.
describe('forged arithmetic', { timeout: 600_000 }, () => {
  const random = randomOf(testSeed(), 'arithmetic forgeries');
  const circuits = new Map<string, ChipCircuit>();
  beforeAll(async () => {
    for (const name of ['add', 'mul', 'div', 'compare']) circuits.set(name, await chipCircuit(CHIPS[name]!));
  });

  it.each(HONEST.map((honest) => [honest[0], honest] as const))('honest: %s', (_, honest) => {
    expect(barrierOf(circuits, random, honest)).toEqual({ barrier: '', lies: false });
  });

  describe.each([
    ['add', ADD_FORGERIES],
    ['mul', MUL_FORGERIES],
    ['div', DIV_FORGERIES],
    ['compare', COMPARE_FORGERIES],
  ])('%s', (_, forgeries) => {
    it.each(forgeries.map((forgery) => [forgery[0], forgery[1], forgery] as const))(
      '%s: %s',
      (_name, barrier, forgery) => {
        expect(barrierOf(circuits, random, forgery)).toEqual({ barrier, lies: true });
      },
    );
  });
});
