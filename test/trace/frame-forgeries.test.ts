import { beforeAll, describe, expect, it } from 'vitest';
import { type ChipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { brokenRows, executionCircuits, openTuples } from '../helpers/execution-bus.js';
import { BEGIN, BEGUN } from './forgeries/frames/begin.js';
import { ENDS, GAS, VALUE } from './forgeries/frames/end.js';
import { FRAME } from './forgeries/frames/frame.js';
import { HONEST } from './forgeries/frames/honest.js';
import { SKIPPED } from './forgeries/frames/skip.js';
import { STOP } from './forgeries/frames/stop.js';

const CHIPS = ['txbegin', 'frame', 'txend', 'txskip', 'transfer', 'cellend', 'stop', 'return', 'push0', 'halt'];

// Each forgery lies in one place and is consistent everywhere else. Its barrier is either a constraint that no witness
// satisfies, while the bus balances, or the kinds of tuples that stay open, while every row satisfies its circuit. A few lies
// meet both.
describe('forged calls', () => {
  const challenge = randomChallenge(randomOf(testSeed(), 'frame forgeries'));
  let circuits: ReadonlyMap<string, ChipCircuit>;
  beforeAll(async () => {
    circuits = await executionCircuits(CHIPS);
  }, 120_000);

  describe.each([
    ['honest', HONEST],
    ['an invalid call is executed', BEGUN],
    ['a valid call is skipped', SKIPPED],
    ['begin', BEGIN],
    ['frame', FRAME],
    ['STOP, RETURN, REVERT', STOP],
    ['gas', GAS],
    ['value and tip', VALUE],
    ['which end', ENDS],
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
