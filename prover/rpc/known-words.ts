import type { DeltaproofError } from '../../src/errors/base.js';

/** Reasons for which bytes are no transaction, in geth's words. */
const INVALID: readonly (readonly [string, string])[] = [
  ['gas limit below intrinsic gas', 'intrinsic gas too low'],
  [' gas, and its gas limit is ', 'intrinsic gas too low'],
  [' wei per gas at most, and the base fee is ', 'max fee per gas less than block base fee'],
  ['cap below the base fee', 'max fee per gas less than block base fee'],
  ['tip above cap', 'max priority fee per gas higher than max fee per gas'],
  ['nonce 2^64 - 1', 'nonce has max value'],
  ['wrong chain id', 'invalid chain id for signer'],
  ['v names another chain', 'invalid chain id for signer'],
  ['unknown type', 'transaction type not supported'],
  ['signature does not recover', 'invalid sender'],
  ['s above n/2', 'invalid sender'],
];

/** Halts of code, in geth's words. */
const HALTS: Readonly<Record<string, string>> = {
  outOfGas: 'out of gas',
  badJump: 'invalid jump destination',
  stackUnderflow: 'stack underflow',
  stackOverflow: 'stack limit reached',
};

const WORDS: Readonly<Record<string, string>> = {
  EXECUTION_TX_NONCE: 'nonce too low',
  EXECUTION_TX_BALANCE: 'insufficient funds for gas * price + value',
  EXECUTION_TX_SENDER_CODE: 'sender not an eoa',
  EXECUTION_TX_GAS_LIMIT: 'exceeds block gas limit',
  EXECUTION_TX_BYTES: 'oversized data',
  MEMPOOL_FULL: 'txpool is full',
};

/** The words of geth by which wallets recognise an error; they come first in its message. Undefined where it has none, or has said them. */
export function knownWords({ code, details, message }: DeltaproofError): string | undefined {
  if (code === 'EXECUTION_TX_INVALID') return INVALID.find(([reason]) => message.includes(reason))?.[1];
  if (code === 'EXECUTION_TX_HALT') return HALTS[String(details?.reason)];
  return WORDS[code];
}
