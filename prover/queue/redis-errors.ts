import type { Redis } from 'ioredis';
import { messageOf } from '../../src/errors/base.js';
import { QueueError, type QueueErrorCode } from '../../src/errors/queue.js';

/** What Redis says, by its words, and what it means. */
const MEANINGS: readonly (readonly [words: RegExp, code: QueueErrorCode, message: string, hint: string])[] = [
  [
    /\bOOM\b/,
    'QUEUE_REDIS_FULL',
    'Redis is out of memory: it has reached its maxmemory and takes no more jobs, results or artifacts',
    'Raise maxmemory, or run "deltaproof jobs prune"; nothing that was stored is lost, and what waits goes on by itself.',
  ],
  [
    /\bREADONLY\b/,
    'QUEUE_REDIS_READ_ONLY',
    'Redis is a read-only replica: it takes no jobs and no results',
    'Give --redis the address of the primary.',
  ],
  [
    /\bMISCONF\b/,
    'QUEUE_REDIS_DISK',
    'Redis cannot write to its disk and takes nothing until it can',
    'Make room on its disk and look at its log.',
  ],
  [
    /\b(NOAUTH|WRONGPASS|NOPERM)\b|invalid username-password/,
    'QUEUE_REDIS_LOGIN',
    'Redis does not let this user in',
    'Correct user and password in --redis redis://user:password@host:port.',
  ],
];

/** What Redis does not do now and may do later: the same call can be made again. */
const LATER: ReadonlySet<string> = new Set(['QUEUE_REDIS_FULL', 'QUEUE_REDIS_READ_ONLY', 'QUEUE_REDIS_DISK']);

/** An error of Redis in this project's words; any other as it is. */
export function redisError(error: unknown): unknown {
  if (error instanceof QueueError) return error;
  const said = messageOf(error);
  const found = MEANINGS.find(([words]) => words.test(said));
  if (found === undefined) return error;
  const [, code, message, hint] = found;
  return new QueueError(code, `${message} (${said.slice(0, 200)}).`, {
    hint,
    retryable: LATER.has(code),
    cause: error,
  });
}

/** Whether the same call may be answered later. */
export function isRedisTrouble(error: unknown): boolean {
  return error instanceof QueueError && (LATER.has(error.code) || error.code === 'QUEUE_UNREACHABLE');
}

/**
 * Refuses a Redis that would lose jobs or take none.
 * @throws QueueError `QUEUE_REDIS_READ_ONLY`, `QUEUE_REDIS_EVICTS`
 */
export async function checkRedis(redis: Redis): Promise<void> {
  const info = new Map<string, string | undefined>();
  for (const line of (await redis.info()).split('\r\n')) {
    const [name, value] = line.split(':');
    info.set(name!, value);
  }
  if (info.get('role') === 'slave') throw redisError(new Error('READONLY: its role is slave'));
  const policy = info.get('maxmemory_policy');
  if (info.get('maxmemory') === '0' || policy === undefined || policy === 'noeviction') return;
  throw new QueueError(
    'QUEUE_REDIS_EVICTS',
    `Redis throws keys away when its memory is full (maxmemory-policy ${policy}): jobs would be lost.`,
    { hint: 'Run "redis-cli config set maxmemory-policy noeviction", and put it into its configuration.' },
  );
}
