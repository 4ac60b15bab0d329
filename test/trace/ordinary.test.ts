import { describe, expect, it } from 'vitest';
import { transfersOf } from '../../prover/bench/batches.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { sampleGenesis } from '../../src/samples/accounts.js';
import { withContracts } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { traced } from '../helpers/traced.js';

const SHAPES = shapesOf('default');

/** The shapes that the mixed ones of key set `default` are made for: bulk shapes take what is more than these. */
describe('ordinary batches take one proof of a mixed shape', () => {
  it.each([
    ['ERC-20', 'code'],
    ['value', 'few'],
  ] as const)('10 transfers of %s: %s', async (kind, shape) => {
    for (const seed of ['ordinary 1', 'ordinary 2', 'ordinary 3']) {
      const genesis = withContracts(sampleGenesis(seed, 1_000));
      const txs = await transfersOf(kind, genesis, new MemoryState(genesis.state), RULES_V2, 10);
      const { rows, replay } = await traced(genesis.state, txs, 'diff', RULES_V2);
      expect(replay.outcomes.filter(({ kind: outcome }) => outcome === 'executed')).toHaveLength(10);
      const proofs = pack(demandOf(rows), SHAPES).map((proof) => SHAPES[proof.shape]!.name);
      expect(proofs, seed).toEqual([shape]);
    }
  });
});
