import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Challenge, describe as show } from '../../src/bus/tuple.js';
import { type ForgedBatch, forge } from '../helpers/batch-forger.js';
import { randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { mixedBatch, valued } from '../helpers/code-batch.js';
import { CodeCircuit } from '../helpers/code-circuit.js';
import { centred } from '../helpers/determinism/knowledge.js';
import { NativeBench } from '../helpers/native-bench.js';
import { FRAME_ATTACKS } from './batches/frames.js';
import { GAS_ATTACKS, OTHER_GAS } from './batches/gas.js';
import { STEP_ATTACKS } from './batches/steps.js';
import { TABLE_ATTACKS } from './batches/tables.js';
import { VAIN_ATTACKS } from './batches/vain.js';

/**
 * Whole batches of code that lie in one place and are consistent everywhere else, up to the value that is claimed. The circuit of key set
 * `test-code` takes the rows, or one of its constraints refuses them; L1 balances its own tuples with the circuit's sum.
 */
const seed = testSeed();
const challenge: Challenge = randomChallenge(randomOf(seed, 'forged batches'));
let circuit: CodeCircuit;
let bench: NativeBench;

beforeAll(async () => {
  [circuit, bench] = await Promise.all([CodeCircuit.load(), NativeBench.start(RULES_V2)]);
});
afterAll(() => bench?.stop());

/** What stops a batch: `constraint of` a template, else the kinds of tuples that stay open; L1 must say the same. */
async function caughtBy({ bundle, rows, open }: ForgedBatch): Promise<string> {
  const witnessed = circuit.run(rows, challenge);
  if ('refusedBy' in witnessed) {
    expect(open.map(({ tuple }) => show(tuple))).toEqual([]);
    return `constraint of ${witnessed.refusedBy}`;
  }
  const verdict = await bench.balance(bundle, challenge.alpha, challenge.beta, witnessed.sum);
  expect(verdict).toBe(open.length === 0 ? 'accepted' : 'BusNotBalanced');
  return [...new Set(open.map(({ tuple }) => tuple.name))].sort().join(' ');
}

describe('the truth', () => {
  it.each(['diff', 'root'] as const)('is balanced, mode %s', async (mode) => {
    expect(await caughtBy(await forge(await mixedBatch(), mode))).toBe('');
    expect(await caughtBy(await forge(await valued(2n), mode))).toBe('');
  });
});

describe('a false value', () => {
  const attacks = [
    OTHER_GAS,
    ...Object.values(STEP_ATTACKS),
    ...Object.values(FRAME_ATTACKS),
    ...Object.values(TABLE_ATTACKS),
  ];
  it.each(attacks)('$name: $caughtBy', async ({ caughtBy: by, honest, change }) => {
    const taken = await honest();
    const truth = await forge(taken, 'diff');
    expect(truth.open).toEqual([]);
    const forged = await forge(taken, 'diff', change());
    expect(forged.bundle.value).not.toBe(truth.bundle.value);
    expect(await caughtBy(forged)).toBe(by);
  });

  it('as a state root', async () => {
    for (const { name, caughtBy: by, honest, change } of [STEP_ATTACKS.cold, FRAME_ATTACKS.kept, TABLE_ATTACKS.code]) {
      const taken = await honest();
      const forged = await forge(taken, 'root', change());
      expect(forged.bundle.value, name).not.toBe((await forge(taken, 'root')).bundle.value);
      expect(await caughtBy(forged), name).toBe(by);
    }
  });
});

/** A frame that is out of gas goes on with gas below zero, and gets it back by a word below zero (docs/SOUNDNESS.md). */
describe('gas below zero', () => {
  const all = (['diff', 'root'] as const).flatMap((mode) =>
    Object.values(GAS_ATTACKS).map((attack) => ({ mode, ...attack })),
  );
  it.each(all)('mode $mode: $name: $caughtBy', async ({ mode, caughtBy: by, honest, change }) => {
    const taken = await honest();
    const truth = await forge(taken, mode);
    expect(truth.open).toEqual([]);
    const forged = await forge(taken, mode, change());
    expect(forged.bundle.value).not.toBe(truth.bundle.value);
    expect(await caughtBy(forged)).toBe(by);
  });

  it('is found where it is pushed, and where it is the length of a log', async () => {
    const { honest, change } = GAS_ATTACKS.log;
    const { open } = await forge(await honest(), 'diff', change());
    expect(open.map(({ tuple, surplus }) => [tuple.name, centred(tuple.values[0]!), surplus])).toEqual([
      ['RANGE12', -4_197n, -2n],
    ]);
  });
});

describe('the same value', () => {
  it.each(Object.values(VAIN_ATTACKS))('$name: $caughtBy', async ({ caughtBy: by, honest, change }) => {
    const taken = await honest();
    const forged = await forge(taken, 'diff', change());
    expect(forged.bundle.value).toBe((await forge(taken, 'diff')).bundle.value);
    expect(await caughtBy(forged)).toBe(by);
  });
});
