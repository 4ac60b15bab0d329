import { describe, expect, test } from 'vitest';
import { layoutCircom, layoutSolidity } from '../../src/build/generate-bus.js';
import { LAYOUT, TAG_POWER, type TupleSpec } from '../../src/bus/layout.js';

const kinds: [string, TupleSpec][] = Object.entries(LAYOUT);
/** Kinds whose every product their rows compute for another tuple anyway: none of their fields needs power 0. */
const SHARED = ['SLOTEND', 'PUSH'];

describe('layout table', () => {
  test('tags are distinct and not zero', () => {
    const tags = kinds.map(([, { tag }]) => tag);
    expect(new Set(tags).size).toBe(tags.length);
    expect(Math.min(...tags)).toBeGreaterThan(0);
  });

  test.each(kinds)('%s: powers are distinct, below the tag, and one field costs no product', (name, { fields }) => {
    const powers = Object.values(fields);
    expect(new Set(powers).size).toBe(powers.length);
    expect(Math.max(...powers)).toBeLessThan(TAG_POWER);
    expect(powers.includes(0)).toBe(!SHARED.includes(name));
  });

  test('every kind is generated into both languages', () => {
    for (const [name, { tag, fields }] of kinds) {
      expect(layoutCircom()).toContain(`function ${name}() { return ${tag}; }`);
      for (const [field, power] of Object.entries(fields)) {
        expect(layoutCircom()).toContain(`function ${name}_${field}() { return ${power}; }`);
      }
      expect(layoutSolidity()).toContain(`function ${name}(uint256`);
    }
  });
});
