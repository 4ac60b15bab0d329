import { type Address, concat, type Hex, keccak256 } from 'viem';
import { AnnouncementError, type AnnouncementErrorCode } from '../errors/announcement.js';
import { accessListRlp, type BlockAccessList } from './access-list.js';
import { accessListLimits } from './access-list-limits.js';
import { byteLength, bytesToBigint, fromHex, toHex } from './bytes.js';
import { decodeAccessList } from './decode-access-list.js';
import { domain } from './header.js';
import { MAX_S, recoverSender } from './recover.js';
import { readRlpItem, readRlpList, readRlpUint, rlpBytes, rlpList, rlpUint } from './rlp.js';
import type { Rules } from './types.js';

/** Of the format. */
const VERSION = 1n;
/** r ‖ s ‖ yParity. */
const SIGNATURE_BYTES = 65;
/** Around the list: a list's header, the version, the batch's hash, the signature. */
const FRAME_BYTES = 4 + 9 + 33 + SIGNATURE_BYTES;

/** Who signs: any of viem's local accounts. */
export interface AnnouncementSigner {
  sign(parameters: { hash: Hex }): Promise<Hex>;
}

/** Whose announcement of what is expected. */
export interface Expected {
  readonly batchHash: Hex;
  /** Who posts the rollup's batches. Absent: whoever has signed, where it is only to be read. */
  readonly sequencer?: Address;
  readonly rules: Rules;
}

/** The list of a batch with the sequencer's signature: RLP([version, batchHash, list]) ‖ signature (FORMATS.md, "Announcement"). */
export async function sealAnnouncement(
  { batchHash, list }: { readonly batchHash: Hex; readonly list: BlockAccessList },
  signer: AnnouncementSigner,
): Promise<Hex> {
  return signAnnouncement(payloadOf(batchHash, list), signer);
}

/** Whether an announcement, whoever signed it, says exactly this about this batch. */
export function announces(announcement: Hex, batchHash: Hex, list: BlockAccessList): boolean {
  return announcement.slice(0, -2 * SIGNATURE_BYTES) === toHex(payloadOf(batchHash, list));
}

function payloadOf(batchHash: Hex, list: BlockAccessList): Uint8Array {
  return rlpList([rlpUint(VERSION), rlpBytes(fromHex(batchHash)), accessListRlp(list)]);
}

/** Any payload with a signature, whether it is an announcement or not. */
export async function signAnnouncement(payload: Uint8Array, signer: AnnouncementSigner): Promise<Hex> {
  const signature = await signer.sign({ hash: announcementHash(payload) });
  const yParity = Number(BigInt(`0x${signature.slice(130)}`)) % 27; // viem writes v, 27 or 28
  return concat([toHex(payload), signature.slice(0, 130) as Hex, toHex(Uint8Array.of(yParity))]);
}

/** Bytes of an announcement at most. */
export function maxAnnouncementBytes(rules: Rules): number {
  return accessListLimits(rules).bytes + FRAME_BYTES;
}

/**
 * The access list that the sequencer announces for a batch. Nothing says that it is true: only execution does. The size is looked at first,
 * then whose it is, then the list.
 * @throws AnnouncementError `ANNOUNCEMENT_TOO_LARGE`, `ANNOUNCEMENT_FORM`, `ANNOUNCEMENT_VERSION`, `ANNOUNCEMENT_OTHER_BATCH`,
 * `ANNOUNCEMENT_SIGNATURE`; AccessListError as `decodeAccessList`
 */
export async function openAnnouncement(
  announcement: Hex,
  { batchHash, sequencer, rules }: Expected,
): Promise<BlockAccessList> {
  const [size, limit] = [byteLength(announcement), maxAnnouncementBytes(rules)];
  if (size > limit) refuse('ANNOUNCEMENT_TOO_LARGE', `it has ${size} bytes, and the list of a batch at most ${limit}`);
  const bytes = fromHex(announcement);
  const end = bytes.length - SIGNATURE_BYTES;
  const payload = readRlpItem(bytes, 0, end);
  const fields = payload === undefined ? undefined : readRlpList(bytes, payload);
  if (payload?.to !== end || fields === undefined) refuse('ANNOUNCEMENT_FORM', 'it is no RLP list and a signature');
  const [versionItem, hashItem, listItem] = fields;
  const version = versionItem === undefined ? undefined : readRlpUint(bytes, versionItem, 8);
  if (version === undefined) refuse('ANNOUNCEMENT_FORM', 'it has no version');
  if (version !== VERSION) refuse('ANNOUNCEMENT_VERSION', `it has version ${version}, and ${VERSION} is known`);
  if (fields.length !== 3 || hashItem === undefined || hashItem.isList || listItem === undefined) {
    refuse('ANNOUNCEMENT_FORM', 'it is not [version, batchHash, list]');
  }
  const hash = toHex(bytes.subarray(hashItem.from, hashItem.to));
  if (hash !== batchHash) refuse('ANNOUNCEMENT_OTHER_BATCH', `it is of batch ${hash}, not ${batchHash}`);
  const signer = signerOf(bytes.subarray(0, end), bytes.subarray(end));
  if (sequencer !== undefined && signer !== sequencer.toLowerCase()) {
    refuse('ANNOUNCEMENT_SIGNATURE', `${signer ?? 'nobody'} has signed it, not the sequencer ${sequencer}`);
  }
  return decodeAccessList(bytes.subarray(listItem.start, listItem.to), accessListLimits(rules));
}

function announcementHash(payload: Uint8Array): Hex {
  return keccak256(concat([domain('announcement'), keccak256(payload)]));
}

/** Whoever signed, by the only signature of a key that is accepted (s at most n/2). */
function signerOf(payload: Uint8Array, signature: Uint8Array): Address | undefined {
  const [r, s, yParity] = [signature.subarray(0, 32), signature.subarray(32, 64), signature[64]].map((part) =>
    part instanceof Uint8Array ? bytesToBigint(part) : BigInt(part ?? 2),
  ) as [bigint, bigint, bigint];
  if (s > MAX_S || yParity > 1n) return undefined;
  return recoverSender(fromHex(announcementHash(payload)), yParity === 1n ? 1 : 0, r, s);
}

function refuse(code: AnnouncementErrorCode, why: string): never {
  throw new AnnouncementError(code, `The announcement is not used: ${why}.`);
}
