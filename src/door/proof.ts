/** `deltaproof/proof`: bundles and verifying keys, without circuits (FORMATS.md). Making proofs is the command line's. */
export { verifyBundle } from '../l1/verify-bundle.js';
export { encodeBundle, parseBundle } from '../proof/bundle-file.js';
export { checkExpected, type Expected } from '../proof/expected.js';
export { parseKeys, type VerifyingKeyFile } from '../proof/keys-file.js';
export { decodePart, PART_KINDS, type PartKind, recordsOf } from '../proof/parts.js';
export type {
  Bundle,
  Mode,
  ProofRecord,
  SharedKey,
  Statement,
  TranscriptContext,
  VerifyingKey,
} from '../proof/types.js';
export type { VerifyingKeySet } from '../proof/verify.js';
export { type SnarkjsKey, snarkjsKey } from '../proof/vkey.js';
