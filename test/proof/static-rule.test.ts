import { describe, expect, it } from 'vitest';
import { readShapes } from '../../src/proof/shapes.js';
import { ruleOneFindings } from '../helpers/chips/rule-one.js';
import { shapeCircuit } from '../helpers/chips/shape-circuit.js';

/**
 * Soundness rule 1 on the circuits that are proven, not only on those of one row: in every shape of the key sets that the tests compile,
 * fingerprints and weights are made of committed cells alone (docs/SOUNDNESS.md, "What the commitment binds").
 */
const SHAPES = Object.entries(readShapes())
  .filter(([keySet]) => keySet.startsWith('test'))
  .flatMap(([keySet, shapes]) => shapes.map((spec) => [keySet, spec.name, spec] as const));

describe('fingerprints are made of committed cells alone', { timeout: 600_000 }, () => {
  it.each(SHAPES)('key set %s, shape %s', async (_keySet, _name, spec) => {
    const circuit = await shapeCircuit(spec);
    expect(ruleOneFindings(circuit)).toEqual([]);
  });

  it('and a shape whose last cell is not committed is found', async () => {
    const [, , spec] = SHAPES[0]!;
    const circuit = await shapeCircuit(spec);
    const findings = ruleOneFindings({ ...circuit, cells: circuit.cells.slice(0, -1) });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.join()).toContain(circuit.cells.at(-1));
  });
});
