import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TransactionFields } from '../../src/batch/sign.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { ParsedTx, Rules } from '../../src/batch/types.js';
import type { StepLog } from '../../src/evm/step-log.js';
import { WORK } from '../../src/evm/work.js';
import { admissionError } from '../../src/execution/admission.js';
import { buildBatch } from '../../src/execution/build.js';
import { ampleWork, workOfRun } from '../../src/execution/decision.js';
import { NO_ANCESTORS } from '../../src/execution/replay.js';
import { Simulator } from '../../src/execution/simulator.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { assemble } from '../helpers/assemble.js';
import {
  CALLER,
  CONTRACT,
  callCode,
  callOf,
  executedIn,
  GENESIS,
  NONCE,
  OTHER,
  replayOn,
  stateWith,
} from '../helpers/code-world.js';

const environment = sampleEnvironment(GENESIS, 1n, ZERO_WORD, RULES_V2);

async function simulatorOf(program: string, storage: Readonly<Record<number, bigint>> = {}, rules: Rules = RULES_V2) {
  const view = new MemoryState(stateWith(assemble(program), storage));
  const simulator = await Simulator.create(view, environment, rules, NO_ANCESTORS);
  return { view, simulator };
}

const CALL = {
  from: CALLER.address,
  to: CONTRACT,
  value: 0n,
  data: new Uint8Array(0),
  price: RULES_V2.baseFee,
  keys: [],
  intrinsic: 21_000n,
  work: 100_000n,
};

describe('a simulated call', () => {
  it.each<[string, string, Record<number, bigint>, bigint]>([
    ['a plain one', 'PUSH0 SLOAD', {}, 23_102n],
    [
      'SSTORE that asks for 2,301 gas and uses less',
      'PUSH1 0x01 PUSH0 SSTORE PUSH1 0x01 PUSH0 SSTORE',
      { 0: 1n },
      21_000n + 10n + 2_200n + 2_301n,
    ],
    ['a refund, which comes after', 'PUSH0 PUSH0 SSTORE', { 0: 1n }, 21_000n + 4n + 5_000n],
    [
      'code that looks at the gas',
      'GAS PUSH2 0x2710 GT PUSH1 0x08 JUMPI STOP JUMPDEST PUSH0 PUSH0 REVERT',
      {},
      31_002n,
    ],
  ])('has its least gas: %s', async (_name, program, storage, least) => {
    const { simulator } = await simulatorOf(program, storage);
    const most = simulator.maxGas(CALL);
    expect((await simulator.run(CALL, most)).run?.end).toBe('ok');
    expect(await simulator.leastGas(CALL, most)).toBe(least);
    expect((await simulator.run(CALL, least)).run?.end).toBe('ok');
    expect((await simulator.run(CALL, least - 1n)).run?.end).not.toBe('ok');
  });

  it('uses the gas that the transaction uses, and leaves the state as it was', async () => {
    const program = 'PUSH0 SLOAD PUSH1 0x01 ADD PUSH0 SSTORE PUSH0 PUSH1 0x07 SSTORE';
    const { simulator } = await simulatorOf(program, { 7: 1n });
    const { gasUsed, run } = await callCode(assemble(program), {}, { 7: 1n });
    for (let i = 0; i < 2; i++) {
      const simulated = await simulator.run(CALL, 100_000n);
      expect(simulated.gasUsed).toBe(gasUsed);
      const gasOf = (steps: StepLog) => [...steps].map(({ gas }) => gas);
      expect(gasOf(simulated.run!.steps)).toEqual(gasOf(run.steps));
    }
  });

  it('knows the keys of its access list, and accounts without code', async () => {
    const { simulator } = await simulatorOf('PUSH0 SLOAD');
    const keys = [{ address: CONTRACT, key: ZERO_WORD }];
    expect((await simulator.run({ ...CALL, keys, intrinsic: 25_300n }, 100_000n)).gasUsed).toBe(25_300n + 102n);
    expect((await simulator.run(CALL, 100_000n)).gasUsed, 'cold again').toBe(23_102n);
    expect(await simulator.run({ ...CALL, to: OTHER.address }, 100_000n)).toEqual({ gasUsed: 21_000n });
  });

  it('never lacks ample work, of which code that only hashes leaves next to nothing', async () => {
    const code = 'JUMPDEST PUSH3 0x010000 PUSH0 KECCAK256 POP PUSH0 JUMP';
    const gas = 1_000_000n;
    const ample = ampleWork(gas, RULES_V2.w1);
    const runWith = async (work: bigint) => {
      const workBudget = work + CALL.work + workOfRun(assemble(code).length / 2 - 1);
      const { simulator } = await simulatorOf(code, {}, { ...RULES_V2, workBudget });
      return (await simulator.run(CALL, gas + CALL.intrinsic)).run!;
    };
    const { halt, workBefore, workAfter } = await runWith(ample);
    expect(halt?.reason).toBe('outOfGas');
    expect(workBefore).toBe(ample);
    expect(workAfter).toBeLessThan(ample / 20n);
    expect((await runWith((ample * 9n) / 10n)).halt?.reason).toBe('hashWork');
  });

  it('has the gas that the work of a batch suffices for', async () => {
    const { simulator } = await simulatorOf('STOP', {}, { ...RULES_V2, workBudget: 10_000_000n });
    const most = (10_000_000n - 100_000n - RULES_V2.wCode) / RULES_V2.w1;
    expect(simulator.maxGas(CALL)).toBe(most);
    expect(simulator.maxGas({ ...CALL, work: 2n ** 60n })).toBe(0n);
    const cheap = await simulatorOf('STOP', {}, { ...RULES_V2, workBudget: 2n ** 47n });
    expect(cheap.simulator.maxGas(CALL)).toBe(RULES_V2.gasLimit);
  });
});

describe('admission of calls', () => {
  const admit = async (program: string, over: Partial<TransactionFields> = {}, rules: Rules = RULES_V2) => {
    const { view, simulator } = await simulatorOf(program, {}, rules);
    return admissionError(await callOf(over), view, rules, async () => simulator);
  };

  it('refuses what only this version halts, naming opcode and pc', async () => {
    expect(await admit('PUSH0 PUSH0 CALL')).toMatchObject({
      code: 'EXECUTION_TX_OPCODE',
      message: expect.stringMatching(/not admitted.*CALL at pc 2 halts/),
      details: { reason: 'uncovered', opcode: 'CALL', pc: 2 },
    });
    const hash = { gasLimit: 150_000n };
    expect(await admit('PUSH3 0x010001 PUSH0 KECCAK256', hash)).toMatchObject({ code: 'EXECUTION_TX_HASH' });
    expect(await admit('PUSH3 0x010000 PUSH0 KECCAK256', hash)).toBeUndefined();
    const tight = { ...RULES_V2, workBudget: 30_000_000n };
    expect(await admit('PUSH3 0x010000 PUSH0 KECCAK256', hash, tight)).toMatchObject({
      code: 'EXECUTION_TX_HASH',
      details: { reason: 'hashWork' },
    });
  });

  it('takes what fails as on Ethereum, and what it cannot know yet', async () => {
    for (const program of ['INVALID', 'PUSH0 PUSH0 REVERT', 'JUMPDEST PUSH0 JUMP', 'ADD', 'STOP']) {
      expect(await admit(program)).toBeUndefined();
    }
    expect(await admit('PUSH0 SLOAD', { nonce: NONCE + 3n })).toBeUndefined();
    expect(await admit('CALLDATASIZE PUSH1 0x05 JUMPI CALL JUMPDEST', { data: '0x01' })).toBeUndefined();
  });

  it('counts the work of gas and code', async () => {
    const raw = await callOf();
    const use = RULES_V2.w0 + RULES_V2.w2 * BigInt((raw.length - 2) / 2);
    const needed = use + RULES_V2.w1 * 100_000n + RULES_V2.wCode;
    expect(await admit('STOP', {}, { ...RULES_V2, workBudget: needed })).toBeUndefined();
    expect(await admit('STOP', {}, { ...RULES_V2, workBudget: needed - 1n })).toMatchObject({
      code: 'EXECUTION_TX_WORK',
    });
  });
});

describe('buildBatch with calls', () => {
  it('takes as many as the work is left for after those before have run', async () => {
    const view = new MemoryState(stateWith(assemble('PUSH0 SLOAD PUSH1 0x01 ADD PUSH0 SSTORE')));
    const txs = await Promise.all([0n, 1n, 2n, 3n].map((i) => callOf({ nonce: NONCE + i })));
    const all = await buildBatch(view, RULES_V2, txs, environment);
    expect(all.replay.outcomes.map((outcome) => executedIn([outcome]).run.end)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(all.changes.slots).toEqual([{ address: CONTRACT, key: ZERO_WORD, value: 4n }]);
    // As much work as the third needs to begin, less one.
    const third = executedIn([all.replay.outcomes[2]!]).run;
    const code = (await view.code((await view.account(CONTRACT)).codeHash)).length / 2 - 1;
    const begun = RULES_V2.workBudget - third.workBefore - BigInt(WORK.run + WORK.codeByte * code);
    const workBudget = begun + RULES_V2.w1 * 100_000n + RULES_V2.wCode - 1n;
    const rules = { ...RULES_V2, workBudget };
    const some = await buildBatch(view, rules, txs, environment);
    expect(some.replay.batch.txs).toEqual(txs.slice(0, 2));
    expect(some.left).toEqual(txs.slice(2));
    const never = await callOf({ nonce: NONCE, gasLimit: 1_000_000n });
    const built = await buildBatch(view, rules, [never], environment);
    expect(built.refused).toEqual([{ raw: never, reason: 'it reserves more work than a batch has' }]);
  });

  it('leaves to the next batch a hash that fails only for want of the work that others used', async () => {
    const state = stateWith(assemble('PUSH3 0x010000 PUSH0 KECCAK256 PUSH0 SSTORE'));
    const view = new MemoryState(state);
    const txs = await Promise.all([0n, 1n, 2n].map((i) => callOf({ nonce: NONCE + i, gasLimit: 75_000n })));
    const build = (workBudget: bigint, ...raws: Hex[]) =>
      buildBatch(view, { ...RULES_V2, workBudget }, raws, environment);
    const all = await build(RULES_V2.workBudget, txs[0]!, txs[1]!);
    const { work, gas } = executedIn([all.replay.outcomes[1]!]).run.steps.at(3)!;
    const enough = RULES_V2.workBudget - (work - RULES_V2.w1 * gas);
    const both = await build(enough, ...txs);
    expect(both.replay.batch.txs).toEqual(txs.slice(0, 2));
    expect(both.left).toEqual(txs.slice(2));
    const one = await build(enough - 1n, ...txs);
    expect(one.replay.batch.txs).toEqual(txs.slice(0, 1));
    expect(one.left).toEqual(txs.slice(1));
    expect(one.refused).toEqual([]);
    const rules = { ...RULES_V2, workBudget: enough - 1n };
    const { outcomes } = await replayOn(state, txs.slice(0, 2), rules);
    expect(executedIn([outcomes[1]!]).run.halt?.reason, 'it would have failed').toBe('hashWork');
    const alone = await build(enough - 1n, txs[0]!);
    expect(executedIn([alone.replay.outcomes[0]!]).run.end, 'as the first of a batch').toBe('ok');
  });

  it('takes a hash that fails alone as well, which pays for it', async () => {
    const view = new MemoryState(stateWith(assemble('PUSH3 0x010000 PUSH0 KECCAK256')));
    const [first, never] = [
      await callOf({ to: OTHER.address, gasLimit: 30_000n }),
      await callOf({ nonce: NONCE + 1n, gasLimit: 75_000n }),
    ];
    const { use, reserve } = parseTransaction(never, RULES_V2) as ParsedTx;
    const rules = { ...RULES_V2, workBudget: 2n * use + reserve };
    const { replay } = await buildBatch(view, rules, [first, never], environment);
    expect(replay.outcomes).toMatchObject([
      { kind: 'executed' },
      { kind: 'executed', run: { halt: { reason: 'hashWork' } } },
    ]);
  });
});
