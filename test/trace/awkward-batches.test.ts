import { type Address, concat, type Hex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { word } from '../../src/batch/bytes.js';
import { checkGenesis, type GenesisAccount, type GenesisState } from '../../src/batch/genesis.js';
import { type Environment, sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TransactionFields } from '../../src/batch/sign.js';
import { OP, OPCODES } from '../../src/evm/opcodes.js';
import { replayBatch } from '../../src/execution/replay.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { checkRows } from '../conformance/check-rows.js';
import { runOnEthereum } from '../conformance/fuzz/ethereum.js';
import { sampled } from '../conformance/sample-rows.js';
import { assemble } from '../helpers/assemble.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { program } from '../helpers/code-batch.js';
import { CALLER, CONTRACT, callCode, callOf, GENESIS, NONCE, OTHER, stateWith } from '../helpers/code-world.js';
import { keccakRoot } from '../helpers/keccak-root.js';

/**
 * Whole batches as awkward as a sequencer can post them. Each must be replayed, be what an ordinary Cancun VM makes of it (opcodes out of
 * this version halt), balance with L1's tuples (modes root and diff in turn), come to the root of a new trie, and have rows that satisfy their circuits.
 */
const random = randomOf(testSeed(), 'awkward batches');
const GWEI = 10n ** 9n;
const WORD = 1n << 256n;
const ONES = 'PUSH0 NOT';
const ENVIRONMENT = sampleEnvironment(GENESIS, 1n, ZERO_WORD, RULES_V2);
const OTHER_NONCE = GENESIS.state.get(OTHER.address)!.nonce;
const many = (op: string, count: number) => Array(count).fill(op).join(' ');
const low = (n: number): Address => toHex(n, { size: 20 });

/** How many were checked. */
let batches = 0;

/** What became of each item, in a word. */
async function check(state: GenesisState, txs: readonly Hex[], over: Partial<Environment> = {}): Promise<string[]> {
  checkGenesis(state);
  const environment = { ...ENVIRONMENT, ...over };
  const view = new MemoryState(state);
  const { replay, changes } = await replayBatch(view, sealBatch(environment, txs), RULES_V2);
  const after = new MemoryState(state);
  after.apply(changes);
  await runOnEthereum(state, environment, replay, await keccakRoot(after));
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const postRoot = await trie.applyChanges(preRoot, replay.accessList);
  expect(postRoot).toBe(await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(after)));
  const root = batches++ % 2 === 0;
  const about = root ? ({ mode: 'root', postRoot } as const) : ({ mode: 'diff' } as const);
  const { rows } = traceBatch({ replay, ...about, preRoot, nodes: store.get });
  await checkRows(sampled(rows, 2, random));
  return replay.outcomes.map((outcome) => {
    if (outcome.kind === 'skipped') return outcome.reason;
    if (outcome.kind !== 'executed') return outcome.kind;
    return outcome.run?.halt?.reason ?? outcome.run?.end ?? 'transfer';
  });
}

/** Calls of the caller in a row, each with what it adds to a plain one. */
function calls(fields: readonly Partial<TransactionFields>[]): Promise<Hex[]> {
  return Promise.all(fields.map((over, i) => callOf({ nonce: NONCE + BigInt(i), gasLimit: 60_000n, ...over })));
}

function withAccounts(state: GenesisState, accounts: readonly [Address, Partial<GenesisAccount>][]): GenesisState {
  const empty = { nonce: 0n, balance: 0n, code: '0x', storage: new Map() } as const;
  return new Map([...state, ...accounts.map(([address, account]) => [address, { ...empty, ...account }] as const)]);
}

/** One batch that calls a contract for each of the codes, with some value. */
async function eachOf(codes: readonly Hex[], gasLimit = 60_000n): Promise<string[]> {
  const address = (i: number) => low(0xc0de00 + i);
  const contracts = codes.map((code, i): [Address, Partial<GenesisAccount>] => [address(i), { nonce: 1n, code }]);
  const txs = await calls(codes.map((_, i) => ({ to: address(i), value: 3n, gasLimit })));
  return check(withAccounts(GENESIS.state, contracts), txs);
}

describe('codes', () => {
  it('every byte that is no opcode of this version halts its frame, whatever is on the stack', async () => {
    const bytes = Array.from({ length: 256 }, (_, op) => op).filter((op) => OPCODES[op] === undefined);
    // Of two neighbours one finds seven items, the other none.
    const stack = (op: number) => (op % 2 === 0 ? '' : many('PUSH0', 7));
    const codes = bytes.map((op) => assemble(`PUSH1 0x2a PUSH0 SSTORE ${stack(op)} ${toHex(op, { size: 1 })}`));
    const ends = [...(await eachOf(codes.slice(0, 60), 45_000n)), ...(await eachOf(codes.slice(60), 45_000n))];
    expect(ends.filter((end) => end !== 'uncovered' && end !== 'invalid')).toEqual([]);
  });

  it('jumps', async () => {
    const good = [
      'PUSH1 0x03 JUMP JUMPDEST',
      'PUSH0 PUSH0 NOT JUMPI',
      'PUSH32 0x5b',
      'PUSH1',
      'PUSH1 0x03 JUMP JUMPDEST PUSH32',
    ];
    const high = `PUSH32 0x01${'00'.repeat(31)} PUSH1 0x24 JUMPI JUMPDEST`;
    expect(await eachOf([...good, high].map(assemble))).toEqual(Array(6).fill('ok'));
    const bad = [
      'PUSH9 0x01000000000000000a JUMP JUMPDEST',
      `PUSH17 0x01${'00'.repeat(15)}12 JUMP JUMPDEST`,
      'PUSH1 0x04 JUMP PUSH1 0x5b',
      'PUSH1 0x03 JUMP',
      'PUSH1 0x04 JUMP',
      'PUSH1 0x24 JUMP',
      'PUSH1 0x80 JUMP',
      'PUSH1 0x04 JUMP PUSH32 0x5b',
      `${ONES} JUMP JUMPDEST`,
      `${ONES} DUP1 JUMPI`,
    ];
    expect(await eachOf(bad.map(assemble))).toEqual(Array(bad.length).fill('badJump'));
  });

  it('of lengths where rows of chip `code` end, of 24,576 bytes, and with the prefixes of EIP-3541 and EIP-7702', async () => {
    const whole = [95, 96, 128].flatMap((n) => [`5b`.repeat(n), `${'5b'.repeat(n - 1)}7f`, '60'.repeat(n)]);
    const ends = await eachOf(
      [...whole, '5b'.repeat(24_576), `00${'7f'.repeat(24_575)}`].map((code): Hex => `0x${code}`),
    );
    expect(ends).toEqual(Array(whole.length + 2).fill('ok'));
    const ef = [`0xef0100${'c1'.repeat(20)}`, '0xef', '0xef0001'] as const;
    expect(await eachOf(ef)).toEqual(Array(3).fill('invalid'));
  });

  it('memory of no bytes at any offset, of some bytes at far ones, hashes around a block of keccak', async () => {
    const offsets = ['PUSH0', ONES, 'PUSH6 0x7fffffffffff', 'PUSH6 0x800000000000', `PUSH17 0x01${'00'.repeat(16)}`];
    const sized = ['KECCAK256', 'LOG0', 'RETURN', 'REVERT'];
    const none = offsets.flatMap((at) => sized.map((op) => assemble(`PUSH0 ${at} ${op}`)));
    expect(new Set(await eachOf(none))).toEqual(new Set(['ok', 'revert']));
    const far = offsets
      .slice(1)
      .flatMap((at) => [
        ...sized.map((op) => `PUSH1 0x01 ${at} ${op}`),
        ...[`${at} MLOAD`, `PUSH0 ${at} MSTORE`, `PUSH0 ${at} MSTORE8`],
      ]);
    expect(new Set(await eachOf(far.map(assemble)))).toEqual(new Set(['outOfGas']));
    const hashes = [1, 31, 32, 33, 64, 135, 136, 137].flatMap((size) =>
      [0, 1, 16, 31].map((at) =>
        assemble(
          `${ONES} PUSH1 0x05 MSTORE PUSH1 ${toHex(size, { size: 1 })} PUSH1 ${toHex(at, { size: 1 })} KECCAK256 PUSH0 SSTORE MSIZE`,
        ),
      ),
    );
    expect(new Set(await eachOf(hashes, 50_000n))).toEqual(new Set(['ok']));
  });
});

describe('gas and storage', () => {
  it('a call with all gas limits around each of its steps', async () => {
    const code =
      program(`PUSH1 0x01 PUSH0 SSTORE PUSH0 PUSH0 SSTORE PUSH1 0x02 PUSH1 0x07 SSTORE PUSH1 0x07 SLOAD PUSH2 0x0123 MSTORE
      PUSH1 0x33 PUSH1 0x11 KECCAK256 PUSH1 0x41 PUSH1 0x22 LOG1 @end JUMP INVALID end: PUSH2 0x0800 PUSH0 RETURN`);
    const { run } = await callCode(code, {}, { 7: 1n });
    expect(run.end).toBe('ok');
    const edges = [...run.steps].flatMap(({ op, gas }) => {
      const left = op === OP.SSTORE ? [-1n, 0n, 1n, 99n, 100n, 2_299n, 2_300n, 2_301n] : [-1n, 0n, 1n];
      return left.map((extra) => 100_000n - gas + extra);
    });
    const limits = [...new Set([...edges, 100_000n - run.gasLeft - 1n, 100_000n - run.gasLeft])].filter(
      (gas) => gas >= 21_000n,
    );
    for (let at = 0; at < limits.length; at += 60) {
      const txs = await calls(limits.slice(at, at + 60).map((gasLimit) => ({ gasLimit, value: 1n })));
      const ends = await check(stateWith(code, { 7: 1n }), txs);
      expect(ends.every((end) => ['ok', 'outOfGas'].includes(end))).toBe(true);
    }
  });

  it('every sequence of three writes to a slot from every value, kept, reverted or halted, one transaction after another', async () => {
    const write = (at: number) => `PUSH1 ${toHex(at, { size: 1 })} CALLDATALOAD PUSH1 0x05 SSTORE`;
    const code = program(`${write(0)} ${write(32)} ${write(64)} PUSH1 0x60 CALLDATALOAD DUP1 @fails JUMPI STOP
      fails: PUSH1 0x02 EQ @halts JUMPI PUSH0 PUSH0 REVERT halts: INVALID`);
    const digits = (n: number) => [n % 3, Math.floor(n / 3) % 3, Math.floor(n / 9)];
    for (const original of [0n, 1n, 2n]) {
      const data = Array.from({ length: 27 }, (_, i) => [...digits(i), [0, 0, 0, 1, 0, 2, 0][i % 7]!]);
      const txs = await calls(
        data.map((words) => ({
          gasLimit: 90_000n,
          data: concat(words.map((n) => word(BigInt(n)))),
        })),
      );
      const ends = await check(stateWith(code, original === 0n ? {} : { 5: original }), txs);
      expect(new Set(ends)).toEqual(new Set(['ok', 'revert', 'invalid']));
    }
  });

  it('access lists that repeat keys and name absent accounts, newborn ones, precompiles, parties and accounts without code', async () => {
    const [absent, born, plain] = [low(0xab), low(0xac), low(0xad)];
    const keys = [0n, 7n, 7n, WORD - 1n].map(word);
    const names = [CONTRACT, CONTRACT, absent, born, plain, CALLER.address, low(4), low(0)];
    const accessList = names.map((address, i) => ({ address, keys: i === 1 ? [] : keys.slice(0, 2 + (i % 3)) }));
    const storage = new Map([0n, WORD - 1n].map((key) => [word(key), 5n]));
    const code = program(
      'PUSH1 0x07 SLOAD POP CALLDATASIZE PUSH0 SSTORE CALLDATASIZE @halts JUMPI STOP halts: INVALID',
    );
    const state = withAccounts(stateWith(code, { 7: 1n }), [[plain, { nonce: 1n, storage }]]);
    for (const feeRecipient of [absent, born, plain, CALLER.address]) {
      const list = { accessList, gasLimit: 120_000n };
      const txs = await calls([
        list,
        { ...list, to: born, value: 9n },
        { ...list, data: '0x02' },
        { ...list, to: plain, value: 1n },
      ]);
      expect(await check(state, txs, { feeRecipient })).toEqual(['ok', 'transfer', 'invalid', 'transfer']);
    }
  });
});

describe('parties and amounts', () => {
  const code = program(
    'CALLVALUE PUSH0 SSTORE COINBASE PUSH1 0x01 SSTORE CALLDATASIZE @halts JUMPI STOP halts: INVALID',
  );

  it('any fee recipient, with a tip or without', async () => {
    const parties = [CALLER.address, CONTRACT, OTHER.address, GENESIS.codedSigner.address];
    const recipients = [...parties, low(0), low(1), low(2), low(3)];
    for (const [i, feeRecipient] of recipients.entries()) {
      const tip = i % 2 === 0 ? 0n : GWEI;
      const txs = await calls([
        { tip, value: 5n, gasLimit: 90_000n },
        { tip, value: 7n, data: '0x01' },
        { tip, to: CALLER.address, value: 3n },
        { tip, to: low(0), value: 1n },
      ]);
      txs.push(await callOf({ tip, nonce: OTHER_NONCE, value: 1n }, OTHER));
      const ends = await check(stateWith(code), txs, { feeRecipient });
      expect(ends).toEqual(['ok', 'invalid', 'transfer', 'transfer', 'ok']);
    }
  });

  it('prices and balances up to the supply', async () => {
    const state = withAccounts(stateWith(code), [[CALLER.address, { nonce: NONCE, balance: 2n ** 255n - 2n ** 200n }]]);
    for (const cap of [2n ** 128n, 2n ** 236n]) {
      for (const [tip, feeRecipient] of [
        [cap, CONTRACT],
        [cap - GWEI, low(1)],
        [0n, CALLER.address],
      ] as const) {
        const price = { cap, tip, gasLimit: 90_000n };
        const txs = await calls([
          { ...price, value: 2n ** 130n - 1n },
          { ...price, value: 2n ** 253n, data: '0xff' },
          { ...price, to: OTHER.address, value: 2n ** 128n },
          { ...price, to: CALLER.address, value: 2n ** 250n },
        ]);
        expect(await check(state, txs, { feeRecipient })).toEqual(['ok', 'invalid', 'transfer', 'transfer']);
      }
    }
  });

  it('gas limits up to 2^64 - 1, nonces up to 2^64 - 2, a balance to the wei', async () => {
    for (const gasLimit of [30_000_000n, 30_000_001n, 2n ** 56n, 2n ** 64n - 1n]) {
      const rich = withAccounts(stateWith(code), [[CALLER.address, { nonce: NONCE, balance: 2n ** 254n }]]);
      const txs = await Promise.all(
        [{}, { to: OTHER.address }, { nonce: NONCE + 7n }].map((over) => callOf({ gasLimit, ...over })),
      );
      txs.push(await callOf({ gasLimit, nonce: OTHER_NONCE, value: 2n ** 200n }, OTHER), await callOf());
      const why = gasLimit === 30_000_000n ? 'work' : 'gasLimit';
      expect(await check(rich, txs)).toEqual([why, why, 'nonce', 'balance', 'ok']);
    }
    const last = 2n ** 64n - 2n;
    for (const [spare, first] of [
      [0n, 'ok'],
      [-1n, 'balance'],
    ] as const) {
      const balance = 100_000n * 3n * GWEI + 5n + spare;
      const state = withAccounts(stateWith(code), [[CALLER.address, { nonce: last, balance }]]);
      const txs = [
        await callOf({ nonce: last, value: 5n }),
        await callOf({ nonce: last }),
        await callOf({ nonce: last + 1n }),
      ];
      expect(await check(state, txs)).toEqual([first, first === 'ok' ? 'nonce' : 'ok', 'bad']);
    }
  });

  it('a header of zeros and of ones', async () => {
    const reads = assemble(
      'TIMESTAMP PUSH0 SSTORE NUMBER PUSH1 0x01 SSTORE PREVRANDAO PUSH1 0x02 SSTORE GASLIMIT BASEFEE CHAINID BLOBBASEFEE',
    );
    const most = 2n ** 64n - 1n;
    const ones = { number: most, timestamp: most, originNumber: most, originHash: word(WORD - 1n) };
    const zeros = { timestamp: 0n, originNumber: 0n, originHash: ZERO_WORD };
    for (const header of [ones, zeros])
      expect(await check(stateWith(reads), await calls([{ gasLimit: 95_000n }]), header)).toEqual(['ok']);
  });
});
