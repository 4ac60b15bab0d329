/** `deltaproof/l1`: Rollup, Dispute and ProofVerifier: ABIs and code, deployment, typed clients, the calls that bring a bundle to L1. */
export { Dispute, ProofVerifier, Rollup } from '../../contracts/generated/artifacts.js';
export { type AnvilOptions, type LocalL1, startAnvil } from '../l1/anvil.js';
export { type BundleCalldata, bundleCalldata, type StatementCalldata } from '../l1/bundle-calldata.js';
export { type DeployedContracts, type Deployment, deployContracts } from '../l1/deploy.js';
export { type ContractDeployment, deployContract } from '../l1/deploy-contract.js';
export { deployVerifier, type RulesCalldata, rulesCalldata, type VerifierDeployment } from '../l1/deploy-verifier.js';
export { type AtBlock, createDisputeClient, type DisputeClient, disputeCalls } from '../l1/dispute-client.js';
export { l1Transport, MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS } from '../l1/limits.js';
export { fitsOneTransaction } from '../l1/plan-parts.js';
export {
  createRollupClient,
  type PostedBatch,
  type RollupClient,
  type RollupView,
  rollupCalls,
} from '../l1/rollup-client.js';
export { contractError, type L1Call, type SendOptions, sendCall, type Wallet } from '../l1/send-call.js';
export { simulateUpload } from '../l1/simulate-upload.js';
export {
  partsFed,
  type Upload,
  type Uploading,
  type UploadProgress,
  type UploadStep,
  uploadBundle,
  uploadOf,
  uploadSteps,
} from '../l1/upload.js';
export { createVerifierClient, type SessionView, type VerifierClient, verifierCalls } from '../l1/verifier-client.js';
