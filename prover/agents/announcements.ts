import type { Hex } from 'viem';
import { type AnnouncementSigner, maxAnnouncementBytes } from '../../src/batch/announcement.js';
import type { Rules } from '../../src/batch/types.js';
import { AnnouncementError, AnnouncementSourceError } from '../../src/errors/announcement.js';
import { messageOf } from '../../src/errors/base.js';
import type { AnnouncementFolder } from '../node/announcement-folder.js';
import type { Announcer } from './sequencer.js';
import type { Announcements } from './sync.js';

/** Milliseconds that a follower waits: what comes later than its own execution is of no use. */
const TIMEOUT = 2_000;
/** Around the hex digits in a JSON-RPC response. */
const ENVELOPE = 1_024;

/**
 * A sequencer's announcer that keeps what it announces in a folder, from which the door hands it out.
 * @param onError hears why one could not be kept (`ANNOUNCEMENT_UNWRITABLE`): its batch is as good without
 */
export function announcerInto(
  folder: AnnouncementFolder,
  signer: AnnouncementSigner,
  onError: (error: unknown) => void,
): Announcer {
  return { signer, publish: (...announced) => void folder.put(...announced).catch(onError) };
}

/**
 * A follower's announcements, of a sequencer's door.
 * @param onError hears why there is none (as {@link fetchAnnouncement} throws): its batch is followed without
 */
export function announcementsFrom(
  url: string,
  options: FetchOptions,
  onError: (error: unknown) => void,
): Announcements {
  return (_number, batchHash) =>
    fetchAnnouncement(url, batchHash, options).catch((error: unknown) => {
      onError(error);
      return undefined;
    });
}

/** How a follower asks. */
export interface FetchOptions {
  readonly rules: Rules;
  /** Milliseconds, from the request to the last byte; 2,000 when absent. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks a sequencer's door for its announcement of a batch, which is not opened here. No more is read than one can have.
 * @returns undefined when it has none
 * @throws AnnouncementSourceError `ANNOUNCEMENT_UNAVAILABLE`; AnnouncementError `ANNOUNCEMENT_TOO_LARGE`, `ANNOUNCEMENT_FORM`
 */
export async function fetchAnnouncement(
  url: string,
  batchHash: Hex,
  { rules, timeout = TIMEOUT, signal }: FetchOptions,
): Promise<Hex | undefined> {
  const request = { jsonrpc: '2.0', id: 1, method: 'deltaproof_getAnnouncement', params: [{ blockHash: batchHash }] };
  const late = AbortSignal.timeout(timeout);
  const limit = ENVELOPE + 2 * maxAnnouncementBytes(rules);
  const text = await textOf(url, JSON.stringify(request), limit, signal ? AbortSignal.any([signal, late]) : late).catch(
    (cause: unknown) => {
      if (cause instanceof AnnouncementError) throw cause;
      throw unavailable(url, messageOf(cause), cause);
    },
  );
  let response: { readonly result?: unknown; readonly error?: { readonly message?: unknown } } | null;
  try {
    response = JSON.parse(text) as typeof response;
  } catch (cause) {
    throw unavailable(url, 'the answer is not JSON', cause);
  }
  const result = response?.result;
  if (result === null) return undefined;
  if (result === undefined) throw unavailable(url, `it says ${JSON.stringify(response?.error?.message ?? null)}`);
  if (typeof result === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(result)) return result as Hex;
  throw new AnnouncementError('ANNOUNCEMENT_FORM', `The announcement from ${url} is not used: it is no bytes.`);
}

async function textOf(url: string, body: string, limit: number, signal: AbortSignal): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', body, headers, signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) {
      const message = `The announcement from ${url} is not used: the answer is above ${limit} bytes.`;
      throw new AnnouncementError('ANNOUNCEMENT_TOO_LARGE', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unavailable(url: string, why: string, cause?: unknown): AnnouncementSourceError {
  const message = `No announcement comes from ${url}: ${why}.`;
  return new AnnouncementSourceError('ANNOUNCEMENT_UNAVAILABLE', message, { details: { url }, cause });
}
