import { type Address, type Hex, keccak256 } from 'viem';
import { BatchError } from '../errors/batch.js';
import { byteLength } from './bytes.js';
import { compareHex, diffHash, diffItems, type SlotChange } from './diff.js';
import { type Account, type AccountAccess, EMPTY_ACCOUNT, EMPTY_CODE_HASH, isEmptyAccount } from './types.js';

/** An account of a genesis or of a batch file's pre-state. */
export interface GenesisAccount {
  readonly nonce: bigint;
  readonly balance: bigint;
  /** `0x` for none. */
  readonly code: Hex;
  /** 32-byte keys; no zero values. */
  readonly storage: ReadonlyMap<Hex, bigint>;
}

/** A whole state, given as data: the start of a rollup, or the pre-state in a batch file. */
export type GenesisState = ReadonlyMap<Address, GenesisAccount>;

/** EIP-170: bytes of code of an account at most. */
export const MAX_CODE_BYTES = 24_576;

const MAX_SUPPLY = 2n ** 255n;

/**
 * Checks what f relies on (design: no later state can violate it either): no empty account, no storage on an account
 * with nonce 0 and no code, no code above 24,576 bytes, no zero slot, a sum of balances below 2^255, so that no balance
 * ever wraps.
 * @throws BatchError `BATCH_GENESIS`, naming the account
 */
export function checkGenesis(state: GenesisState): void {
  let supply = 0n;
  for (const [address, account] of state) {
    const { nonce, balance, code, storage } = account;
    if (isEmptyAccount(accountOf(account))) refuse(address, 'is empty (nonce 0, balance 0, no code)', 'Leave it out.');
    if (storage.size > 0 && nonce === 0n && code === '0x') refuse(address, 'has storage, but nonce 0 and no code');
    if (byteLength(code) > MAX_CODE_BYTES)
      refuse(address, `has ${byteLength(code)} bytes of code, above ${MAX_CODE_BYTES}`);
    for (const [key, value] of storage)
      if (value === 0n) refuse(address, `has slot ${key} with value 0`, 'Leave it out.');
    supply += balance;
  }
  if (supply >= MAX_SUPPLY) {
    throw new BatchError('BATCH_GENESIS', `The balances of the state add up to ${supply}, which is not below 2^255.`);
  }
}

function refuse(address: Address, what: string, hint?: string): never {
  const message = `Account ${address} of the state ${what}.`;
  throw new BatchError('BATCH_GENESIS', message, { details: { address }, ...(hint === undefined ? {} : { hint }) });
}

/** The fields of a genesis account as the state knows them. */
export function accountOf({ nonce, balance, code }: GenesisAccount): Account {
  return { nonce, balance, codeHash: code === '0x' ? EMPTY_CODE_HASH : keccak256(code) };
}

/** Identifies a genesis: `h(Δ)` of the step from the empty state to it. */
export function genesisHash(state: GenesisState): Hex {
  const accounts: AccountAccess[] = [];
  const slots: SlotChange[] = [];
  for (const [address, account] of state) {
    accounts.push({ address, pre: EMPTY_ACCOUNT, post: accountOf(account) });
    for (const [key, value] of account.storage) slots.push({ address, key, value });
  }
  accounts.sort((a, b) => compareHex(a.address, b.address));
  return diffHash(diffItems(accounts, slots));
}
