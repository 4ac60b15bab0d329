import type { Address } from 'viem';
import { RULES_V2 } from '../../../src/batch/rules.js';
import {
  type Account,
  EMPTY_ACCOUNT,
  EMPTY_CODE_HASH,
  type ParsedTx,
  type SkipReason,
} from '../../../src/batch/types.js';
import { inverse, toLimbs } from '../../../src/bus/field.js';
import { SKIP_REASONS } from '../../../src/chips/txskip.js';
import { stoppedBy } from '../../helpers/chips/broken.js';
import { address, headerOf, type Item, SOME_CODE, txOf } from '../../helpers/execution.js';
import { openTuples } from '../../helpers/execution-bus.js';
import { type Draft, type Edit, Forger, type Pretence } from '../../helpers/execution-forger.js';
import { Forgeries, type Forgery } from '../../helpers/forgery.js';

export const ETHER = 10n ** 18n;
export const RULES = RULES_V2;
export const EMPTY = BigInt(EMPTY_CODE_HASH);
/** Code hashes that differ from keccak("") in the high half, the low half, both. */
export const CODES = { high: EMPTY + (1n << 128n), low: EMPTY + 1n, both: BigInt(SOME_CODE) };

export const alice = address(1);
export const bob = address(2);
export const poor = address(4);
export const whale = address(5);
/** One wei more carries into the high half. */
export const full = address(6);
export const thief = address(7);
export const miner = address(9);
export const contracts = { high: address(10), low: address(11), both: address(12) };

const rich: Account = { ...EMPTY_ACCOUNT, nonce: 5n, balance: 10n * ETHER };
const hash = (code: bigint) => `0x${code.toString(16)}` as const;
export const state = new Map<Address, Account>([
  [alice, rich],
  [poor, { ...EMPTY_ACCOUNT, nonce: 5n, balance: 1000n }],
  [whale, { ...EMPTY_ACCOUNT, nonce: 5n, balance: 1n << 200n }],
  [full, { ...EMPTY_ACCOUNT, nonce: 5n, balance: (1n << 128n) - 1n }],
  [contracts.high, { ...rich, codeHash: hash(CODES.high) }],
  [contracts.low, { ...rich, codeHash: hash(CODES.low) }],
  [contracts.both, { ...rich, codeHash: hash(CODES.both) }],
]);

/** Alice pays bob 1000 wei; valid. */
export const pay = (fields: Partial<ParsedTx> = {}): ParsedTx =>
  txOf({ sender: alice, to: bob, nonce: 5n, value: 1000n, tip: 3n, gasLimit: 50_000n, ...fields });
export const valid = pay();
/** What a sender pays. */
export const cost = ({ intrinsic, price, value }: ParsedTx) => intrinsic * price + value;

/** Forgeries of executions: `honest` is a batch up to the lie, `change` all that is done from there on. */
export function executionForgeries<F extends Forger>(
  what: string,
  list: readonly Forgery<() => F, (f: F) => unknown>[],
  truths: Readonly<Record<string, () => F>> = {},
): Forgeries<() => F, (f: F) => unknown> {
  return new Forgeries(
    what,
    (honest, change) => {
      const f = honest();
      if (change === undefined) f.rest();
      else change(f);
      const bundle = f.finish();
      return stoppedBy(bundle.rows, openTuples(bundle, f.extra));
    },
    list,
    truths,
  );
}

/** Forgeries of batches without code. */
export const transferForgeries = executionForgeries<Forger>;

/** A batch of these items, in the world above. */
export function forger(items: readonly Item[], listed: readonly Address[] = [alice, bob, miner]): Forger {
  return new Forger(RULES, headerOf(RULES, miner), items, state, [...new Set(listed)]);
}

/** The batch of `tx` alone. Its row is built for a transaction that differs by `pretended`, in a world that differs by `pretence`. */
export const runs = (tx: ParsedTx, edit: Edit, pretended: Partial<ParsedTx> = {}, pretence: Pretence = {}) => ({
  honest: () => alone(tx),
  change: (f: Forger) => f.transfer({ ...tx, ...pretended }, edit, pretence),
});

/** The same for a row that skips. */
export const skips = (
  tx: ParsedTx,
  reason: SkipReason,
  edit: Edit,
  pretended: Partial<ParsedTx> = {},
  pretence: Pretence = {},
) => ({
  honest: () => alone(tx),
  change: (f: Forger) => f.skip({ ...tx, ...pretended }, reason, edit, pretence),
});

/** The batch of `tx` alone. */
export const alone = (tx: ParsedTx): Forger => forger([tx], [tx.sender, tx.to, miner]);

/** Alice has paid bob. */
export const paid = (): Forger => alone(valid).transfer(valid);

/** No edit. */
export const asIs: Edit = () => {};

/** Edits in order. */
export const all =
  (...edits: Edit[]): Edit =>
  (row) => {
    for (const edit of edits) edit(row);
  };

/** Puts a code hash into a cell. */
export const code = (column: string, value: bigint): Edit => {
  const [hi, lo] = toLimbs(value);
  return (row: Draft) => row.put(column, { 3: hi, 4: lo });
};

/** Puts a balance into a cell. */
export const balance = (column: string, value: bigint): Edit => {
  const [hi, lo] = toLimbs(value);
  return (row: Draft) => row.put(column, { 1: hi, 2: lo });
};

/** Spreads the one-hot reason evenly over the reasons named. */
export const because =
  (...names: (typeof SKIP_REASONS)[number][]): Edit =>
  (row) =>
    row.set(
      'reason',
      SKIP_REASONS.map((name) => (names.includes(name) ? inverse(BigInt(names.length)) : 0n)),
    );
