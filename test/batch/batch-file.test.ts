import { describe, expect, it } from 'vitest';
import { batchFileText, genesisFileText, parseBatchFile, parseGenesisFile } from '../../src/batch/batch-file.js';
import { word } from '../../src/batch/bytes.js';
import { type GenesisAccount, genesisHash } from '../../src/batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { BatchError } from '../../src/errors/batch.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';

const genesis = sampleGenesis('batch file', 6);
const batch = sealBatch(sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2), ['0x', '0x01ff']);
const text = batchFileText({ preState: genesis.state, batch });
const address = genesis.signers[0]!.address;

type Json = Record<string, unknown>;

/** The file with one change, as the error that it causes. */
function errorOf(
  change: (
    file: { preState: Record<string, Json>; environment: Json; transactions: unknown; format: unknown } & Json,
  ) => void,
) {
  const file = JSON.parse(text);
  change(file);
  try {
    parseBatchFile(JSON.stringify(file), RULES_V2);
  } catch (error) {
    if (error instanceof BatchError) return `${error.code} ${error.details?.field ?? ''} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('parseBatchFile', () => {
  it('reads what batchFileText writes', () => {
    expect(parseBatchFile(text, RULES_V2)).toEqual({ preState: genesis.state, batch });
  });

  it('reads decimal strings, 0x-hex strings, JSON integers and mixed-case addresses', () => {
    const file = JSON.parse(text);
    file.environment.number = '0x1';
    file.environment.timestamp = Number(batch.header.timestamp);
    file.preState[address.toUpperCase().replace('0X', '0x')] = file.preState[address];
    delete file.preState[address];
    expect(parseBatchFile(JSON.stringify(file), RULES_V2).batch).toEqual(batch);
  });

  it('names the field that is wrong', () => {
    expect(errorOf((file) => (file.environment.number = -1))).toMatch(
      /^BATCH_FILE_FIELD environment\.number .*below 2\^64/,
    );
    expect(errorOf((file) => (file.environment.number = 2 ** 53))).toMatch(/^BATCH_FILE_FIELD environment\.number /);
    expect(errorOf((file) => (file.environment.number = '18446744073709551616'))).toMatch(
      /^BATCH_FILE_FIELD environment\.number /,
    );
    expect(errorOf((file) => (file.environment.number = '01'))).toMatch(/^BATCH_FILE_FIELD environment\.number /);
    expect(errorOf((file) => delete file.environment.parent)).toMatch(
      /^BATCH_FILE_FIELD environment\.parent .*64 hex digits/,
    );
    expect(errorOf((file) => (file.environment.feeRecipient = '0x1'))).toMatch(
      /^BATCH_FILE_FIELD environment\.feeRecipient /,
    );
    expect(errorOf((file) => (file.transactions = ['0x', '0x1']))).toMatch(
      /^BATCH_FILE_FIELD transactions\.1 .*even number/,
    );
    expect(errorOf((file) => (file.transactions = 'no'))).toMatch(/^BATCH_FILE_FIELD transactions /);
    expect(errorOf((file) => (file.format = 'deltaproof/batch/2'))).toMatch(/^BATCH_FILE_FIELD format /);
    expect(errorOf((file) => (file.surplus = 1))).toMatch(/^BATCH_FILE_FIELD .*surplus/);
    expect(errorOf((file) => (file.preState['0x12'] = file.preState[address]!))).toMatch(
      /^BATCH_FILE_FIELD preState\.0x12 .*40 hex digits/,
    );
    expect(errorOf((file) => (file.preState[address]!.balance = 'many'))).toContain(
      `BATCH_FILE_FIELD preState.${address}.balance`,
    );
    expect(errorOf((file) => (file.preState[address]!.storage = { '0x1': 1 }))).toContain(
      `preState.${address}.storage.0x1`,
    );
    const twice = address.toUpperCase().replace('0X', '0x');
    expect(errorOf((file) => (file.preState[twice] = file.preState[address]!))).toContain(
      'the same key stands here twice',
    );
    for (const broken of ['', '{', 'null', '[]', '7'])
      expect(() => parseBatchFile(broken, RULES_V2)).toThrow(BatchError);
    expect(() => parseBatchFile(text.slice(0, -10), RULES_V2)).toThrow(
      expect.objectContaining({ code: 'BATCH_FILE_JSON' }),
    );
  });

  it('refuses another chain, other rules, and a state that no rollup can have', () => {
    expect(errorOf((file) => (file.environment.chainId = 1))).toMatch(/^BATCH_WRONG_CHAIN .*chain 1, .*chain 42113/);
    expect(errorOf((file) => (file.environment.version = 3))).toMatch(/^BATCH_RULES .*version is 3, and 2/);
    expect(errorOf((file) => (file.environment.gasLimit = 1))).toMatch(/^BATCH_RULES .*gasLimit/);
    expect(errorOf((file) => (file.environment.number = 0))).toMatch(/^BATCH_RULES .*number is 0/);
    expect(errorOf((file) => (file.transactions = Array(1_001).fill('0x')))).toMatch(
      /^BATCH_RULES .*1001 transactions/,
    );
    expect(errorOf((file) => (file.transactions = [`0x${'00'.repeat(112_641)}`]))).toMatch(
      /^BATCH_RULES .*112641 bytes/,
    );
    const account = (fields: Partial<Record<keyof GenesisAccount, unknown>>) =>
      errorOf((file) => (file.preState[address] = { nonce: 0, balance: 0, ...fields }));
    expect(account({})).toMatch(/^BATCH_GENESIS .*is empty/);
    expect(account({ balance: 1, storage: { [word(1n)]: 1 } })).toMatch(/^BATCH_GENESIS .*storage, but nonce 0/);
    expect(account({ nonce: 1, storage: { [word(1n)]: 0 } })).toMatch(/^BATCH_GENESIS .*value 0/);
    expect(account({ nonce: 1, storage: { [word(1n)]: 1 } })).toBe('accepted');
    expect(account({ code: `0x${'00'.repeat(24_577)}` })).toMatch(/^BATCH_GENESIS .*24577 bytes of code/);
    expect(account({ code: `0x${'00'.repeat(24_576)}` })).toBe('accepted');
    expect(account({ balance: String(2n ** 255n) })).toMatch(/^BATCH_GENESIS .*not below 2\^255/);
  });
});

describe('genesis files', () => {
  it('read what they write, and a genesis has one hash in any order', () => {
    const state = parseGenesisFile(genesisFileText(genesis.state));
    expect(state).toEqual(genesis.state);
    expect(genesisHash(new Map([...state].reverse()))).toBe(genesisHash(genesis.state));
    expect(genesisHash(sampleGenesis('another', 6).state)).not.toBe(genesisHash(genesis.state));
    expect(() => parseGenesisFile(text)).toThrow(expect.objectContaining({ code: 'BATCH_FILE_FIELD' }));
  });
});
