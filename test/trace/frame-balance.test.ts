import { type Hex, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { toHex, word } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Account, type AccountAccess, EMPTY_ACCOUNT, type Replay } from '../../src/batch/types.js';
import { imbalances } from '../../src/bus/balance.js';
import type { TupleFields } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { OP } from '../../src/evm/opcodes.js';
import { StepLog } from '../../src/evm/step-log.js';
import { codeTerms } from '../../src/statement/code-terms.js';
import { BLOCK_FIELDS, executionTerms } from '../../src/statement/execution-terms.js';
import { originOf } from '../../src/trace/batch-trace.js';
import { execute } from '../../src/trace/execution/execute.js';
import { endOf } from '../../src/trace/execution/transaction-rows.js';
import { withTables } from '../../src/trace/tables.js';
import { address, headerOf, txOf } from '../helpers/execution.js';

const [sender, contract, miner] = [address(1), address(2), address(3)];
const NOTHING = { gasLeft: 0n, refund: 0n, workBefore: 0n, workAfter: 0n };
const KEY: Hex = `0x${'07'.repeat(32)}`;

/** All rows of a batch of one call that runs `bytes`, with what L1 says about it. */
function batchOf(bytes: Uint8Array, feeRecipient: typeof miner, keys: number) {
  const header = headerOf(RULES_V2, feeRecipient);
  const tx = txOf(
    {
      ...{ sender, to: contract, nonce: 2n, value: 5n, tip: 3n, gasLimit: 60_000n },
      keys: Array.from({ length: keys }, () => ({ address: contract, key: KEY })),
    },
    RULES_V2,
  );
  const state: [typeof sender, Account][] = [
    [sender, { ...EMPTY_ACCOUNT, nonce: 2n, balance: 10n ** 18n }],
    [contract, { nonce: 1n, balance: 7n, codeHash: keccak256(bytes) }],
    [miner, EMPTY_ACCOUNT],
  ];
  const codeHash = keccak256(bytes);
  const accessList = state.map(([who, pre]): AccountAccess => {
    return { address: who, pre, post: pre, slots: who === contract ? [{ key: KEY, pre: 9n, post: 9n }] : [] };
  });
  const run = { codeHash, end: 'ok', steps: new StepLog(), output: '0x', logs: [], ...NOTHING } as const;
  const replay: Replay = {
    ...{ batch: { header, txs: [] }, rules: RULES_V2, read: 1, gasUsed: 0n, work: 0n, accessList, blockAccessList: [] },
    ...{ codes: new Map([[codeHash, toHex(bytes)]]), outcomes: [{ kind: 'executed', tx, gasUsed: 0n, run }] },
  };
  const rows: TraceRow[] = [];
  const seen: bigint[] = [];
  // With a hook: there is no replay to compare with.
  const watch = (ended: TupleFields<'END'>) => {
    seen.push(ended.ok);
    return ended;
  };
  const { batch, end } = execute(replay, rows, undefined, { end: watch });
  const uses: Partial<Record<number, bigint>> = { [OP.COINBASE]: 1n, [OP.GASLIMIT]: 1n };
  const l1 = executionTerms({
    ...{ rules: RULES_V2, header, items: [tx], end },
    blockUses: BLOCK_FIELDS.map((field) => uses[field] ?? 0n),
    accessList: accessList.map((access) => {
      const { nonce, balance, code } = endOf(batch.accounts.at(BigInt(access.address)));
      return { ...access, post: { nonce, balance, codeHash: word(code) } };
    }),
    runs: [{ item: 1, uses: [] }],
  });
  const codes = codeTerms([{ code: toHex(bytes), blobUses: 1n, lenUses: 0n }]);
  return { rows: withTables(rows, new Map([[1n, bytes]])), l1: [...l1, ...codes], seen };
}

describe('a call balances with what L1 says', () => {
  it.each([
    ['STOP', [OP.STOP], 1n],
    ['the end of the code', [OP.PUSH0], 1n],
    ['RETURN', [OP.PUSH0, OP.PUSH0, OP.RETURN], 1n],
    ['REVERT', [OP.PUSH0, OP.PUSH0, OP.REVERT], 0n],
    ['INVALID, with an item left', [OP.PUSH0, 0xfe], 0n],
    [
      'what a frame knows of itself',
      [
        OP.ADDRESS,
        OP.ORIGIN,
        OP.CALLER,
        OP.CALLVALUE,
        OP.CALLDATASIZE,
        OP.CODESIZE,
        OP.GASPRICE,
        OP.RETURNDATASIZE,
        OP.BLOBBASEFEE,
        OP.STOP,
      ],
      1n,
    ],
    ['a truncated push', [OP.PUSH1], 1n],
  ])('%s', (_, code, ok) => {
    for (const [feeRecipient, keys] of [
      [miner, 0],
      [sender, 1],
      [contract, 2],
    ] as const) {
      const { rows, l1, seen } = batchOf(Uint8Array.from(code), feeRecipient, keys);
      expect(seen).toEqual([ok]);
      expect(imbalances([...l1, ...rows.map(originOf)])).toEqual([]);
    }
  });
});
