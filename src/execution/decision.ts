import { bigIntMax } from '@ethereumjs/util';
import { type Account, EMPTY_CODE_HASH, type ParsedTx, type Rules, type SkipReason } from '../batch/types.js';
import { PRICES } from '../evm/gas.js';
import { WORK } from '../evm/work.js';

/** What a batch has used so far (FORMATS.md, "Execution of a batch"). */
export interface Running {
  readonly gasUsed: bigint;
  /** Work left. */
  readonly work: bigint;
}

/** A transaction whose turn has come. */
export interface Situation {
  readonly tx: ParsedTx;
  readonly sender: Account;
  readonly to: Account;
  /** After the item's own `use` is taken from the work. */
  readonly running: Running;
  readonly rules: Rules;
}

/**
 * Why a parsed transaction is skipped in this state; `undefined` when it is executed. Where several reasons hold any
 * one would do (no reason is part of the state); the first in the order of FORMATS.md is given.
 */
export function skipReason({ tx, sender, running, rules }: Situation): SkipReason | undefined {
  if (sender.nonce !== tx.nonce) return 'nonce';
  if (sender.codeHash !== EMPTY_CODE_HASH) return 'senderCode';
  if (sender.balance < tx.maxCost) return 'balance';
  if (tx.gasLimit > rules.gasLimit - running.gasUsed) return 'gasLimit';
  if (tx.reserve > running.work) return 'work';
  return undefined;
}

/** Work that a transaction takes for the code that it runs, beside its steps. */
export function workOfRun(codeBytes: number): bigint {
  return BigInt(WORK.run) + BigInt(WORK.codeByte) * BigInt(codeBytes);
}

/**
 * Work left before the first step of the code: what warming the access list and the run itself cost is taken away; what is reserved
 * for the steps is in it, since they use it up one by one.
 */
export function workAtBegin(
  { tx, running, rules }: Pick<Situation, 'tx' | 'running' | 'rules'>,
  codeBytes: number,
): bigint {
  const given = rules.w1 * tx.gasLimit + rules.wCode;
  return running.work - (tx.reserve - given) - workOfRun(codeBytes);
}

/**
 * Work with which a run of so much gas never halts for want of it: no gas takes more work than that of a hashed word
 * (`test/batch/work.test.ts`).
 */
export function ampleWork(gas: bigint, w1: bigint): bigint {
  return gas * bigIntMax(w1, BigInt(Math.ceil(WORK.keccakWord / PRICES.keccakWord)));
}
