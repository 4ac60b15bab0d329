import type { Address } from 'viem';
import { keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Account, EMPTY_ACCOUNT, type ParsedTx } from '../../src/batch/types.js';
import { valueOfLimbs } from '../../src/chips/lib/range.js';
import { WORK } from '../../src/evm/work.js';
import { AccountCells } from '../../src/trace/execution/account-cells.js';
import { beginRow, endRow } from '../../src/trace/execution/frame-rows.js';
import { skipRow } from '../../src/trace/execution/skip-rows.js';
import { type Between, endOf } from '../../src/trace/execution/transaction-rows.js';
import { REASONS } from '../../src/trace/execution/validity.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { address, headerOf, SOME_CODE, txOf } from '../helpers/execution.js';

const [sender, contract, miner] = [address(1), address(2), address(3)];
const bytes = new Uint8Array(100);
const code = { id: 7n, bytes };

/** A state, and the cells and the place in a batch that go with it. */
function world(tx: ParsedTx, feeRecipient: Address, change: Record<Address, Partial<Account>> = {}) {
  const rich = { ...EMPTY_ACCOUNT, nonce: tx.nonce, balance: tx.maxCost + 10n };
  const state = new Map<Address, Account>([
    [miner, { ...EMPTY_ACCOUNT, balance: 77n }],
    [sender, rich],
    [contract, { nonce: 1n, balance: (1n << 128n) - 1n, codeHash: keccak256(bytes) }],
  ]);
  for (const [who, fields] of Object.entries(change))
    state.set(who as Address, { ...state.get(who as Address)!, ...fields });
  const accounts = new AccountCells([...state].map(([who, pre]) => ({ address: who, pre })));
  const between: Between = { ts: 50n, tx: 3n, gasUsed: 1_000n, work: RULES_V2.workBudget, jrn: 4n };
  return {
    state,
    cells: { accounts },
    between,
    header: headerOf(RULES_V2, feeRecipient),
  };
}

function txIn(random: Random, fields: Partial<ParsedTx> = {}): ParsedTx {
  const gasLimit = 50_000n + random.bits(17);
  const value = random.bits(random.pick([0, 10, 128, 200]));
  const tip = random.pick([0n, 1n, random.bits(100)]);
  return txOf({ sender, to: contract, nonce: random.bits(10), gasLimit, value, tip, ...fields }, RULES_V2);
}

describe('begin and end of a transaction that runs code', () => {
  const seed = testSeed();
  console.log(`frame rows: DELTAPROOF_SEED=${seed}`);

  describe.each([
    ['three parties', miner],
    ['the sender is the fee recipient', sender],
    ['the code that runs is the fee recipient', contract],
  ])('%s', (_, feeRecipient) => {
    it.each([
      ['success', 'ok'],
      ['a revert', 'revert'],
      ['out of gas', 'halt'],
    ])('%s: as plain arithmetic says', (_name, how) => {
      const random = randomOf(seed, `frame rows ${feeRecipient} ${how}`);
      for (let round = 0; round < 30; round++) {
        const tx = txIn(random);
        const { state, cells, between, header } = world(tx, feeRecipient);
        const { begin, machine, saved } = beginRow(tx, between, header, cells, code);
        const { exec } = machine;
        // what the frame does
        const gas = how === 'halt' ? 0n : random.bits(30) % (exec.gas + 1n);
        const refund = how === 'ok' ? random.pick([0n, 4_800n, random.bits(16), random.bits(60)]) : 0n;
        const end = { ts: 900n, call: exec.call, ok: how === 'ok' ? 1n : 0n, gas, work: 5n, jrn: 4n, refund };
        const { row, next } = endRow(end, saved, header, cells.accounts);

        const used = tx.gasLimit - gas;
        const paid = used - (refund < used / 5n ? refund : used / 5n);
        const moved = how === 'ok' ? tx.value : 0n;
        const balances = new Map([...state].map(([who, { balance }]) => [who, balance]));
        const add = (who: Address, amount: bigint) => balances.set(who, balances.get(who)! + amount);
        add(sender, -paid * tx.price - moved);
        add(contract, moved);
        add(feeRecipient, paid * tx.tip);
        for (const [who, balance] of balances) {
          const nonce = state.get(who)!.nonce + (who === sender ? 1n : 0n);
          expect(endOf(cells.accounts.at(BigInt(who)))).toMatchObject({ balance, nonce });
        }
        expect(next).toEqual({ ts: 904n, tx: 4n, gasUsed: 1_000n + paid, work: 5n, jrn: 4n });
        expect(exec.gas).toBe(tx.gasLimit - tx.intrinsic);
        const forCode = BigInt(WORK.codeByte) * (24_576n - 100n) - BigInt(WORK.run);
        expect(exec.work).toBe(between.work - tx.use - tx.reserve + RULES_V2.w1 * tx.gasLimit + forCode);
        expect(begin.senderCell[0]).toBe(tx.nonce);
        // the last access of the last party
        const last = (valueOfLimbs(row.coinbaseNewHi) << 128n) + valueOfLimbs(row.coinbaseNewLo);
        expect(last).toBe(balances.get(feeRecipient));
      }
    });
  });

  it('without a tip a fee recipient that does not exist still does not', () => {
    const tx = txIn(randomOf(seed, 'no tip'), { tip: 0n });
    const { cells, between, header } = world(tx, address(99), { [address(99)]: EMPTY_ACCOUNT });
    const { machine, saved } = beginRow(tx, between, header, cells, code);
    endRow({ ...machine.exec, ok: 1n }, saved, header, cells.accounts);
    expect(endOf(cells.accounts.at(BigInt(address(99))))).toEqual({ nonce: 0n, balance: 0n, code: emptyCode });
  });

  it('enters the frame after the keys of the access list', () => {
    const keys = [1, 2, 3].map(() => ({ address: contract, key: SOME_CODE }));
    const tx = txIn(randomOf(seed, 'keys'), { keys });
    const { cells, between, header } = world(tx, miner);
    const { machine, warmFrom, begin } = beginRow(tx, between, header, cells, code);
    expect([warmFrom, machine.exec.ts, machine.exec.call, begin.count]).toEqual([53n, 56n, 50n, 3n]);
  });

  it('a balance above 2^256 has no row', () => {
    const tx = txIn(randomOf(seed, 'overflow'), { value: 2n });
    const { cells, between, header } = world(tx, miner, { [contract]: { balance: (1n << 256n) - 2n } });
    expect(() => beginRow(tx, between, header, cells, code)).toThrow(/above 2\^256/);
  });
});

describe('a transaction begins, or it is skipped, never both', () => {
  const { workBudget, gasLimit: blockGas } = RULES_V2;
  const base = txOf({ sender, to: contract, nonce: 5n, value: 9n, gasLimit: 60_000n }, RULES_V2);
  const left = workBudget - base.use;
  const cases: [name: string, tx: Partial<ParsedTx>, change: Record<Address, Partial<Account>>, skipped: boolean][] = [
    ['valid', {}, {}, false],
    ['nonce below', { nonce: 4n }, { [sender]: { nonce: 5n } }, true],
    ['nonce above', { nonce: 6n }, { [sender]: { nonce: 5n } }, true],
    ['the sender has code', {}, { [sender]: { codeHash: SOME_CODE } }, true],
    ['just enough', {}, { [sender]: { balance: base.maxCost } }, false],
    ['a wei short', {}, { [sender]: { balance: base.maxCost - 1n } }, true],
    ['2^128 short', { maxCost: base.maxCost + (1n << 128n) }, { [sender]: { balance: base.maxCost } }, true],
    ['gas limit just left', { gasLimit: blockGas - 1_000n, reserve: 0n, price: 0n }, {}, false],
    ['gas limit above what is left', { gasLimit: blockGas - 999n, reserve: 0n, price: 0n }, {}, true],
    ['work just left', { reserve: left }, {}, false],
    ['a unit of work short', { reserve: left + 1n }, {}, true],
  ];

  it.each(cases)('%s', (_, fields, change, skipped) => {
    const tx = { ...base, ...fields };
    const begin = () => {
      const { between, header, cells } = world(base, miner, change);
      return beginRow(tx, between, header, cells, code);
    };
    const skips = REASONS.map((reason) => () => {
      const { between, header, cells } = world(base, miner, change);
      return skipRow(tx, reason, between, header, cells.accounts);
    });
    const holds = (make: () => unknown) => {
      try {
        make();
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^TRACE_(NOT_VALID|REASON_FALSE)$/) });
        return false;
      }
    };
    expect(holds(begin)).toBe(!skipped);
    expect(skips.some(holds)).toBe(skipped);
  });

  it('without code nothing begins', () => {
    const { between, header, cells } = world(base, miner, { [contract]: { codeHash: EMPTY_ACCOUNT.codeHash } });
    expect(() => beginRow(base, between, header, cells, code)).toThrow(/no code/);
  });
});

const emptyCode = BigInt(EMPTY_ACCOUNT.codeHash);
