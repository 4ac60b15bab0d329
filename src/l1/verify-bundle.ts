import { batchHash } from '../batch/header.js';
import type { Rules } from '../batch/types.js';
import { recordsOf } from '../proof/parts.js';
import type { Bundle } from '../proof/types.js';
import { fractionOf, type VerifyingKeySet, verifyProofs } from '../proof/verify.js';
import { decodeParts } from '../statement/parts.js';
import { type L1Input, l1Terms } from '../statement/terms.js';
import { checkKeysFit } from './keys-fit.js';
import { checkPartsFit } from './plan-parts.js';

/**
 * Verifies a bundle off-chain by the rules of `ProofVerifier`: the batch and the tables, L1's own tuples, the proofs, the balance of
 * the bus; and that L1 can take it: each part goes into a transaction.
 * @param codeOf finds codes that the tables carry as contracts on L1; absent: such a bundle is refused (`WrongCode`)
 * @throws L1Error `L1_KEYS_OTHER_RULES`: the circuits are not those of the rules
 * @throws BundleError `BUNDLE_PART_TOO_LARGE`
 * @throws StatementError (batch, tables, diff) or VerificationError (proofs, bus), with L1's word as `reason`
 */
export async function verifyBundle(
  bundle: Bundle,
  keySet: VerifyingKeySet,
  rules: Rules,
  codeOf?: L1Input['codeOf'],
): Promise<void> {
  checkKeysFit(rules, keySet);
  const content = decodeParts(bundle.parts, bundle.mode);
  recordsOf(bundle.parts); // L1's word for what is no proof comes before its size
  checkPartsFit(bundle.parts);
  const { header, preRoot, value } = bundle;
  const input = { ...content, header, preRoot, value, rules, ...(codeOf ? { codeOf } : {}) };
  const terms = l1Terms(input).flatMap((origin) => origin.terms);
  await verifyProofs({
    bundle,
    batchHash: batchHash(bundle.header),
    keySet,
    native: (challenge) => fractionOf(terms, challenge),
  });
}
