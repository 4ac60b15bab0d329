import { type Address, type Hex, toHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { word } from '../../src/batch/bytes.js';
import type { GenesisAccount, GenesisState } from '../../src/batch/genesis.js';
import { type Environment, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import { assemble } from './assemble.js';
import { plainFields } from './transactions.js';

/** A state and the transactions on it, so small that one proof of key set `test-code` holds the rows. */
export interface CodeBatch {
  readonly state: GenesisState;
  readonly txs: readonly Hex[];
}

const KEY = privateKeyOf('code proofs', 0);
const NONCE = 7n;

/** Sends everything. */
export const ALICE = privateKeyToAddress(KEY).toLowerCase() as Address;
/** Gets a transfer and the fees; absent before. */
const BOB: Address = `0x${'b0'.repeat(20)}`;
/** Whose code runs. */
export const CONTRACT: Address = `0x${'c0'.repeat(20)}`;

/** Of every such batch. */
export const ENVIRONMENT: Environment = {
  version: RULES_V2.version,
  number: 1n,
  parent: ZERO_WORD,
  timestamp: 1_800_000_012n,
  originNumber: 1_001n,
  originHash: word(77n),
  feeRecipient: BOB,
  gasLimit: RULES_V2.gasLimit,
  baseFee: RULES_V2.baseFee,
  chainId: RULES_V2.chainId,
};

/** Code from text as {@link assemble} takes it, with labels: `name:` is a JUMPDEST, `@name` pushes its place. */
export function program(text: string): Hex {
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  const places = new Map<string, string>();
  let at = 0;
  for (const token of tokens) {
    if (token.endsWith(':')) places.set(token.slice(0, -1), toHex(at, { size: 1 }));
    at += token.startsWith('0x') ? (token.length - 2) / 2 : token.startsWith('@') ? 2 : 1;
  }
  const plain = (token: string) =>
    token.endsWith(':') ? 'JUMPDEST' : token.startsWith('@') ? `PUSH1 ${places.get(token.slice(1))}` : token;
  return assemble(tokens.map(plain).join(' '));
}

/**
 * Without value: counts slot 1 up by 3, puts the hash of two words of memory into slot 2, logs. With 1 wei: writes slots 1 and 3 and reverts,
 * with more: writes them and halts. Slots 1, 3 and 4 start as 5, 7 and 9.
 */
const PROGRAM = program(`
  CALLVALUE @fails JUMPI
  PUSH1 0x01 SLOAD PUSH1 0x03 ADD DUP1 PUSH1 0x01 SSTORE PUSH1 0x01 SLOAD PUSH0 MSTORE
  PUSH1 0x5b PUSH1 0x20 MSTORE PUSH1 0x40 PUSH0 KECCAK256 PUSH1 0x02 SSTORE
  PUSH0 MLOAD PUSH1 0x20 PUSH1 0x20 LOG1 STOP
  fails: PUSH1 0x09 PUSH1 0x01 SSTORE PUSH0 PUSH1 0x03 SSTORE
  PUSH1 0x01 CALLVALUE SUB @halts JUMPI PUSH0 PUSH0 REVERT
  halts: INVALID`);

const SLOTS = { 1: 5n, 3: 7n, 4: 9n };

/** A state with `code` and `slots` in {@link CONTRACT}. */
function stateWith(code: Hex, slots: Readonly<Record<number, bigint>>, others: GenesisState): GenesisState {
  const alice: GenesisAccount = { nonce: NONCE, balance: 10n ** 18n, code: '0x', storage: new Map() };
  const storage = new Map(Object.entries(slots).map(([slot, value]) => [word(BigInt(slot)), value]));
  return new Map([[ALICE, alice], [CONTRACT, { nonce: 1n, balance: 100n, code, storage }], ...others]);
}

/** Calls of {@link CONTRACT} by {@link ALICE}, one after the other, with what each has beside a plain call. */
export async function callsOf(
  code: Hex,
  calls: readonly Partial<TransactionFields>[],
  slots: Readonly<Record<number, bigint>> = SLOTS,
  others: GenesisState = new Map(),
): Promise<CodeBatch> {
  const fields = { to: CONTRACT, value: 0n, gasLimit: 100_000n };
  const sign = (over: Partial<TransactionFields>, i: number) =>
    signTransaction(plainFields({ ...fields, nonce: NONCE + BigInt(i), ...over }), KEY);
  return { state: stateWith(code, slots, others), txs: await Promise.all(calls.map(sign)) };
}

/** A call that ends well, one that reverts, a transfer, an item that is skipped and one that is none. */
export async function mixedBatch(): Promise<CodeBatch> {
  const accessList = [{ address: CONTRACT, keys: [word(3n)] }];
  const calls = [{ accessList }, { value: 1n }, { to: BOB, value: 5n, gasLimit: 21_000n }, { nonce: 9n }];
  const { state, txs } = await callsOf(PROGRAM, calls);
  return { state, txs: [...txs, '0x1234'] };
}

/** Calls of the same program with these values. */
export function valued(...values: readonly bigint[]): Promise<CodeBatch> {
  return callsOf(
    PROGRAM,
    values.map((value) => ({ value })),
  );
}
