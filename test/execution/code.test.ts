import { keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { OP } from '../../src/evm/opcodes.js';
import type { Halt } from '../../src/evm/run.js';
import { WORK } from '../../src/evm/work.js';
import { assemble } from '../helpers/assemble.js';
import {
  CALLER,
  CONTRACT,
  callCode,
  callOf,
  executedIn,
  NONCE,
  OTHER,
  replayOn,
  runOnEthereum,
  stateWith,
} from '../helpers/code-world.js';
import { keccakRoot } from '../helpers/keccak-root.js';

/** The state root after the batch that {@link callCode} ran, as Ethereum has it. */
async function rootAfter({ view, changes }: Awaited<ReturnType<typeof callCode>>) {
  view.apply(changes);
  return keccakRoot(view);
}

const STORE_42 = 'PUSH1 0x2a PUSH0 SSTORE';

describe('code of one frame', () => {
  it('runs as on Ethereum: gas, status, state; its slots and code are listed', async () => {
    const code = assemble(`CALLVALUE PUSH0 SSTORE PUSH1 0x07 SLOAD PUSH1 0x01 ADD PUSH1 0x07 SSTORE STOP`);
    const ran = await callCode(code, { value: 9n }, { 7: 41n });
    const { run, gasUsed, accessList, codes } = ran;
    const { results, root } = await runOnEthereum(stateWith(code, { 7: 41n }), [ran.raw]);
    expect([{ gasUsed, success: run.end === 'ok', output: run.output }]).toEqual(results);
    expect(gasUsed).toBe(21_000n + 2n + 2n + 22_100n + 3n + 2_100n + 3n + 3n + 3n + 2_900n);
    expect(accessList.find(({ address }) => address === CONTRACT)?.slots).toEqual([
      { key: word(0n), pre: 0n, post: 9n },
      { key: word(7n), pre: 41n, post: 42n },
    ]);
    expect(codes).toEqual(new Map([[keccak256(code), code]]));
    expect(run.codeHash).toBe(keccak256(code));
    expect(await rootAfter(ran)).toBe(root);
  });

  it('notes every step: pc, opcode, gas, stack, memory, refund counter, work', async () => {
    const code = assemble('PUSH1 0x2a PUSH0 MSTORE PUSH0 PUSH1 0x07 SSTORE STOP');
    const { run } = await callCode(code, {}, { 7: 1n });
    const base = { refund: 0n, mem: 0 };
    const gas = 79_000n;
    const w = run.workBefore;
    const [push, push0] = [BigInt(WORK.push), BigInt(WORK.push0)];
    const stored = push + push0 + BigInt(WORK.memory + WORK.memoryWord + WORK.expansion);
    const last = stored + push0 + push + BigInt(WORK.sstore + WORK.coldSlot);
    expect([...run.steps]).toEqual([
      { ...base, pc: 0, op: OP.PUSH1, gas, sp: 0, top: 0n, work: w },
      { ...base, pc: 2, op: OP.PUSH0, gas: gas - 3n, sp: 1, top: 42n, work: w - push },
      { ...base, pc: 3, op: OP.MSTORE, gas: gas - 5n, sp: 2, top: 0n, work: w - push - push0 },
      { ...base, pc: 4, op: OP.PUSH0, gas: gas - 11n, sp: 0, top: 0n, mem: 1, work: w - stored },
      { ...base, pc: 5, op: OP.PUSH1, gas: gas - 13n, sp: 1, top: 0n, mem: 1, work: w - stored - push0 },
      { ...base, pc: 7, op: OP.SSTORE, gas: gas - 16n, sp: 2, top: 7n, mem: 1, work: w - stored - push0 - push },
      { pc: 8, op: 0, gas: gas - 5_016n, sp: 0, top: 0n, mem: 1, refund: 4_800n, work: w - last },
    ]);
    expect(run.workAfter).toBe(run.steps.at(-1)!.work);
    expect(run).toMatchObject({ end: 'ok', gasLeft: gas - 5_016n, refund: 4_800n, output: '0x', logs: [] });
  });

  it('ends at the end of the code without a step', async () => {
    const { run } = await callCode(assemble('PUSH0 PUSH0'));
    expect(run).toMatchObject({ end: 'ok', gasLeft: 78_996n });
    expect(run.steps).toHaveLength(2);
    expect(run.workAfter).toBe(run.workBefore - 2n * BigInt(WORK.push0));
  });

  it('takes back a fifth at most, and all of a small refund', async () => {
    const clear = assemble('PUSH0 PUSH1 0x07 SSTORE PUSH0 PUSH1 0x08 SSTORE');
    const both = await callCode(clear, {}, { 7: 1n, 8: 1n });
    const spent = 21_000n + 2n * (5n + 5_000n);
    expect(both.run.refund).toBe(9_600n);
    expect(both.gasUsed).toBe(spent - spent / 5n);
    const one = await callCode(clear, {}, { 7: 1n });
    expect(one.run.refund).toBe(4_800n);
    expect(one.gasUsed).toBe(21_000n + 2n * 5n + 5_000n + 2_200n - 4_800n);
    for (const { raw, gasUsed } of [both, one]) {
      const state = stateWith(clear, gasUsed === one.gasUsed ? { 7: 1n } : { 7: 1n, 8: 1n });
      expect((await runOnEthereum(state, [raw])).results[0]?.gasUsed).toBe(gasUsed);
    }
  });

  it('reverts: writes, value and refund are taken back, what is left of the gas is given back', async () => {
    const code = assemble(`${STORE_42} PUSH0 PUSH1 0x07 SSTORE PUSH1 0xaa PUSH0 MSTORE8 PUSH1 0x01 PUSH0 REVERT`);
    const ran = await callCode(code, { value: 5n }, { 7: 1n });
    const { run, gasUsed, changes, accessList } = ran;
    expect(run).toMatchObject({ end: 'revert', refund: 0n, output: '0xaa' });
    expect(run.halt).toBeUndefined();
    const { results, root } = await runOnEthereum(stateWith(code, { 7: 1n }), [ran.raw]);
    expect([{ gasUsed, success: false, output: '0xaa' }]).toEqual(results);
    expect(changes.slots).toEqual([]);
    expect(accessList.find(({ address }) => address === CONTRACT)).toMatchObject({
      post: { balance: 0n },
      slots: [
        { key: word(0n), pre: 0n, post: 0n },
        { key: word(7n), pre: 1n, post: 1n },
      ],
    });
    expect(changes.accounts.get(CALLER.address)?.nonce).toBe(NONCE + 1n);
    expect(await rootAfter(ran)).toBe(root);
  });

  it('gives out logs, and none of a frame that failed', async () => {
    const log = 'PUSH1 0xaa PUSH0 MSTORE8 PUSH1 0x09 PUSH1 0x08 PUSH1 0x01 PUSH0 LOG2';
    const { run } = await callCode(assemble(log));
    expect(run.logs).toEqual([{ address: CONTRACT, topics: [word(8n), word(9n)], data: '0xaa' }]);
    expect((await callCode(assemble(`${log} INVALID`))).run.logs).toEqual([]);
  });
});

describe('a frame that halts', () => {
  const many = (op: string, count: number) => Array(count).fill(op).join(' ');

  it.each<[string, string, Halt, Partial<Parameters<typeof callOf>[0]>?]>([
    ['INVALID', `${STORE_42} INVALID`, { reason: 'invalid', pc: 4, op: 0xfe }],
    ['a byte that is no opcode', `${STORE_42} 0x0c`, { reason: 'invalid', pc: 4, op: 0x0c }],
    ['a call', `${STORE_42} ${many('PUSH0', 7)} CALL`, { reason: 'uncovered', pc: 11, op: 0xf1 }],
    ['a call without arguments', `${STORE_42} CALL`, { reason: 'uncovered', pc: 4, op: 0xf1 }],
    ['MCOPY', `${STORE_42} ${many('PUSH0', 3)} MCOPY`, { reason: 'uncovered', pc: 7, op: 0x5e }],
    ['SELFDESTRUCT', `${STORE_42} PUSH0 SELFDESTRUCT`, { reason: 'uncovered', pc: 5, op: 0xff }],
    ['TLOAD', `${STORE_42} PUSH0 TLOAD`, { reason: 'uncovered', pc: 5, op: 0x5c }],
    ['a jump to no destination', `${STORE_42} PUSH0 JUMP`, { reason: 'badJump', pc: 5, op: OP.JUMP }],
    ['a jump into push data', `${STORE_42} PUSH1 0x08 JUMP PUSH1 0x5b`, { reason: 'badJump', pc: 6, op: OP.JUMP }],
    ['a jump beyond the code', `${STORE_42} PUSH0 NOT JUMP`, { reason: 'badJump', pc: 6, op: OP.JUMP }],
    ['a taken JUMPI', `${STORE_42} PUSH1 0x01 PUSH0 JUMPI`, { reason: 'badJump', pc: 7, op: OP.JUMPI }],
    ['a stack underflow', `${STORE_42} PUSH0 ADD`, { reason: 'stackUnderflow', pc: 5, op: OP.ADD }],
    ['DUP below the stack', `${STORE_42} PUSH0 DUP2`, { reason: 'stackUnderflow', pc: 5, op: OP.DUP2 }],
    ['SLOAD without a key', `${STORE_42} SLOAD`, { reason: 'stackUnderflow', pc: 4, op: OP.SLOAD }],
    ['a stack overflow', `${STORE_42} ${many('PUSH0', 1025)}`, { reason: 'stackOverflow', pc: 1028, op: OP.PUSH0 }],
    ['memory that is too dear', `${STORE_42} PUSH0 NOT MLOAD`, { reason: 'outOfGas', pc: 6, op: OP.MLOAD }],
    ['a loop without end', `${STORE_42} JUMPDEST PUSH1 0x04 JUMP`, { reason: 'outOfGas', pc: 5, op: OP.PUSH1 }],
    ['a cold slot that is too dear', 'PUSH0 SLOAD', { reason: 'outOfGas', pc: 1, op: OP.SLOAD }, { gasLimit: 23_101n }],
    [
      'SSTORE with 2,300 gas left',
      'PUSH0 PUSH0 SSTORE',
      { reason: 'outOfGas', pc: 2, op: OP.SSTORE },
      { gasLimit: 23_304n },
    ],
    [
      'a hash of more than 64 KiB',
      `${STORE_42} PUSH3 0x010001 PUSH0 KECCAK256`,
      { reason: 'hashLength', pc: 9, op: OP.KECCAK256 },
      { gasLimit: 150_000n },
    ],
  ])('by %s', async (_name, program, halt, over = {}) => {
    const code = assemble(program);
    const ran = await callCode(code, { value: 3n, ...over }, { 7: 1n });
    const { run, gasUsed, changes } = ran;
    expect(run).toMatchObject({ end: 'halt', halt, gasLeft: 0n, refund: 0n, logs: [] });
    expect(gasUsed).toBe(over.gasLimit ?? 100_000n);
    expect(changes.slots).toEqual([]);
    expect(changes.accounts.has(CONTRACT)).toBe(false);
    expect(run.workAfter, 'a halted step uses no work').toBe(run.steps.at(-1)!.work);
    if (halt.reason !== 'uncovered' && halt.reason !== 'hashLength') {
      const { results, root } = await runOnEthereum(stateWith(code, { 7: 1n }), [ran.raw]);
      expect(results).toMatchObject([{ gasUsed, success: false }]);
      expect(await rootAfter(ran)).toBe(root);
    }
  });

  it('lists a slot that SLOAD or SSTORE looked at, also without the gas for it, and none that was not reached', async () => {
    const slotsAt = async (program: string, gas: bigint) => {
      const { accessList } = await callCode(assemble(program), { gasLimit: 21_000n + gas });
      return accessList.find(({ address }) => address === CONTRACT)?.slots;
    };
    const zero = [{ key: word(0n), pre: 0n, post: 0n }];
    expect(await slotsAt('PUSH0 SLOAD', 102n)).toEqual(zero);
    expect(await slotsAt('PUSH0 SLOAD', 101n), 'halted by chip halt').toEqual([]);
    expect(await slotsAt('PUSH0 PUSH0 SSTORE', 104n)).toEqual(zero);
    expect(await slotsAt('PUSH0 PUSH0 SSTORE', 103n)).toEqual([]);
    expect(await slotsAt('PUSH0 SSTORE', 50_000n)).toEqual([]);
  });

  it('just not: jumps, hashes and slots at their limits', async () => {
    expect((await callCode(assemble('PUSH1 0x04 JUMP INVALID JUMPDEST'))).run.end).toBe('ok');
    expect((await callCode(assemble('PUSH0 PUSH0 JUMPI'))).run.end).toBe('ok');
    const longest = await callCode(assemble('PUSH3 0x010000 PUSH0 KECCAK256'), { gasLimit: 150_000n });
    expect(longest.run.end).toBe('ok');
    const sentry = await callCode(assemble('PUSH0 PUSH0 SSTORE'), { gasLimit: 23_305n });
    expect(sentry.run.end).toBe('ok');
    expect((await callCode(assemble(many('PUSH0', 1024)))).run.end).toBe('ok');
  });
});

describe('access lists', () => {
  const keys = [word(7n), word(9n), word(7n)];
  const code = assemble('PUSH1 0x07 SLOAD');

  it('warm their keys, list them and their owners, and cost their work at the begin', async () => {
    const nobody = `0x${'0e'.repeat(20)}` as const;
    const other = { address: nobody, keys: [word(1n)] };
    const bare = { address: OTHER.address, keys: [] };
    const accessList = [{ address: CONTRACT, keys }, other, bare];
    const { run, raw, gasUsed, accessList: listed } = await callCode(code, { accessList }, { 9: 5n });
    const intrinsic = 21_000n + 3n * 2_400n + 4n * 1_900n;
    expect(gasUsed).toBe(intrinsic + 3n + 100n);
    expect((await runOnEthereum(stateWith(code, { 9: 5n }), [raw])).results[0]?.gasUsed).toBe(gasUsed);
    const slotsOf = (address: string) => listed.find((entry) => entry.address === address)?.slots;
    expect(slotsOf(CONTRACT)).toEqual([
      { key: word(7n), pre: 0n, post: 0n },
      { key: word(9n), pre: 5n, post: 5n },
    ]);
    expect(slotsOf(nobody)).toEqual([{ key: word(1n), pre: 0n, post: 0n }]);
    expect(slotsOf(OTHER.address)).toBeUndefined();
    expect(run.workBefore - run.workAfter, 'no cold slot').toBe(BigInt(WORK.push + WORK.sload));
    const use = RULES_V2.w0 + RULES_V2.w2 * BigInt((raw.length - 2) / 2);
    const atBegin = 7n * RULES_V2.wAccess + BigInt(WORK.run + WORK.codeByte * 3);
    expect(run.workBefore).toBe(RULES_V2.workBudget - use - atBegin);
  });

  it('of a transfer touch nothing', async () => {
    const raw = await callOf({ to: OTHER.address, accessList: [{ address: CONTRACT, keys }] });
    const { accessList, outcomes } = await replayOn(stateWith(code), [raw]);
    expect(outcomes[0]).toMatchObject({ kind: 'executed', gasUsed: 21_000n + 2_400n + 3n * 1_900n });
    expect(accessList.some(({ address }) => address === CONTRACT)).toBe(false);
  });
});

describe('work', () => {
  const rulesWith = (workBudget: bigint): Rules => ({ ...RULES_V2, workBudget });

  it('is reserved for gas, access list and code, or the transaction is skipped', async () => {
    const code = assemble('PUSH0 PUSH0 STOP');
    const raw = await callOf({ accessList: [{ address: CONTRACT, keys: [word(1n)] }] });
    const use = RULES_V2.w0 + RULES_V2.w2 * BigInt((raw.length - 2) / 2);
    const needed = use + 100_000n * RULES_V2.w1 + 2n * RULES_V2.wAccess + RULES_V2.wCode;
    const enough = await replayOn(stateWith(code), [raw], rulesWith(needed));
    expect(executedIn(enough.outcomes).run.end).toBe('ok');
    expect(enough.work).toBe(executedIn(enough.outcomes).run.workAfter);
    const short = await replayOn(stateWith(code), [raw], rulesWith(needed - 1n));
    expect(short.outcomes).toMatchObject([{ kind: 'skipped', reason: 'work' }]);
    expect(short.codes, 'nobody looks at it').toEqual(new Map());
    expect(short.work).toBe(needed - 1n - use);
    expect(short.accessList.every(({ slots }) => slots?.length === 0)).toBe(true);
  });

  it('that is not used goes on to the next transaction', async () => {
    const code = assemble('PUSH0 SLOAD');
    const txs = [await callOf(), await callOf({ nonce: NONCE + 1n })];
    const { outcomes, work } = await replayOn(stateWith(code), txs);
    const [first, second] = outcomes.map((outcome) => executedIn([outcome]).run);
    const perRun = BigInt(WORK.push0 + WORK.sload + WORK.coldSlot);
    expect(first!.workBefore - first!.workAfter).toBe(perRun);
    expect(second!.workBefore - second!.workAfter, 'cold again').toBe(perRun);
    const use = RULES_V2.w0 + RULES_V2.w2 * BigInt((txs[1]!.length - 2) / 2);
    expect(second!.workBefore).toBe(first!.workAfter - use - BigInt(WORK.run + 2 * WORK.codeByte));
    expect(work).toBe(second!.workAfter);
  });

  it('halts a hash that would use up what the gas left has reserved, to the unit', async () => {
    // A byte more than 1,100 words: more work than a transaction reserves for a code as long as any.
    const words = 1_101;
    const code = assemble('PUSH2 0x8981 PUSH0 KECCAK256');
    const gasLimit = 50_000n;
    const run = async (workBudget: bigint) => (await callCode(code, { gasLimit }, {}, rulesWith(workBudget))).run;
    const { workBefore, steps } = await run(RULES_V2.workBudget);
    const spent = RULES_V2.workBudget - workBefore;
    const pushes = BigInt(WORK.push + WORK.push0);
    const grown = words * WORK.memoryWord + WORK.expansion;
    const afterHash = pushes + BigInt(WORK.keccak256 + words * WORK.keccakWord + grown);
    const gasAfter = steps.at(2)!.gas - BigInt(30 + (6 + 3) * words + Math.floor(words ** 2 / 512));
    const needed = spent + afterHash + RULES_V2.w1 * gasAfter;
    expect(await run(needed)).toMatchObject({ end: 'ok', workAfter: RULES_V2.w1 * gasAfter });
    const halted = await run(needed - 1n);
    expect(halted).toMatchObject({ end: 'halt', halt: { reason: 'hashWork', pc: 4, op: OP.KECCAK256 }, gasLeft: 0n });
    expect(halted.workAfter).toBe(needed - 1n - spent - pushes);
  });
});
