import { beforeAll, describe, expect, it } from 'vitest';
import { type ChipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { brokenRows, executionCircuits, openTuples } from '../helpers/execution-bus.js';
import { MONEY } from './forgeries/money.js';
import { ORDER } from './forgeries/order.js';
import { EXECUTED, HONEST, SKIPPED } from './forgeries/validity.js';

// Each forgery lies in one place and is consistent everywhere else (Forger). Its barrier is either a constraint that no
// witness satisfies, while the bus balances, or the kinds of tuples that stay open, while every row satisfies its circuit:
// BUS_NOT_BALANCED on L1. A few lies meet both.
describe('forged executions', () => {
  const seed = testSeed();
  const challenge = randomChallenge(randomOf(seed, 'forgeries'));
  let circuits: ReadonlyMap<string, ChipCircuit>;
  beforeAll(async () => {
    circuits = await executionCircuits();
  });

  describe.each([
    ['honest', HONEST],
    ['a valid transaction is skipped', SKIPPED],
    ['an invalid transaction is executed', EXECUTED],
    ['money', MONEY],
    ['cells, order, time', ORDER],
  ])('%s', (_, forgeries) => {
    it.each(forgeries)('%s: %s', (_name, barrier, make) => {
      const forger = make();
      const bundle = forger.finish();
      const kinds = new Set(openTuples(bundle, forger.extra).map(({ tuple }) => tuple.name));
      const broken = brokenRows(circuits, bundle.rows, challenge).length > 0 ? ['constraint'] : [];
      expect([...broken, ...[...kinds].sort()].join(' ')).toBe(barrier);
    });
  });
});
