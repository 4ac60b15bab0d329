import type { Address, Hex } from 'viem';
import { word } from '../../src/batch/bytes.js';
import type { SlotChange } from '../../src/batch/diff.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Account, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import type { AppliedBatch } from '../../src/state/view.js';

/** An address by number. */
export function addressAt(index: number): Address {
  return `0x${index.toString(16).padStart(40, '0')}`;
}

/** An account without code. */
export function plainAccount(nonce: bigint, balance = 1n): Account {
  return { nonce, balance, codeHash: EMPTY_CODE_HASH };
}

/** A genesis of accounts 1..count, each with nonce 0 and balance 1. */
export function plainGenesis(count: number): GenesisState {
  const account = { nonce: 0n, balance: 1n, code: '0x', storage: new Map() } as const;
  return new Map(Array.from({ length: count }, (_, i) => [addressAt(i + 1), account]));
}

/** A batch without transactions whose changes are given: for tests of the store, which does not execute. */
export function batchWith(
  number: bigint,
  parent: Hex,
  accounts: ReadonlyMap<Address, Account>,
  slots: readonly SlotChange[] = [],
  code: ReadonlyMap<Hex, Hex> = new Map(),
): AppliedBatch {
  const { version, chainId, gasLimit, baseFee, workBudget } = RULES_V2;
  const environment = { version, chainId, gasLimit, baseFee, number, parent, timestamp: number, originNumber: number };
  const batch = sealBatch({ ...environment, originHash: word(number), feeRecipient: addressAt(0) }, []);
  const nothing = {
    outcomes: [],
    accessList: [],
    blockAccessList: [],
    read: 0,
    gasUsed: 0n,
    work: workBudget,
    codes: new Map(),
  };
  const replay = { batch, rules: RULES_V2, ...nothing };
  return { replay, changes: { accounts, slots, code }, diffHash: word(number) };
}

/** Batch n of the kill test: every account of `plainGenesis(count)` gets nonce n. */
export function wideBatch(number: bigint, parent: Hex, count: number): AppliedBatch {
  const accounts = Array.from({ length: count }, (_, i) => [addressAt(i + 1), plainAccount(number)] as const);
  return batchWith(number, parent, new Map(accounts));
}
