import { RULES_V2 } from '../../../src/batch/rules.js';
import { EMPTY_CODE_HASH, type Header, type ParsedTx, type SkipReason } from '../../../src/batch/types.js';
import type { AccountCell } from '../../../src/chips/lib/account.js';
import { AccountCells } from '../../../src/trace/execution/account-cells.js';
import { skipRow } from '../../../src/trace/execution/skip-rows.js';
import { type Between, transferRow } from '../../../src/trace/execution/transaction-rows.js';
import type { Random } from '../../helpers/chips/random.js';
import { address, headerOf, txOf } from '../../helpers/execution.js';

/** One transaction in the middle of a long batch, every field in use, and the three cells it finds. */
export interface Scene {
  readonly between: Between;
  readonly block: Header;
  readonly tx: ParsedTx;
  readonly sender: AccountCell;
  readonly recipient: AccountCell;
  readonly coinbase: AccountCell;
}

const EMPTY = BigInt(EMPTY_CODE_HASH);

/** A valid transaction between three accounts, with values that fill all limbs. */
export function scene(random: Random): Scene {
  const between = {
    ts: (1n << 30n) + random.bits(30),
    tx: (1n << 14n) + random.bits(8),
    gasUsed: random.bits(60),
    work: (1n << 47n) + random.bits(40),
    jrn: 2n + random.bits(10),
  };
  const price = (1n << 150n) + random.bits(150);
  const intrinsic = 21_000n + random.bits(40);
  const tx = txOf({
    sender: address(2n + random.bits(60)),
    to: address(2n + random.bits(60)),
    nonce: 2n + random.bits(50),
    value: (1n << 200n) + random.bits(200),
    intrinsic,
    gasLimit: intrinsic + random.bits(30),
    price,
    tip: price - random.bits(130),
    dataLen: 2n + random.bits(10),
    use: 100_000n + random.bits(20),
    reserve: 2n + random.bits(45),
  });
  const header = headerOf(RULES_V2, address(2n + random.bits(60)));
  const cell = (balance: bigint, nonce = 2n + random.bits(50)): AccountCell => ({
    ts: random.bits(30),
    nonce,
    balance,
    code: EMPTY,
    tx: 2n + random.bits(12),
    warm: 1n,
    birth: 2n + random.bits(12),
    flags: 0n,
  });
  return {
    between,
    block: { ...header, gasLimit: (1n << 62n) + random.bits(62) },
    tx,
    sender: cell(tx.maxCost + (1n << 254n) + random.bits(250), tx.nonce),
    recipient: cell((1n << 254n) + random.bits(250)),
    coinbase: cell((1n << 254n) + random.bits(250)),
  };
}

/** The cells that a scene finds. */
export function cellsOf({ tx, block, sender, recipient, coinbase }: Scene): AccountCells {
  const cells = new AccountCells([]);
  cells.set(BigInt(block.feeRecipient), coinbase);
  cells.set(BigInt(tx.to), recipient);
  cells.set(BigInt(tx.sender), sender);
  return cells;
}

/** The row of an executed scene. Coinciding parties are all the sender's cell. */
export function executed(s: Scene) {
  return transferRow(s.tx, s.between, s.block, cellsOf(s)).row;
}

/** The row of a skipped scene. */
export function skipped(s: Scene, reason: SkipReason) {
  return skipRow(s.tx, reason, s.between, s.block, cellsOf(s)).row;
}

/** Code hashes that differ from keccak("") in one half only. */
export const CODE_HIGH = EMPTY + (1n << 128n);
export const CODE_LOW = EMPTY - 1n;
