import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { pack } from '../../src/trace/pack.js';
import { ordinaryRows } from '../../src/work/ordinary.js';
import { type Rows, together } from '../../src/work/places.js';

const SHAPES = shapesOf('default');
const packed = (rows: Rows) => pack(new Map(Object.entries(rows)), SHAPES).map(({ shape }) => SHAPES[shape]!.name);

/** On other genesis states than that which mixed shapes are made by. */
describe('ordinary batches', () => {
  it.each(['ordinary 1', 'ordinary 2', 'ordinary 3'])('take one proof of a mixed shape: %s', async (seed) => {
    const { transfers, calls, sample } = await ordinaryRows(RULES_V2, seed);
    expect([transfers.transfer, calls.txbegin, sample.txbad]).toEqual([10, 10, 15]);
    expect(packed(transfers)).toEqual(['few']);
    expect(packed(calls)).toEqual(['code']);
    expect(packed(sample)).toEqual(['code']);
  });

  it('fill their proofs when they are large: 50 calls take three of 2^18', async () => {
    const { calls, moreCalls } = await ordinaryRows(RULES_V2);
    expect(packed(together(calls, moreCalls))).toEqual(['code', 'calls', 'calls']);
  });
});
