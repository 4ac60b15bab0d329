import { z } from 'zod';
import { checkBatch } from './check.js';
import { checkGenesis, type GenesisState } from './genesis.js';
import { sealBatch } from './header.js';
import { environmentFields, hexField, readJson, stateField } from './json.js';
import { rulesOfVersion } from './rules.js';
import type { Batch, Rules } from './types.js';

/** What `prove` and `trace` work on without a rollup: a state and the batch that is executed on it. */
export interface BatchFile {
  readonly preState: GenesisState;
  readonly batch: Batch;
}

const BATCH_FORMAT = 'deltaproof/batch/1';
const GENESIS_FORMAT = 'deltaproof/genesis/1';

const batchFile = z.strictObject({
  format: z.literal(BATCH_FORMAT),
  preState: stateField,
  environment: z.strictObject(environmentFields),
  transactions: z.array(hexField()),
});

const genesisFile = z.strictObject({ format: z.literal(GENESIS_FORMAT), state: stateField });

/**
 * Reads a batch file (FORMATS.md, "Batch file"), checks its pre-state like a genesis and its batch against the rules: those of its version when absent.
 * @throws BatchError `BATCH_FILE_JSON`, `BATCH_FILE_FIELD`, `BATCH_GENESIS`, `BATCH_WRONG_CHAIN`, `BATCH_RULES`
 */
export function parseBatchFile(text: string, rules?: Rules): BatchFile {
  const { preState, environment, transactions } = readJson(text, batchFile, 'batch file');
  checkGenesis(preState);
  const batch = sealBatch(environment, transactions);
  checkBatch(batch, rules ?? rulesOfVersion(environment.version));
  return { preState, batch };
}

/**
 * Reads a genesis file, `{ format: "deltaproof/genesis/1", state }` with a state as in a batch file.
 * @throws BatchError `BATCH_FILE_JSON`, `BATCH_FILE_FIELD`, `BATCH_GENESIS`
 */
export function parseGenesisFile(text: string): GenesisState {
  const { state } = readJson(text, genesisFile, 'genesis file');
  checkGenesis(state);
  return state;
}

/** The text of a batch file that {@link parseBatchFile} reads back. */
export function batchFileText({ preState, batch }: BatchFile): string {
  const { txsHash: _, ...environment } = batch.header;
  const file = { format: BATCH_FORMAT, preState: stateJson(preState), environment, transactions: batch.txs };
  return `${stringify(file)}\n`;
}

/** The text of a genesis file that {@link parseGenesisFile} reads back. */
export function genesisFileText(state: GenesisState): string {
  return `${stringify({ format: GENESIS_FORMAT, state: stateJson(state) })}\n`;
}

function stateJson(state: GenesisState) {
  return Object.fromEntries(
    [...state].map(([address, { nonce, balance, code, storage }]) => [
      address,
      {
        nonce,
        balance,
        ...(code === '0x' ? {} : { code }),
        ...(storage.size === 0 ? {} : { storage: Object.fromEntries(storage) }),
      },
    ]),
  );
}

function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2);
}
