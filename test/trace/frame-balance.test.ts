import { type Hex, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Account, EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { imbalances } from '../../src/bus/balance.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { OP } from '../../src/evm/opcodes.js';
import { codeTerms } from '../../src/statement/code-terms.js';
import { BLOCK_FIELDS, executionTerms } from '../../src/statement/execution-terms.js';
import { originOf } from '../../src/trace/batch-trace.js';
import { AccountCells } from '../../src/trace/execution/account-cells.js';
import { beginRow, endRow } from '../../src/trace/execution/frame-rows.js';
import { KeccakTable } from '../../src/trace/execution/keccak-table.js';
import { SlotCells } from '../../src/trace/execution/slot-cells.js';
import { drainStack, slotEndRow, warmRows } from '../../src/trace/execution/storage-rows.js';
import { cellEndRow, endOf } from '../../src/trace/execution/transaction-rows.js';
import { haltStep } from '../../src/trace/steps/halt.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { withTables } from '../../src/trace/tables.js';
import { address, headerOf, txOf } from '../helpers/execution.js';

const [sender, contract, miner] = [address(1), address(2), address(3)];
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
  const accounts = new AccountCells(state.map(([who, pre]) => ({ address: who, pre })));
  const slots = new SlotCells([{ address: contract, slots: [{ key: KEY, pre: 9n }] }]);
  const cells = { accounts, slots, journal: [], keccaks: new KeccakTable() };
  const between = { ts: 0n, tx: 1n, gasUsed: 0n, work: RULES_V2.workBudget, jrn: 0n };

  const { begin, frame, machine, warmFrom, saved } = beginRow(tx, between, header, cells, { id: 1n, bytes });
  const warmed = warmRows(
    tx.keys.map(({ key }) => ({ address: BigInt(contract), key: BigInt(key) })),
    warmFrom,
    1n,
    slots,
  );
  while (machine.end === undefined) {
    const op = bytes[Number(machine.exec.pc)] ?? 0;
    if (!haltStep(machine, op)) STEPS[op]!(machine, op);
  }
  const end = endRow(machine.end, saved, header, accounts);
  const named = (chip: string, row: object): TraceRow => ({ chip, row: row as TraceRow['row'], origin: chip });
  const rows = [
    named('txbegin', begin),
    named('frame', frame),
    ...warmed,
    ...machine.rows,
    ...drainStack(machine),
    named('txend', end.row),
    ...state.map(([who]) => named('cellend', cellEndRow(BigInt(who), accounts.at(BigInt(who))))),
    slotEndRow(BigInt(contract), BigInt(KEY), slots.at(BigInt(contract), BigInt(KEY))),
  ];
  const { ts, gasUsed, work, jrn } = end.next;
  const uses: Partial<Record<number, bigint>> = { [OP.COINBASE]: 1n, [OP.GASLIMIT]: 1n };
  const l1 = executionTerms({
    rules: RULES_V2,
    header,
    items: [tx],
    end: { ts, gasUsed, work, jrn },
    blockUses: BLOCK_FIELDS.map((field) => uses[field] ?? 0n),
    accessList: state.map(([who, pre]) => {
      const { nonce, balance, code } = endOf(accounts.at(BigInt(who)));
      const post = { nonce, balance, codeHash: `0x${code.toString(16).padStart(64, '0')}` as const };
      return { address: who, pre, post, slots: who === contract ? [{ key: KEY, pre: 9n, post: 9n }] : [] };
    }),
    runs: [{ item: 1, uses: [] }],
  });
  const codes = codeTerms([{ code: toHex(bytes), blobUses: 1n, lenUses: 0n }]);
  return { rows: withTables(rows, new Map([[1n, bytes]])), l1: [...l1, ...codes], end: machine.end };
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
      const { rows, l1, end } = batchOf(Uint8Array.from(code), feeRecipient, keys);
      expect(end.ok).toBe(ok);
      expect(imbalances([...l1, ...rows.map(originOf)])).toEqual([]);
    }
  });
});
