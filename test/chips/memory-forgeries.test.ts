import { beforeAll, describe, expect, it } from 'vitest';
import { type ChipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { abc } from '../helpers/chips/memory.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { brokenRows, executionCircuits } from '../helpers/execution-bus.js';
import { PRICES } from './expansion/forgeries.js';
import { INPUTS, PAIRS } from './keccak256/forgeries.js';
import { LOGS } from './log/forgeries.js';
import { HALTS } from './memhalt/forgeries.js';
import { CELLS, ENDS } from './memory/forgeries.js';
import { MSTORES8, UNALIGNED } from './unaligned/forgeries.js';

const CHIPS = [
  'memory',
  'unaligned',
  'mstore8',
  'memcell',
  'expansion',
  'memhalt',
  'keccak64',
  'keccak256',
  'keccakword',
  'keccakbytes',
  'log',
  'stop',
];

// Each forgery lies in one place and is consistent everywhere else (MemoryWorld). Its barrier is either a constraint that no witness
// satisfies, or the kinds of tuples that stay open while every row satisfies its circuit: BusNotBalanced on L1. Some lies meet both.
describe('forged memory', { timeout: 600_000 }, () => {
  const challenge = randomChallenge(randomOf(testSeed(), 'memory forgeries'));
  let circuits: ReadonlyMap<string, ChipCircuit>;
  beforeAll(async () => {
    circuits = await executionCircuits(CHIPS);
  }, 600_000);

  it('balances when nothing is forged', () => {
    const world = abc().finish();
    expect([world.open(), brokenRows(circuits, world.rows, challenge)]).toEqual([[], []]);
  });

  describe.each([
    ['words', CELLS],
    ['births and ends', ENDS],
    ['prices', PRICES],
    ['over a border', UNALIGNED],
    ['MSTORE8', MSTORES8],
    ['LOG', LOGS],
    ['KECCAK256 of two words', PAIRS],
    ['KECCAK256', INPUTS],
    ['halts', HALTS],
  ])('%s', (_, forgeries) => {
    it.each(forgeries)('%s: %s', (_name, barrier, make) => {
      const world = make();
      const kinds = new Set(world.open().map(({ tuple }) => tuple.name));
      const broken = brokenRows(circuits, world.rows, challenge).length > 0 ? ['constraint'] : [];
      expect([...broken, ...[...kinds].sort()].join(' ')).toBe(barrier);
    });
  });
});
