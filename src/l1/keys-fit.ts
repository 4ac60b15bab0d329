import { rulesHash } from '../batch/rules.js';
import type { Rules } from '../batch/types.js';
import { L1Error } from '../errors/l1.js';
import type { KeySet } from '../proof/keyset.js';

/**
 * Checks that a key set is made for these rules: circuits of others state another f.
 * @throws L1Error `L1_KEYS_OTHER_RULES`
 */
export function checkKeysFit(rules: Rules, keySet: Pick<KeySet, 'rulesHash'>): void {
  if (keySet.rulesHash === rulesHash(rules)) return;
  throw new L1Error(
    'L1_KEYS_OTHER_RULES',
    `The key set is for the rules ${keySet.rulesHash}, not for version ${rules.version}, which are ${rulesHash(rules)}.`,
    { hint: 'Use a key set of circuits/shapes.json that is made for these rules.' },
  );
}
