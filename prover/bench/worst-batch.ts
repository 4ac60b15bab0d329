import { type Hex, keccak256 } from 'viem';
import { byteLength } from '../../src/batch/bytes.js';
import { accountOf } from '../../src/batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { signTransaction } from '../../src/batch/sign.js';
import type { Rules } from '../../src/batch/types.js';
import type { ShapeSpec } from '../../src/proof/types.js';
import { addressOf, sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { pack } from '../../src/trace/pack.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { stateAccounts } from '../node/state-accounts.js';

/** What a worst batch repeats until its gas is used up. */
export interface Loop {
  /** In opcodes. */
  readonly name: string;
  /** The stack holds one item before it and after. */
  readonly code: string;
  readonly gas: number;
  /** Rows of each chip. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Cheap opcodes that make rows of different chips. */
const LOOPS: readonly Loop[] = [
  { name: 'JUMPDEST', code: '5b', gas: 1, rows: { jumpdest: 1 } },
  { name: 'NOT', code: '19', gas: 3, rows: { not: 1 } },
  { name: 'ISZERO', code: '15', gas: 3, rows: { compare: 1 } },
  { name: 'PC POP', code: '5850', gas: 4, rows: { register: 1, pop: 1 } },
  { name: 'DUP1 XOR', code: '8018', gas: 6, rows: { dup: 1, bitwise: 1 } },
  { name: 'DUP1 SHR', code: '801c', gas: 6, rows: { dup: 1, shift: 1 } },
  { name: 'DUP1 DIV', code: '8004', gas: 8, rows: { dup: 1, div: 1 } },
  { name: 'DUP1 DUP1 MSTORE8', code: '808053', gas: 9, rows: { dup: 2, mstore8: 1 } },
];

/** Bytes of the contract that repeats a loop. */
const CODE_BYTES = 24_000;
const CONTRACT = addressOf('bench worst contract');

/** The loop that makes most rows of a gas, and the one that fills most proofs of these shapes; one where it is the same. */
export function worstLoops(gas: number, shapes: readonly ShapeSpec[]): Loop[] {
  const rowsOf = (loop: Loop) => Object.entries(loop.rows).map(([chip, n]) => [chip, (n * gas) / loop.gas] as const);
  const total = (loop: Loop) => rowsOf(loop).reduce((sum, [, rows]) => sum + rows, 0);
  const proofs = (loop: Loop) => pack(new Map(rowsOf(loop)), shapes).length;
  const most = (of: (loop: Loop) => number) => LOOPS.reduce((a, b) => (of(b) > of(a) ? b : a));
  return [...new Set([most(total), most(proofs)])];
}

/** The rules, with work enough for one transaction of so much gas. */
export function rulesFor(gas: bigint, rules: Rules): Rules {
  const { w0, w1, w2, wCode } = rules;
  // Such a transaction has below 200 bytes and lists nothing.
  const needed = w0 + 200n * w2 + w1 * gas + wCode;
  return needed > rules.workBudget ? { ...rules, workBudget: needed } : rules;
}

/** A batch of one transaction that spends its gas on a loop, to be traced in mode diff. */
export async function worstBatch({ code: body }: Loop, gas: bigint, rules: Rules): Promise<BatchRequest> {
  const genesis = sampleGenesis('bench worst', 10);
  const { address, privateKey } = genesis.signers[0]!;
  const code: Hex = `0x5f5b${body.repeat(Math.floor((2 * CODE_BYTES) / body.length))}600156`;
  const state = new Map([
    ...genesis.state,
    [CONTRACT, { nonce: 1n, balance: 0n, code, storage: new Map<Hex, bigint>() }],
  ]);
  const { nonce } = state.get(address)!;
  const fees = { tip: 0n, cap: rules.baseFee, accessList: [] };
  const call = { type: 2 as const, chainId: rules.chainId, nonce, ...fees, to: CONTRACT, value: 0n, data: '0x' as Hex };
  const raw = await signTransaction({ ...call, gasLimit: gas }, privateKey);
  if (byteLength(raw) > 200) throw new RangeError(`The transaction has ${byteLength(raw)} bytes.`);
  const store = new MemoryTrieStore();
  const preRoot = await new StateTrie(store).genesis(stateAccounts(new MemoryState(state)));
  const accounts = new Map([...state].map(([name, account]) => [name, accountOf(account)]));
  const batch = sealBatch(sampleEnvironment(genesis, 1n, ZERO_WORD, rules), [raw]);
  const known = { accounts, slots: new Map(), codes: new Map([[keccak256(code), code]]), nodes: store.nodes };
  return { rules, batch, mode: 'diff', preRoot, ...known };
}
