/** `deltaproof/batch`: batches as bytes, their execution on flat state, and the diff that is claimed (FORMATS.md). */
export {
  type BatchFile,
  batchFileText,
  genesisFileText,
  parseBatchFile,
  parseGenesisFile,
} from '../batch/batch-file.js';
export { checkBatch } from '../batch/check.js';
export { type DiffItem, diffHash, diffItems, encodeDiff, type SlotChange } from '../batch/diff.js';
export { checkGenesis, type GenesisAccount, type GenesisState } from '../batch/genesis.js';
export { batchHash, type Environment, sealBatch, txsHash, ZERO_WORD } from '../batch/header.js';
export { RULES_V2, rulesHash, rulesOfVersion } from '../batch/rules.js';
export { signTransaction, type TransactionFields } from '../batch/sign.js';
export { intrinsicGas, parseTransaction } from '../batch/transaction.js';
export type {
  Account,
  AccountAccess,
  BadTx,
  Batch,
  Header,
  Outcome,
  ParsedTx,
  Replay,
  Rules,
  SkipReason,
  SlotAccess,
} from '../batch/types.js';
export { type BuiltBatch, buildBatch } from '../execution/build.js';
export { replayBatch } from '../execution/replay.js';
export { MemoryState } from '../state/memory-state.js';
export type { AppliedBatch, StateChanges, StateView } from '../state/view.js';
