import { type Address, keccak256 } from 'viem';
import { type Account, EMPTY_ACCOUNT, type ParsedTx } from '../../../../src/batch/types.js';
import { OP } from '../../../../src/evm/opcodes.js';
import type { NumberedCode } from '../../../../src/trace/execution/batch-machine.js';
import { address, headerOf, type Item, txOf } from '../../../helpers/execution.js';
import type { Edit, Pretence } from '../../../helpers/execution-forger.js';
import { FrameForger } from '../../../helpers/frame-forger.js';
import { alice, bob, ETHER, executionForgeries, miner, poor, RULES, thief } from '../world.js';

/** Forgeries of transactions that run code. */
export const frameForgeries = executionForgeries<FrameForger>;

/** Codes by what they do, with an account each. */
export const STOPS = codeOf(1n, [OP.STOP]);
export const REVERTS = codeOf(2n, [OP.PUSH0, OP.PUSH0, OP.REVERT]);
export const RETURNS = codeOf(3n, [OP.PUSH0, OP.PUSH0, OP.RETURN]);
const INVALID = codeOf(4n, [0xfe]);
export const LONG = codeOf(5n, Array<number>(9_000).fill(OP.STOP));
/** RETURN, REVERT with what other chips' rows put on the stack. */
export const RETURN = codeOf(6n, [OP.RETURN]);
export const REVERT = codeOf(7n, [OP.REVERT]);
export const stopper = address(21);
export const reverter = address(22);
export const returner = address(23);
export const invalid = address(24);
export const long = address(25);
export const bareReturn = address(26);
export const bareRevert = address(27);
const contracts = [
  [stopper, STOPS],
  [reverter, REVERTS],
  [returner, RETURNS],
  [invalid, INVALID],
  [long, LONG],
  [bareReturn, RETURN],
  [bareRevert, REVERT],
] as const;

const rich: Account = { ...EMPTY_ACCOUNT, nonce: 5n, balance: 10n * ETHER };
const state = new Map<Address, Account>([
  [alice, rich],
  [miner, rich],
  [poor, { ...rich, balance: 1000n }],
  ...contracts.map(([who, code]) => [who, { ...rich, codeHash: keccak256(code.bytes) }] as const),
]);

/** Alice sends 1000 wei to a code that stops; valid. */
export const call = (fields: Partial<ParsedTx> = {}): ParsedTx =>
  txOf({ sender: alice, to: stopper, nonce: 5n, value: 1000n, tip: 3n, gasLimit: 50_000n, ...fields }, RULES);
export const valid = call();
/** The batch of the valid call alone. */
export const one = (): FrameForger => forger([valid]);

/** A batch of these items, in the world above. */
export function forger(items: readonly Item[], listed: readonly Address[] = [], feeRecipient = miner): FrameForger {
  const touched = items.flatMap((item) => (item.kind === 'tx' ? [item.sender, item.to] : []));
  const all = [...new Set([...touched, ...listed, feeRecipient])];
  return new FrameForger(RULES, headerOf(RULES, feeRecipient), items, state, all).lists(...CODES);
}

const CODES = contracts.map(([, code]) => code);

/** The code of an account. */
function codeAt(who: Address): NumberedCode {
  return contracts.find(([at]) => at === who)![1];
}

/** What a code hashes to. */
export const hashOf = ({ bytes }: NumberedCode): bigint => BigInt(keccak256(bytes));

/** The batch of `tx` alone, begun as if it differed by `pretended`, with the begin edited; then it runs to its end. */
export const begins = (
  tx: ParsedTx,
  edit: Edit,
  pretended: Partial<ParsedTx> = {},
  pretence: Pretence = {},
  code = codeAt(tx.to),
) => ({
  honest: () => forger([tx], [bob, thief]),
  change: (f: FrameForger) => f.begin({ ...tx, ...pretended }, code, edit, pretence).completes(),
});

function codeOf(id: bigint, bytes: readonly number[]): NumberedCode {
  return { id, bytes: Uint8Array.from(bytes) };
}
