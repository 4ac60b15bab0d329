import type { BlockRange } from '../../src/l1/log-ranges.js';
import type { PostedBatch, RollupClient } from '../../src/l1/rollup-client.js';

/** All batches posted in a range of L1 blocks. */
export async function postedIn(rollup: Pick<RollupClient, 'batches'>, range: BlockRange): Promise<PostedBatch[]> {
  const posted: PostedBatch[] = [];
  for await (const some of rollup.batches(range)) posted.push(...some);
  return posted;
}
