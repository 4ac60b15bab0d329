import { expect, it } from 'vitest';
import { rowsAlone } from '../../prover/bench/chip-costs.js';
import { CHIPS } from '../../src/chips/index.js';
import { mainCircuit, shapesOf } from '../../src/proof/shapes.js';

it('the circuits in which bench counts the constraints of a row are shapes of every chip', () => {
  for (const chip of Object.keys(CHIPS)) {
    const spec = rowsAlone(chip, 2);
    expect(shapesOf('rows', { rows: [spec] })).toEqual([spec]);
    expect(mainCircuit(spec)).toContain('[2]');
  }
});
