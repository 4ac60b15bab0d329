import type { Rules } from '../../src/batch/types.js';
import { measureExecution } from './flat-state.js';
import { type MerkleCost, measureBacklog, measureCatchUp, measureDisk, measureMerkle } from './merkle.js';
import type { Fixture } from './merkle-fixtures.js';

/** What `bench --only merkle` prints. */
export interface MerkleReport {
  readonly fixtures: Readonly<Record<Fixture, MerkleCost>>;
  /** Hundred blocks merged against one by one: times faster, times fewer hashes. */
  readonly catchUp: { readonly ratio: number; readonly fewerHashes: number };
  /** By the number of accounts: milliseconds on a trie-backed state / on flat state. */
  readonly flat: Readonly<Record<string, number>>;
  /** MiB that the store of nodes grows by in 1,000 batches of 100 token transfers, at 10^4 accounts, ten checkpoints kept. */
  readonly diskMiBPer1000: number;
}

interface RootsBench {
  readonly rules: Rules;
  /** One tenth of accounts, and of batches. */
  readonly quick: boolean;
  /** Accounts that flat state is compared on. */
  readonly sizes: readonly number[];
  readonly tell: (text: string) => void;
}

/** Everything about roots beside execution. */
export async function measureRoots({ rules, quick, sizes, tell }: RootsBench): Promise<MerkleReport> {
  const [accounts, batches] = quick ? [10_000, 10] : [100_000, 100];
  const fixtures = await measureMerkle(accounts, quick ? 3 : 5, rules, tell);
  const { ratio, fewerHashes } = await measureCatchUp(10_000, batches, rules, tell);
  const flat: Record<string, number> = {};
  for (const size of sizes) {
    tell(`flat state against a trie at ${size} accounts`);
    const cost = await measureExecution(size, 100, quick ? 3 : 7, rules);
    flat[`1e${Math.log10(size)}`] = cost.ratio;
  }
  const diskMiBPer1000 = await measureDisk(10_000, quick ? 100 : 1_000, rules, tell);
  if (!quick) {
    const { executeMs, rootsMs, blockedMs } = await measureBacklog(10_000, 1_000, rules, tell);
    const [execution, roots, blocked] = [executeMs, rootsMs, blockedMs].map((ms) => ms.toFixed(0));
    tell(
      `1,000 batches executed in ${execution} ms; the last roots ${roots} ms behind, with no break above ${blocked} ms in these`,
    );
  }
  return { fixtures, catchUp: { ratio, fewerHashes }, flat, diskMiBPer1000 };
}
