import { type Address, isAddressEqual } from 'viem';
import { batchHash } from '../batch/header.js';
import type { Batch } from '../batch/types.js';
import { BundleError, type BundleErrorCode } from '../errors/proof.js';
import type { Bundle } from './types.js';

/** What a bundle is expected to be about, and for whom; what is absent is not asked. */
export interface Expected {
  /** Its header, which names the transactions. */
  readonly batch?: Batch;
  readonly verifier?: Address;
  readonly beneficiary?: Address;
  readonly l1ChainId?: bigint;
}

/**
 * Refuses a bundle that is for another batch, verifier, beneficiary or chain. A bundle that verifies has the transactions that its header names.
 * @throws BundleError `BUNDLE_OTHER_BATCH`, `BUNDLE_OTHER_VERIFIER`, `BUNDLE_OTHER_BENEFICIARY`, `BUNDLE_OTHER_CHAIN`
 */
export function checkExpected(bundle: Bundle, { batch, verifier, beneficiary, l1ChainId }: Expected): void {
  if (batch !== undefined && batchHash(batch.header) !== batchHash(bundle.header)) {
    const fields = (Object.keys(batch.header) as (keyof Batch['header'])[]).filter(
      (field) => batch.header[field] !== bundle.header[field],
    );
    refuse(
      'BUNDLE_OTHER_BATCH',
      `batch ${batchHash(bundle.header)}, not the expected one: ${fields.join(', ')} differ`,
    );
  }
  if (verifier !== undefined && !isAddressEqual(verifier, bundle.verifier)) {
    refuse('BUNDLE_OTHER_VERIFIER', `ProofVerifier ${bundle.verifier}, not ${verifier}`);
  }
  if (beneficiary !== undefined && !isAddressEqual(beneficiary, bundle.beneficiary)) {
    refuse('BUNDLE_OTHER_BENEFICIARY', `beneficiary ${bundle.beneficiary}, not ${beneficiary}`);
  }
  if (l1ChainId !== undefined && l1ChainId !== bundle.l1ChainId) {
    refuse('BUNDLE_OTHER_CHAIN', `L1 chain ${bundle.l1ChainId}, not ${l1ChainId}`);
  }
}

function refuse(code: BundleErrorCode, message: string): never {
  throw new BundleError(code, `The bundle is for ${message}.`, {
    hint: 'A bundle cannot be turned over: prove again for whom it is to be.',
  });
}
