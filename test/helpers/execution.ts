import type { Address, Hex } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import {
  type Account,
  type AccountAccess,
  type BadTx,
  EMPTY_ACCOUNT,
  EMPTY_CODE_HASH,
  type Header,
  type Outcome,
  type ParsedTx,
  type Replay,
  type Rules,
  type SkipReason,
} from '../../src/batch/types.js';
import { hex } from '../../src/trace/execution/account-cells.js';

/** What parsing one item of a batch yields. */
export type Item = ParsedTx | BadTx;

/** Some code hash that is not keccak(""), different from it in both halves. */
export const SOME_CODE: Hex = `0x${'1c'.repeat(32)}`;

/** A header that fits `rules`. */
export function headerOf(rules: Rules, feeRecipient: Address): Header {
  return {
    version: rules.version,
    number: 7n,
    parent: `0x${'01'.repeat(32)}`,
    txsHash: `0x${'02'.repeat(32)}`,
    timestamp: 1_700_000_000n,
    originNumber: 99n,
    originHash: `0x${'ab'.repeat(32)}`,
    feeRecipient,
    gasLimit: rules.gasLimit,
    baseFee: rules.baseFee,
    chainId: rules.chainId,
  };
}

/** A parsed transaction as L1 would derive it; `value` 0, price = base fee + tip, gas limit = intrinsic = 21,000 by default. */
export function txOf(fields: Partial<ParsedTx> & Pick<ParsedTx, 'sender' | 'to'>, rules: Rules = RULES_V2): ParsedTx {
  const { nonce = 0n, value = 0n, intrinsic = 21_000n, tip = 0n, dataLen = 0n } = fields;
  const gasLimit = fields.gasLimit ?? intrinsic;
  const price = fields.price ?? rules.baseFee + tip;
  return {
    kind: 'tx',
    nonce,
    value,
    gasLimit,
    intrinsic,
    price,
    tip,
    maxCost: gasLimit * price + value,
    dataLen,
    use: rules.w0 + rules.w2 * (110n + dataLen),
    reserve: rules.w1 * gasLimit + rules.wCode,
    data: `0x${'00'.repeat(Number(dataLen))}`,
    keys: [],
    ...fields,
  };
}

/**
 * FORMATS.md, "Execution of a batch", as written there and nothing else: an interpreter of its own, so that rows are
 * checked against the text. The items are given parsed, and none runs code.
 */
export function interpret(
  rules: Rules,
  header: Header,
  items: readonly Item[],
  preState: ReadonlyMap<Address, Account>,
): Replay {
  const state = new Map(preState);
  const get = (address: Address) => state.get(address) ?? EMPTY_ACCOUNT;
  const touched = new Set<Address>();
  const outcomes: Outcome[] = [];
  let gasUsed = 0n;
  let work = rules.workBudget;
  let cut = false;
  for (const item of items) {
    if (cut || work < item.use) {
      cut = true;
      outcomes.push({ kind: 'cutOff' });
      continue;
    }
    work -= item.use;
    if (item.kind === 'bad') {
      outcomes.push(item);
      continue;
    }
    touched.add(item.sender).add(item.to);
    const reason = skipReason(item, get(item.sender), rules.gasLimit - gasUsed, work);
    if (reason !== undefined) {
      outcomes.push({ kind: 'skipped', tx: item, reason });
      continue;
    }
    if (get(item.to).codeHash !== EMPTY_CODE_HASH) throw new Error('code is not run here');
    const used = item.intrinsic;
    const sender = get(item.sender);
    const paid = sender.balance - used * item.price - item.value;
    state.set(item.sender, { ...sender, nonce: sender.nonce + 1n, balance: paid });
    credit(state, item.to, item.value);
    credit(state, header.feeRecipient, used * item.tip);
    touched.add(header.feeRecipient);
    gasUsed += used;
    outcomes.push({ kind: 'executed', tx: item, gasUsed: used });
  }
  const accessList: AccountAccess[] = [...touched].sort().map((address) => ({
    address,
    pre: preState.get(address) ?? EMPTY_ACCOUNT,
    post: get(address),
  }));
  const read = outcomes.filter(({ kind }) => kind !== 'cutOff').length;
  // Rows are made of what was before and after the batch alone.
  const rest = { blockAccessList: [], codes: new Map() };
  return { batch: { header, txs: [] }, rules, outcomes, accessList, read, gasUsed, work, ...rest };
}

function skipReason(tx: ParsedTx, sender: Account, gasLeft: bigint, work: bigint): SkipReason | undefined {
  if (sender.nonce !== tx.nonce) return 'nonce';
  if (sender.codeHash !== EMPTY_CODE_HASH) return 'senderCode';
  if (sender.balance < tx.maxCost) return 'balance';
  if (tx.gasLimit > gasLeft) return 'gasLimit';
  if (tx.reserve > work) return 'work';
  return undefined;
}

function credit(state: Map<Address, Account>, address: Address, amount: bigint): void {
  const account = state.get(address) ?? EMPTY_ACCOUNT;
  state.set(address, { ...account, balance: account.balance + amount });
}

/** Address number n of a test. */
export function address(n: number | bigint): Address {
  return hex(0xacc0_0000_0000_0000_0000_0000_0000_0000_0000_0000n + BigInt(n));
}
