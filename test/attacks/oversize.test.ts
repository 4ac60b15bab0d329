import { concat, type Hex, keccak256, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TransactionFields } from '../../src/batch/sign.js';
import { fitsTransaction } from '../../src/l1/part-gas.js';
import { shapesOf } from '../../src/proof/shapes.js';
import type { Mode } from '../../src/proof/types.js';
import { aroundGas } from '../../src/work/l1-gas.js';
import { PROOF_WORK, WORK_PER_L1_GAS } from '../../src/work/price.js';
import { worstReport } from '../../src/work/worst.js';
import { program } from '../helpers/code-batch.js';
import { CONTRACT, callOf, GENESIS, NONCE, stateWith } from '../helpers/code-world.js';
import { traced, uploadOf } from '../helpers/traced.js';

const SHAPES = shapesOf('default');
const { worst } = worstReport(SHAPES, RULES_V2);
/** The planner estimates each thing a tenth above what was measured. */
const ESTIMATE = 1.1;

const times = (count: number, text: string) => Array<string>(count).fill(text).join(' ');
const loop = (body: string, count: number, before = ''): Hex =>
  program(`${before} again: ${times(count, body)} @again JUMP`);
const slotKey = (i: number) => keccak256(word(BigInt(i)));

interface Attack {
  readonly state: GenesisState;
  readonly txs: readonly Hex[];
  readonly mode: Mode;
}

async function calls(code: Hex, fields: readonly Partial<TransactionFields>[], mode: Mode = 'diff'): Promise<Attack> {
  const txs = await Promise.all(fields.map((over, i) => callOf({ nonce: NONCE + BigInt(i), ...over })));
  return { state: stateWith(code), txs, mode };
}

/**
 * Batches that once needed hundreds of proofs, or more bytes or gas than L1 takes, for a fraction of their budget: whoever posted one made a
 * false claim on it final, as nobody could prove the true one. Barrier: work is what proofs and L1 take (src/work/units.ts).
 */
const ATTACKS: Readonly<Record<string, () => Promise<Attack>>> = {
  'gas read again and again': () => calls(loop(`${times(8, 'GAS')} ${times(8, 'POP')}`, 12), [{ gasLimit: 100_000n }]),
  'bytes stored one by one': () => calls(loop('PUSH0 PUSH0 MSTORE8', 70), [{ gasLimit: 63_000n }]),
  'memory grown word by word': () => calls(loop('PUSH0 MSIZE MSTORE', 70), [{ gasLimit: 55_000n }]),
  'much memory, many times': () =>
    calls(program('PUSH3 0x013880 MLOAD'), Array(23).fill({ gasLimit: 60_000n }) as object[]),
  'exclusive or, again and again': () =>
    calls(loop('DUP2 XOR', 100, 'PUSH1 0x01 PUSH1 0x02'), [{ gasLimit: 100_000n }]),
  'writes that are undone': () => calls(loop('PUSH0 PUSH0 SSTORE', 70), [{ gasLimit: 150_000n }]),
  'a hundred calls that cannot pay for memory': () =>
    calls(program('PUSH0 PUSH4 0xffffffff MSTORE'), Array(100).fill({ gasLimit: 30_000n }) as object[]),
  'a hundred new slots': async () => {
    const fields = Array.from({ length: 100 }, (_, i) => ({ data: slotKey(100_000 + i), gasLimit: 60_000n }));
    const attack = await calls(program('PUSH1 0x01 PUSH0 CALLDATALOAD SSTORE'), fields, 'root');
    const storage = new Map(Array.from({ length: 300 }, (_, i) => [slotKey(i), 7n] as const));
    const contract = { ...attack.state.get(CONTRACT)!, storage };
    return { ...attack, state: new Map([...attack.state, [CONTRACT, contract]]) };
  },
  'two hashes of 64 KiB': () =>
    calls(
      program('PUSH1 0x01 PUSH0 MSTORE PUSH3 0x010000 PUSH0 KECCAK256 POP PUSH3 0x010000 PUSH1 0x20 KECCAK256 POP'),
      [{ gasLimit: 100_000n }],
    ),
  // Just too long for two of them to share a transaction: half of each is empty.
  '33 hashes that have a transaction each': () =>
    calls(program('PUSH0 again: PUSH1 0x01 ADD DUP1 PUSH0 MSTORE PUSH2 0xefe0 PUSH1 0x01 KECCAK256 POP @again JUMP'), [
      { gasLimit: 440_000n },
    ]),
  '702 keys beside other leaves': groundKeys,
  'calls of 34 contracts': async () => {
    const code = GENESIS.state.get(GENESIS.collectible)!.code as Hex;
    const state = new Map(GENESIS.state);
    const fields = Array.from({ length: 34 }, (_, i) => {
      const to = toHex(0xc0de_0000n + BigInt(i), { size: 20 });
      state.set(to, { nonce: 1n, balance: 0n, code: concat([code, word(BigInt(i))]), storage: new Map() });
      return { to, gasLimit: 40_000n };
    });
    return { ...(await calls('0x00', fields)), state };
  },
};

/** Keys of an access list, ground so that each ends beside another leaf: several rows more than where nothing stands. */
async function groundKeys(): Promise<Attack> {
  const code = program('STOP');
  const state = stateWith(code, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [i, 7n])));
  const batchOf = (keys: readonly Hex[]) =>
    callOf({
      gasLimit: 21_000n + 2_400n + 1_900n * BigInt(keys.length) + 1_000n,
      accessList: [{ address: CONTRACT, keys: [...keys] }],
    });
  const good: Hex[] = [];
  for (let round = 0; good.length < 702; round++) {
    const keys = Array.from({ length: 500 }, (_, i) => slotKey(1_000 * round + 1_000 + i));
    const { content } = await traced(state, [await batchOf(keys)], 'diff', RULES_V2);
    const listed = content.tables.accounts.find(({ address }) => address === CONTRACT)!.slots;
    for (const { key, preHint } of listed) if (Number(preHint) >> 6 === 2) good.push(key);
  }
  return { state, txs: [await batchOf(good.slice(0, 702))], mode: 'diff' };
}

describe('proofs, gas and bytes of', () => {
  it.each(Object.entries(ATTACKS))('%s are what its work promises', async (name, make) => {
    const { state, txs, mode } = await make();
    const batch = await traced(state, txs, mode, RULES_V2);
    const { proofs, transactions, gas, bytes, groups } = uploadOf(batch, SHAPES);
    const { work, replay } = batch;
    console.log(
      `${name}: ${replay.read} of ${txs.length} items, work ${work}; ${proofs} proofs, ${transactions} transactions, ${Math.round(gas)} gas, ${bytes} bytes`,
    );
    expect(replay.outcomes.some(({ kind }) => kind === 'executed')).toBe(true);
    expect(proofs).toBeLessThanOrEqual(work / PROOF_WORK + SHAPES.length);
    const around = aroundGas(transactions, Math.ceil(proofs / 240), SHAPES.length) + SHAPES.length * 62_000 + 60_000;
    expect(gas).toBeLessThanOrEqual((ESTIMATE * work) / WORK_PER_L1_GAS + around);
    expect(groups.every(({ size }) => fitsTransaction(size))).toBe(true);
    for (const [what, most] of [
      [proofs, worst.proofs],
      [transactions, worst.transactions],
      [gas, worst.l1Gas],
      [bytes, worst.l1Bytes],
    ] as const)
      expect(what).toBeLessThanOrEqual(most);
  });
});
