import { stateAccounts } from '../../prover/node/node.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { callOf, replayOn, stateWith } from './code-world.js';

/** A process of its own: traces a call that spends `gas` on ISZERO, whose rows have many tuples, and prints how many rows there are. */
const gas = BigInt(process.argv[2]!);
const state = stateWith(`0x5b5f${'15'.repeat(24_000)}505f56`);
const { replay, view } = await replayOn(state, [await callOf({ gasLimit: gas })]);
const store = new MemoryTrieStore();
const preRoot = await new StateTrie(store).genesis(stateAccounts(view));
const { rows } = traceBatch({ replay, mode: 'diff', preRoot, nodes: store.get });
console.log(rows.length);
