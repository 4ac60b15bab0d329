import { numberToHex, zeroAddress } from 'viem';
import { challengeableClaims } from '../../src/dispute/claims.js';
import { readingTheLive } from '../agents/ended.js';
import type { L1Account } from '../agents/l1-account.js';
import { type Announcements, Follower } from '../agents/sync.js';
import type { L2Node } from '../node/node.js';
import type { Log } from './log.js';
import { repeat } from './repeat.js';

/** What a watcher is made of. */
export interface WatcherOptions {
  readonly node: L2Node;
  /** Read only: a watcher has no account. */
  readonly l1: Pick<L1Account, 'rollup' | 'dispute' | 'contracts' | 'reader'>;
  /** L1's address, for the log. */
  readonly l1Url: string;
  readonly announcements?: Announcements;
  /** Seconds between looks at L1. */
  readonly look: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Follows L1 and says which claims are true and which are false, and sends nothing, until the signal. */
export async function runWatcher(options: WatcherOptions): Promise<void> {
  const { node, l1, l1Url, announcements, look, log, signal } = options;
  const follower = new Follower(node, l1, announcements);
  const dispute = readingTheLive(l1.dispute);
  const told = new Set<string>();
  const tick = async () => {
    const view = await dispute.view();
    const before = node.head;
    await follower.follow(view.block);
    if (node.head !== before) log.info({ batch: `${node.head}` }, 'followed');
    for (const { id, kind, number, value, claimHash } of challengeableClaims(view, zeroAddress)) {
      if (number > node.head || told.has(claimHash)) continue;
      const own = await node.value(kind, number);
      told.add(claimHash);
      const facts = { claim: `${id}`, kind, batch: `${number}` };
      if (own === value) log.info(facts, 'claim is true');
      else log.error({ ...facts, claimed: numberToHex(value), own: numberToHex(own) }, 'claim is false');
    }
    return false;
  };
  const agent = { tick, stop: () => {} };
  await repeat(agent, { what: 'watching', l1: l1Url, log, signal, wait: 1_000 * look });
}
