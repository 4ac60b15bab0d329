import type { Hex } from 'viem';
import { stateAccounts } from '../../../prover/node/state-accounts.js';
import { word } from '../../../src/batch/bytes.js';
import type { GenesisState } from '../../../src/batch/genesis.js';
import { type Environment, sealBatch, ZERO_WORD } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import type { Replay } from '../../../src/batch/types.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import { replayBatch } from '../../../src/execution/replay.js';
import { sampleEnvironment, sampleGenesis } from '../../../src/samples/accounts.js';
import { sampleBatch } from '../../../src/samples/batch.js';
import { withContracts } from '../../../src/samples/contracts.js';
import { MemoryState } from '../../../src/state/memory-state.js';
import { type BatchTrace, traceBatch } from '../../../src/trace/batch-trace.js';
import { StateTrie } from '../../../src/trie/state.js';
import { MemoryTrieStore } from '../../../src/trie/store.js';
import { randomWorld, signed, tightened } from '../../conformance/fuzz/world.js';
import { stackOnly } from '../assemble.js';
import type { Random } from '../chips/random.js';
import { CONTRACT, callsOf, ENVIRONMENT, mixedBatch, program } from '../code-batch.js';

/** An honest batch with its rows. */
export interface TracedBatch {
  readonly replay: Replay;
  readonly trace: BatchTrace;
}

const ADDRESS = `0x${'ff'.repeat(20)}`;
/** Every chip of code that goes on. */
const ALL = `
  PUSH1 0x03 PUSH1 0x05 MUL PUSH1 0x02 SWAP1 DIV PUSH1 0x0f AND PUSH20 ${ADDRESS} AND NOT
  PUSH1 0x09 SHL PUSH1 0x01 PUSH1 0xa0 SHL LT PUSH1 0x1f BYTE CALLER ADD PUSH1 0x04 CALLDATALOAD ADD DUP1 PUSH0 MSTORE
  DUP1 PUSH1 0x21 MSTORE PUSH1 0x07 PUSH1 0x20 MSTORE8 PUSH1 0x40 PUSH0 KECCAK256 PUSH1 0x20 PUSH0 KECCAK256
  PUSH1 0x21 PUSH1 0x01 KECCAK256 PUSH1 0x20 PUSH0 LOG1 PC GAS MSIZE POP POP POP PUSH1 0x01 SLOAD PUSH1 0x01 SSTORE
  PUSH1 0x01 PUSH1 0x01 PUSH1 0xa0 SHL SUB POP
  @next JUMP next: PUSH0 @last JUMPI PUSH1 0x01 @last JUMPI last:`;
/** Opcodes that go on and whose chip is not among those above: by the table, with nothing but the stack. */
const MORE = (() => {
  const named = new Set([...ALL.split(/\s+/), 'JUMPDEST']);
  const opcodes = Object.values(OPCODES).map((opcode) => opcode!);
  const chips = new Set(opcodes.flatMap(({ name, chip }) => (named.has(name) ? [chip] : [])));
  return opcodes
    .flatMap((opcode) => (opcode.work === 0 || chips.has(opcode.chip) ? [] : [stackOnly(opcode)]))
    .join(' ');
})();
/** How frames end. */
const ENDS = [
  'STOP',
  'PUSH1 0x20 PUSH0 RETURN',
  'PUSH0 PUSH0 REVERT',
  'INVALID',
  'PUSH1 0x01 JUMP',
  'PUSH1 0x01 PUSH1 0x01 JUMPI',
  'PUSH5 0xffffffffff MLOAD',
];

/** Small batches in which every chip of version 2 has a row. */
export async function writtenBatches(): Promise<TracedBatch[]> {
  const accessList = [{ address: CONTRACT, keys: [word(3n), word(1n)] }];
  const fields = { accessList, data: `0x${'11'.repeat(40)}`, gasLimit: 150_000n } as const;
  const written = await Promise.all(ENDS.map((end) => callsOf(program(`${ALL} ${MORE} ${end}`), [fields])));
  return Promise.all([...written, await mixedBatch()].map(({ state, txs }) => traced(state, ENVIRONMENT, txs)));
}

/** A batch of random programs, with gas that ends amid some of them. */
export async function randomBatch(random: Random): Promise<TracedBatch> {
  const { state, environment, txs } = randomWorld(random);
  const first = await replayBatch(new MemoryState(state), sealBatch(environment, await signed(txs)), RULES_V2);
  return traced(state, environment, await signed(tightened(random, txs, first.replay.outcomes)));
}

/** A batch of the demo: transfers, calls, and items that are skipped for all reasons there are. */
export async function demoBatch(seed: string): Promise<TracedBatch> {
  const genesis = withContracts(sampleGenesis(seed, 10));
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  const { number, feeRecipient } = environment;
  const options = { genesis, state: new MemoryState(genesis.state), number, feeRecipient, rules: RULES_V2 };
  return traced(genesis.state, environment, await sampleBatch(options));
}

/** The batch of these transactions on a state, with its rows in mode diff. */
async function traced(state: GenesisState, environment: Environment, txs: readonly Hex[]): Promise<TracedBatch> {
  const view = new MemoryState(state);
  const { replay } = await replayBatch(view, sealBatch(environment, txs), RULES_V2);
  const store = new MemoryTrieStore();
  const preRoot = await new StateTrie(store).genesis(stateAccounts(view));
  return { replay, trace: traceBatch({ replay, mode: 'diff', preRoot, nodes: store.get }) };
}
