import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { PROOF_WORK } from '../../src/work/price.js';
import { UNITS, type Unit } from '../../src/work/units.js';
import { proofsOf, traced } from '../helpers/traced.js';
import { batchOf } from '../helpers/unit-batches.js';

/** A fiftieth of the budget for use; what is reserved for code, and comes back, on top. */
const RULES: Rules = { ...RULES_V2, workBudget: RULES_V2.workBudget / 50n + RULES_V2.wCode };
const ALL = shapesOf('default');
const SHAPES = ALL.filter((shape) => shape.bulk === true);

/** Units that one program repeats. */
const PROGRAMS = new Map<ReturnType<typeof batchOf>, Unit[]>();
for (const unit of UNITS) PROGRAMS.set(batchOf(unit), [...(PROGRAMS.get(batchOf(unit)) ?? []), unit]);

/** Chips that make a place in a trie or come with every transaction: what else a unit has is what its program has to repeat. */
const EVERYWHERE =
  /^(branch|ext|open|nokey|void|slotleaf|accountleaf|slotend|cellend|tables|bits|txbegin|txend|frame|code)/;

describe('proofs of a batch that is full of', () => {
  it.each([...PROGRAMS].map(([make, units]) => [units[0]!.name, make, units] as const))(
    '%s are what its work promises',
    async (_name, make, units) => {
      const { state, txs, mode } = await make();
      const { rows, counts, work, replay } = await traced(state, txs, mode, RULES);
      for (const unit of units) {
        const own = Object.keys(unit.rows).filter((chip) => !EVERYWHERE.test(chip));
        for (const chip of own) expect(counts[chip] ?? 0, `${unit.name}: rows of ${chip}`).toBeGreaterThan(0);
      }
      // By the bulk shapes alone, and with the mixed ones, which only save.
      const proofs = proofsOf(rows, SHAPES);
      expect(proofsOf(rows, ALL)).toBeLessThanOrEqual(work / PROOF_WORK + ALL.length);
      console.log(`${units[0]!.name}: ${replay.read} items, work ${work}, ${rows.length} rows, ${proofs} proofs`);
      expect(proofs).toBeLessThanOrEqual(work / PROOF_WORK + SHAPES.length);
    },
  );
});
