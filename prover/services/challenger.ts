import { numberToHex } from 'viem';
import type { ClaimView } from '../../src/dispute/types.js';
import { Canary } from '../agents/canary.js';
import type { L1Account } from '../agents/l1-account.js';
import { proofTarget } from '../agents/proof-target.js';
import type { Announcements } from '../agents/sync.js';
import type { L2Node } from '../node/node.js';
import type { ProofService } from '../proving/service.js';
import { makeChallenger } from './agents.js';
import { type AgentEvent, tellAgent } from './facts.js';
import type { Log } from './log.js';
import { repeat } from './repeat.js';

/** What a running challenger is made of; whoever made node and proofs closes them afterwards. */
export interface ChallengerServiceOptions {
  readonly node: L2Node;
  /** Closed by the service. */
  readonly l1: L1Account;
  /** L1's address, for the log. */
  readonly l1Url: string;
  readonly proofs: ProofService;
  readonly keys: Parameters<typeof proofTarget>[1];
  readonly announcements?: Announcements;
  /** Seconds between looks at L1. */
  readonly look: number;
  readonly log: Log;
  /** Hears what the agent tells; it goes to the log when absent. */
  readonly tell?: (event: AgentEvent) => void;
  /** It is told to lie, and its node with it (`Tamper`). */
  readonly lies?: boolean;
  /** Claims that it does not look at (to show what happens then); none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
  /** Hears that it has opened a game; it goes to the log when absent. */
  readonly onChallenge?: (claim: ClaimView, own: bigint) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Follows L1, disputes every false claim and plays its games, until the signal. As soon as there is a batch it proves one, so that it is known
 * before anything hangs on it whether it can.
 */
export async function runChallenger(options: ChallengerServiceOptions): Promise<void> {
  const { node, l1, l1Url, proofs, keys, look, log, signal, tell = tellAgent(log) } = options;
  const canary = new Canary({ node, proofs, target: proofTarget(l1, keys), l1, tell });
  const challenger = makeChallenger({
    ...options,
    canary,
    tell,
    onChallenge:
      options.onChallenge ??
      (({ id, kind, number, value }, own) =>
        log.warn(
          { claim: `${id}`, kind, batch: `${number}`, claimed: numberToHex(value), own: numberToHex(own) },
          'challenges',
        )),
  });
  const tick = async () => {
    const moved = await challenger.tick();
    if (canary.state !== 'sound') canary.begin();
    return moved;
  };
  try {
    const agent = { tick, stop: () => challenger.stop() };
    await repeat(agent, { what: 'playing', l1: l1Url, log, signal, wait: 1_000 * look });
  } finally {
    await challenger.close();
  }
}
