import { bigIntMin } from '@ethereumjs/util';
import { type Hex, padHex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { MAX_CODE_BYTES } from '../../src/batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Replay } from '../../src/batch/types.js';
import { OP } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import { replayBatch } from '../../src/execution/replay.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { checkRows } from '../conformance/check-rows.js';
import { program } from '../helpers/code-batch.js';
import { CALLER, callOf, GENESIS, NONCE, OTHER, stateWith } from '../helpers/code-world.js';

/**
 * Batches whose work budget is, to the unit, what one of their items or hashes needs, and one less. The replay, the machine that makes
 * rows, L1's own tuples and the circuits count work each by themselves: at every edge all of them must say the same.
 */
const { KECCAK256 } = OP;
const W1 = BigInt(WORK.gas);

/** Words whose hash takes more work than a run leaves that has the longest code: what is reserved for gas that no step costs. */
const WORDS = (W1 * 28_000n - BigInt(WORK.run)) / BigInt(WORK.keccakWord) + 10n;
/** An offset behind them. */
const at = (offset: number) => `PUSH2 ${toHex(32n * WORDS + 64n + BigInt(offset), { size: 2 })}`;

/** Hashes with and without growth, of none, one and many words; growth by every opcode that makes some; a cold slot before and after. */
const PROGRAM = program(`
  PUSH2 ${toHex(32n * WORDS + 1n, { size: 2 })} PUSH1 0x1f KECCAK256 POP PUSH0 PUSH0 KECCAK256 POP PUSH0 SLOAD POP
  PUSH1 0x40 ${at(0x20)} KECCAK256 POP PUSH1 0x40 PUSH0 KECCAK256 POP
  PUSH1 0x05 ${at(0x71)} MSTORE PUSH1 0xaa ${at(0x123)} MSTORE8 PUSH1 0x07 ${at(0x150)} LOG0 ${at(0x1a7)} MLOAD POP
  PUSH1 0x01 ${at(0x300)} KECCAK256 POP PUSH1 0x21 PUSH1 0x40 KECCAK256
  CALLVALUE SSTORE CALLDATASIZE @fails JUMPI PUSH1 0x80 ${at(0x800)} RETURN
  fails: PUSH1 0x80 ${at(0x900)} REVERT`);
const HASHES = padHex(PROGRAM, { dir: 'right', size: MAX_CODE_BYTES });

interface Ran {
  readonly replay: Replay;
  /** Of each item in a word. */
  readonly ends: readonly string[];
}

/** Chips whose rows compare work. */
const WORKING = ['txbad', 'txskip', 'transfer', 'txbegin', 'keccak256', 'keccak64', 'memhalt'];

const STATE = stateWith(HASHES, { 0: 5n });
const VIEW = new MemoryState(STATE);
const STORE = new MemoryTrieStore();

/** Replays, traces and balances a batch under a budget, and runs rows that compare work through their circuits. */
async function run(txs: readonly Hex[], workBudget: bigint, preRoot: bigint): Promise<Ran> {
  const rules = { ...RULES_V2, workBudget };
  const { replay } = await replayBatch(VIEW, sealBatch(sampleEnvironment(GENESIS, 1n, ZERO_WORD, rules), txs), rules);
  const { rows } = traceBatch({ replay, mode: 'diff', preRoot, nodes: STORE.get });
  await checkRows(rows.filter(({ chip }) => WORKING.includes(chip)));
  const ends = replay.outcomes.map((outcome) => {
    if (outcome.kind === 'skipped') return outcome.reason;
    if (outcome.kind !== 'executed') return outcome.kind;
    const { halt, end } = outcome.run ?? { halt: undefined, end: 'transfer' };
    return halt === undefined ? end : `${halt.reason} at ${halt.pc}`;
  });
  return { replay, ends };
}

/** By how much the budget may fall before the first item or hash has too little: what they leave beyond what they use and reserve. */
function slack({ outcomes, rules }: Replay): bigint {
  const left: bigint[] = [];
  let work = rules.workBudget;
  for (const outcome of outcomes) {
    if (outcome.kind === 'cutOff') break;
    work -= outcome.kind === 'bad' ? outcome.use : outcome.tx.use;
    left.push(work);
    if (outcome.kind !== 'executed') continue;
    left.push(work - outcome.tx.reserve);
    if (outcome.run === undefined) continue;
    const steps = [...outcome.run.steps];
    for (const [i, { op }] of steps.entries()) {
      const after = steps[i + 1];
      if (op === KECCAK256 && after !== undefined) left.push(after.work - W1 * after.gas);
    }
    work = outcome.run.workAfter;
  }
  // Those below 0 have it already.
  return bigIntMin(...left.filter((margin) => margin >= 0n));
}

describe('work to the unit', () => {
  it('budgets that just suffice, and one less, for each item and each hash', async () => {
    const other = GENESIS.state.get(OTHER.address)!.nonce;
    const call = (nonce: bigint, over = {}) => callOf({ nonce: NONCE + nonce, gasLimit: 90_000n, ...over });
    const list = [{ address: CALLER.address, keys: [] }];
    const txs = [
      await callOf({ nonce: other, to: CALLER.address, value: 1n, gasLimit: 21_000n }, OTHER),
      await call(0n),
      '0x1234',
      await call(1n, { data: '0x01', value: 1n, accessList: list }),
      await call(9n),
      '0x',
      await call(2n, { to: OTHER.address, gasLimit: 30_000n }),
    ] as const;
    const preRoot = await new StateTrie(STORE).genesis(stateAccounts(VIEW));
    let budget = 60_000_000n;
    let before = await run(txs, budget, preRoot);
    expect(before.ends).toEqual(['transfer', 'ok', 'bad', 'revert', 'nonce', 'bad', 'transfer']);
    const seen = new Set(before.ends);
    // Down from edge to edge, until the first item is cut off.
    while (before.ends[0] !== 'cutOff') {
      budget -= slack(before.replay);
      expect((await run(txs, budget, preRoot)).ends, `budget ${budget}`).toEqual(before.ends);
      budget -= 1n;
      const next = await run(txs, budget, preRoot);
      expect(next.ends, `budget ${budget}`).not.toEqual(before.ends);
      for (const end of next.ends) seen.add(end);
      before = next;
    }
    const words = [...new Set([...seen].map((end) => end.split(' ')[0]!))].sort();
    expect(words).toEqual(['bad', 'cutOff', 'hashWork', 'nonce', 'ok', 'revert', 'transfer', 'work']);
    // The first of them grows memory, others do not.
    expect([...seen].filter((end) => end.startsWith('hashWork')).length).toBeGreaterThan(2);
  });
});
