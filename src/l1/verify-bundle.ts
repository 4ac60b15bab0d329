import { batchHash } from '../batch/header.js';
import type { Rules } from '../batch/types.js';
import type { KeySet } from '../proof/keyset.js';
import type { Bundle } from '../proof/types.js';
import { fractionOf, verifyProofs } from '../proof/verify.js';
import { checkKeysFit } from './keys-fit.js';
import { type L1Input, l1Terms } from './terms.js';

/**
 * Verifies a bundle off-chain by the rules of `ProofVerifier.verify`: the batch and the tables, L1's own tuples, the proofs,
 * the balance of the bus.
 * @param codeOf finds codes that the tables carry as contracts on L1; absent: such a bundle is refused (`WrongCode`)
 * @throws L1Error `L1_KEYS_OTHER_RULES`: the circuits are not those of the rules
 * @throws StatementError (batch, tables, diff) or VerificationError (proofs, bus), with L1's word as `reason`
 */
export async function verifyBundle(
  bundle: Bundle,
  keySet: Pick<KeySet, 'hash' | 'alpha1' | 'beta2' | 'shapes'>,
  rules: Rules,
  codeOf?: L1Input['codeOf'],
): Promise<void> {
  checkKeysFit(rules, keySet.shapes);
  const terms = l1Terms({ ...bundle, rules, ...(codeOf ? { codeOf } : {}) }).flatMap((origin) => origin.terms);
  await verifyProofs({
    bundle,
    batchHash: batchHash(bundle.header),
    keySet,
    native: (challenge) => fractionOf(terms, challenge),
  });
}
