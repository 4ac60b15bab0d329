import type { BatchRecord } from '../../src/state/record.js';
import type { AgentEvent } from '../services/facts.js';
import type { Log } from '../services/log.js';

/** What an agent tells, in words. */
export function eventWords(event: AgentEvent): string {
  switch (event.type) {
    case 'stated':
      return `states that the root after batch ${event.index} is ${shortWord(event.root)}`;
    case 'answered':
      return `${event.agree ? 'agrees' : 'disagrees'} on the root after batch ${event.index}`;
    case 'canaryBegun':
      return `proves batch ${event.number} as it is, to know before its first bond that it can`;
    case 'canarySound':
      return `could settle by proof: the verifier on L1 takes the one of batch ${event.number}`;
    case 'proving':
      return `queues the proof of batch ${event.number} (mode ${event.mode}, job ${event.job.slice(0, 12)})`;
    case 'proofFailed':
      return `has no proof of batch ${event.number} yet (${event.code}), tries again`;
    case 'proven':
      return `has the proof: the true value is ${shortWord(event.proof.bundle.value)}`;
    case 'uploaded':
      return `uploads parts ${event.from} to ${event.to - 1} of ${event.of} of the proof of batch ${event.number}`;
    case 'notProving':
      return `makes no proof of batch ${event.number}: ${event.why}`;
    case 'settled':
      return `settles game ${event.gameId}`;
    case 'resolved':
      return `records the end of claim ${event.claimId}`;
    case 'stakeLost':
      return `has lost stake ${event.stakeId}`;
    case 'gameLost':
      return `has lost game ${event.gameId}`;
    case 'nodeWrong':
      return `stakes nothing more: ${event.why}`;
    default:
      return `tells: ${event.type}`;
  }
}

/** `12 transfers, 8 calls (3 ok, 3 revert, 2 halt)`. */
export function batchWords({ results }: BatchRecord): string {
  const executed = results.filter(({ kind }) => kind === 'executed').length;
  const runs = results.flatMap((result) => (result.kind === 'executed' && result.run ? [result.run.end] : []));
  const ends = (['ok', 'revert', 'halt'] as const).map((end) => `${runs.filter((one) => one === end).length} ${end}`);
  const skipped = results.length === executed ? '' : `, ${results.length - executed} skipped`;
  return `${executed - runs.length} transfers, ${runs.length} calls (${ends.join(', ')})${skipped}`;
}

/** A hash or root that people can compare. */
export function shortWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0').slice(0, 12)}…`;
}

/** A log that says what went wrong in the services, and nothing else. */
export function troubleLog(say: (text: string) => void): Log {
  const tell: Log['error'] = (facts, message) => say(`${message} ${JSON.stringify(facts)}`);
  return { info: () => {}, warn: tell, error: tell };
}
