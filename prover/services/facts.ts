import { messageOf } from '../../src/errors/base.js';
import type { CanaryEvent } from '../agents/canary.js';
import type { ChallengeEvent } from '../agents/challenges.js';
import type { SentCall } from '../agents/l1-account.js';
import type { OutboxEvent } from '../agents/outbox.js';
import type { PlayerEvent } from '../agents/player.js';
import type { SequencerEvent } from '../agents/sequencer.js';
import type { LowBalance } from '../agents/treasury.js';
import type { NodeEvent } from '../node/node.js';
import type { Log } from './log.js';

/** Whatever an agent and what it is made of tell. */
export type AgentEvent = PlayerEvent | SequencerEvent | ChallengeEvent | CanaryEvent | LowBalance | OutboxEvent;

/** Somebody has to look (docs/AGENTS.md); events with a field `alarm` say themselves whether they are one. */
const ALARMS: ReadonlySet<string> = new Set<AgentEvent['type']>([
  'nodeWrong',
  'gameLost',
  'stakeLost',
  'stakesUntried',
  'canaryFailed',
  'lowBalance',
  'feeCeiling',
]);
const WARNINGS: ReadonlySet<string> = new Set<AgentEvent['type']>(['notProving', 'proofFailed', 'raisedFee']);

/** How fields of events are called in the log. */
const NAMES: Readonly<Record<string, string>> = {
  number: 'batch',
  index: 'batch',
  gameId: 'game',
  claimId: 'claim',
  stakeId: 'stake',
};

/** Logs what an agent tells: one line an event, with batch, game, claim and job where it has them. Alarms are errors. */
export function tellAgent(log: Log): (event: AgentEvent) => void {
  return ({ type, ...event }) => {
    const facts: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(event)) {
      // A proof is a file of its own; its job says enough.
      if (name === 'proof') facts.job = (value as { job: { id: string } }).job.id;
      else facts[NAMES[name] ?? name] = plain(value);
    }
    if (facts.alarm === true || ALARMS.has(type)) log.error(facts, type);
    else if (WARNINGS.has(type)) log.warn(facts, type);
    else log.info(facts, type);
  };
}

/** Logs what a node tells about roots and announcements. */
export function tellNode(log: Log): (event: NodeEvent) => void {
  return (event) => {
    if (event.type === 'root') {
      log.info({ batch: plain(event.number), hashes: event.hashes, ms: Math.round(event.ms) }, 'root');
    } else if (event.type === 'rootFailed') {
      log.error({ why: messageOf(event.error) }, 'rootFailed');
    } else log.warn({ batch: plain(event.number), why: event.why }, 'announcementDiffers');
  };
}

/** Logs what was sent to L1. */
export function tellSent(log: Log): (sent: SentCall) => void {
  return ({ what, receipt }) =>
    log.info(
      { transaction: receipt.transactionHash, block: plain(receipt.blockNumber), gas: plain(receipt.gasUsed) },
      `sent ${what}`,
    );
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
