import { SeededRandom } from '../../src/samples/random.js';

/** What the demo shows. */
export interface Scenario {
  /** a: the disputed batch is the forged one. b: a later batch is disputed, and bisection finds the forged one. */
  readonly case: 'a' | 'b';
  /** Who lies. */
  readonly liar: 'sequencer' | 'challenger';
  readonly seed: string;
  /** Batches that the sequencer posts, at least. */
  readonly batches: bigint;
  /** The first batch whose result the liar has forged. */
  readonly forged: bigint;
}

/** Batches of case a; of case b as many as it takes for bisection over (0, 9) to have at least three rounds. */
const BATCHES = { a: 6n, b: 10n } as const;

/** Draws the forged batch from the seed. In case b it lies strictly inside (0, n − 1), n the last batch. */
export function drawScenario(options: Pick<Scenario, 'case' | 'liar' | 'seed'>): Scenario {
  const batches = BATCHES[options.case];
  const random = new SeededRandom(`scenario ${options.seed}`);
  if (options.case === 'a') {
    const forged = 1n + BigInt(random.below(Number(batches)));
    return { ...options, batches, forged };
  }
  const forged = 2n + BigInt(random.below(Number(batches) - 3));
  return { ...options, batches, forged };
}
