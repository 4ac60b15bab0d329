import type { Hex } from 'viem';
import { stateAccounts } from '../../../prover/node/state-accounts.js';
import { sealBatch } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import type { Replay } from '../../../src/batch/types.js';
import { replayBatch } from '../../../src/execution/replay.js';
import { MemoryState } from '../../../src/state/memory-state.js';
import { traceBatch } from '../../../src/trace/batch-trace.js';
import { StateTrie } from '../../../src/trie/state.js';
import { MemoryTrieStore } from '../../../src/trie/store.js';
import { type Random, randomOf } from '../../helpers/chips/random.js';
import { keccakRoot } from '../../helpers/keccak-root.js';
import { checkRows } from '../check-rows.js';
import { sampled } from '../sample-rows.js';
import { runOnEthereum } from './ethereum.js';
import { randomWorld, signed, tightened } from './world.js';

/** What a batch of random programs did. */
export interface FuzzResult {
  readonly replay: Replay;
  /** Names of the chips of all rows. */
  readonly chips: readonly string[];
  /** Whether an ordinary VM could be compared. */
  readonly compared: boolean;
}

/** A batch of random programs that VM, rules and rows do not agree on. */
export class FuzzFailure extends Error {}

/**
 * Batch number `index` of a seed: random programs, transactions that call them, once with gas enough and once more with gas limits at edges.
 * Compared: the rows' machine with the VM's steps, gas and post state (`traceBatch`), the bus with L1's tuples, an ordinary Cancun VM on a
 * trie, and `rows` rows of every chip at most with the chip's circuit.
 * @throws FuzzFailure with the programs and how to run them again
 */
export async function fuzzBatch(seed: number, index: number, rows: number): Promise<FuzzResult> {
  const random = randomOf(seed, `fuzz ${index}`);
  const world = randomWorld(random);
  const view = new MemoryState(world.state);
  const environment = world.environment;
  const replayOf = (raws: readonly Hex[]) => replayBatch(view, sealBatch(environment, raws), RULES_V2);
  let raws: Hex[] = [];
  try {
    raws = await signed(world.txs);
    const first = await replayOf(raws);
    raws = await signed(tightened(random, world.txs, first.replay.outcomes));
    const { replay, changes } = await replayOf(raws);
    const trace = await tracedIn(random, view, replay);
    const after = new MemoryState(world.state);
    after.apply(changes);
    const compared = await runOnEthereum(world.state, environment, replay, await keccakRoot(after));
    await checkRows(sampled(trace.rows, rows, random));
    return { replay, chips: trace.rows.map(({ chip }) => chip), compared };
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const lines = [
      what,
      `npm run fuzz -- --seed ${seed} --batch ${index}`,
      ...world.programs.map((code, i) => `program ${i}: ${code}`),
      ...raws.map((raw, i) => `transaction ${i + 1}: ${raw}`),
    ];
    throw new FuzzFailure(lines.join('\n'), { cause });
  }
}

/** The rows of the batch, in either mode. */
async function tracedIn(random: Random, view: MemoryState, replay: Replay) {
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  if (random.int(4) > 0) return traceBatch({ replay, mode: 'diff', preRoot, nodes: store.get });
  const postRoot = await trie.applyChanges(preRoot, replay.accessList);
  return traceBatch({ replay, mode: 'root', preRoot, postRoot, nodes: store.get });
}
