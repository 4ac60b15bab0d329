import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS } from '../../src/chips/index.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { brokenRows } from '../helpers/execution-bus.js';
import { CELLS } from './forgeries/storage/cells.js';
import { DRAIN } from './forgeries/storage/drain.js';
import { GAS } from './forgeries/storage/gas.js';
import { HALTS } from './forgeries/storage/halts.js';
import { HONEST } from './forgeries/storage/honest.js';
import { UNDO } from './forgeries/storage/undo.js';
import { WARM } from './forgeries/storage/warm.js';

// Each forgery lies in one place and is consistent everywhere else (StorageWorld). Its barrier is a constraint that no witness
// satisfies, or the kinds of tuples that stay open: BUS_NOT_BALANCED on L1.
describe('forged storage', () => {
  const challenge = randomChallenge(randomOf(testSeed(), 'storage forgeries'));
  const circuits = new Map<string, ChipCircuit>();
  beforeAll(async () => {
    for (const name of ['sload', 'sstore', 'undo', 'warm', 'slotend', 'drain', 'drainjrn'])
      circuits.set(name, await chipCircuit(CHIPS[name]!));
  });

  describe.each([
    ['honest', HONEST],
    ['gas, refunds, warmth, original values', GAS],
    ['halts', HALTS],
    ['slots', CELLS],
    ['access lists', WARM],
    ['journal', UNDO],
    ['drains', DRAIN],
  ])('%s', (_, forgeries) => {
    it.each(forgeries)('%s: %s', (_name, barrier, make) => {
      const world = make().finish();
      const kinds = new Set(world.open().map(({ tuple }) => tuple.name));
      const broken = brokenRows(circuits, world.rows, challenge).length > 0 ? ['constraint'] : [];
      expect([...broken, ...[...kinds].sort()].join(' ')).toBe(barrier);
    });
  });
});
