import { expect, it } from 'vitest';
import { RULES_V1, RULES_V2 } from '../../src/batch/rules.js';
import { checkKeysFit } from '../../src/l1/keys-fit.js';
import { rulesOfKeys } from '../../src/proof/rules.js';

const shape = (chip: string) => [{ spec: { name: 'one', chips: { tables: 1, [chip]: 3 } } }];

it('keys of one version are refused for another: a valid call could be skipped, an uncovered one executed', () => {
  expect(() => checkKeysFit(RULES_V1, shape('txskip'))).not.toThrow();
  expect(() => checkKeysFit(RULES_V2, shape('txskip.code'))).not.toThrow();
  expect(() => checkKeysFit(RULES_V2, shape('txskip'))).toThrow(/txskip/);
  expect(() => checkKeysFit(RULES_V1, shape('txskip.code'))).toThrow(/txskip.code/);
  expect(() => checkKeysFit(RULES_V1, shape('txbegin'))).toThrow(/txbegin/);
});

it('a key set says by whose rules it is made', () => {
  expect(rulesOfKeys(shape('txskip'))).toBe(RULES_V1);
  expect(rulesOfKeys(shape('txbegin'))).toBe(RULES_V2);
});
