import { expect, it } from 'vitest';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import { checkKeysFit } from '../../src/l1/keys-fit.js';

it('keys of other rules are refused: their circuits state another f', () => {
  const keySet = { rulesHash: rulesHash(RULES_V2) };
  expect(() => checkKeysFit(RULES_V2, keySet)).not.toThrow();
  const other = { ...RULES_V2, version: 3n };
  expect(() => checkKeysFit(other, keySet)).toThrow(expect.objectContaining({ code: 'L1_KEYS_OTHER_RULES' }));
});
