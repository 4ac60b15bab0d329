import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { announcementsFrom, announcerInto, fetchAnnouncement } from '../../prover/agents/announcements.js';
import { differenceLines } from '../../prover/explain/announcement.js';
import { AnnouncementFolder } from '../../prover/node/announcement-folder.js';
import { maxAnnouncementBytes, openAnnouncement, sealAnnouncement } from '../../src/batch/announcement.js';
import { toHex, word } from '../../src/batch/bytes.js';
import { differences } from '../../src/batch/differences.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf } from '../../src/batch/sign.js';
import type { Replay } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { BatchRecord } from '../../src/state/record.js';
import { openWorld, type RpcWorld } from './world.js';

const rules = RULES_V2;
const sequencer = privateKeyToAccount(privateKeyOf('sequencer', 0));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deltaproof-announcements-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a sequencer that announces', () => {
  let announcements: AnnouncementFolder;
  let world: RpcWorld;
  let record: BatchRecord;
  let replay: Replay;
  let announced: Hex;

  beforeAll(async () => {
    announcements = await AnnouncementFolder.open(join(folder, 'served'));
    world = await openWorld('announcements', {}, { announcements });
    const [a, b] = world.genesis.signers;
    record = await world.makeBatch([await world.transfer(a!), await world.transfer(b!)]);
    ({ replay } = await replayBatch(await world.node.state.asOf(0n), record.batch, rules));
    const { batchHash } = record;
    announced = await sealAnnouncement({ batchHash, list: replay.blockAccessList }, sequencer);
    const failed = vi.fn();
    announcerInto(announcements, sequencer, failed).publish(1n, batchHash, announced);
    await vi.waitFor(async () => expect(await announcements.get(batchHash)).toBe(announced));
    expect(failed).not.toHaveBeenCalled();
  });
  afterAll(() => world.close());

  it('hands its announcement out, by number, tag and hash', async () => {
    for (const ref of ['0x1', 'latest', { blockHash: record.batchHash }]) {
      expect((await world.call('deltaproof_getAnnouncement', ref)).result).toBe(announced);
    }
    expect((await world.call('deltaproof_getAnnouncement', { blockHash: word(5n) })).result).toBe(null);
    expect((await world.call('deltaproof_getAnnouncement', '0x2')).error?.data.code).toBe('RPC_BLOCK_UNKNOWN');
  });

  it('is asked by a follower, who finds what its own execution produces', async () => {
    const fetched = await fetchAnnouncement(world.rpc.url, record.batchHash, { rules });
    const expected = { batchHash: record.batchHash, sequencer: sequencer.address, rules };
    expect(await openAnnouncement(fetched!, expected)).toEqual(replay.blockAccessList);
    expect(await fetchAnnouncement(world.rpc.url, word(5n), { rules })).toBe(undefined);
    const errors: unknown[] = [];
    const from = (url: string) =>
      announcementsFrom(url, { rules }, (error) => errors.push(error))(1n, record.batchHash);
    expect(await from(world.rpc.url)).toBe(fetched);
    expect(errors).toEqual([]);
    expect(await from('http://127.0.0.1:9')).toBe(undefined);
    expect(errors).toEqual([expect.objectContaining({ code: 'ANNOUNCEMENT_UNAVAILABLE' })]);
  });

  it('that announces nothing says so', async () => {
    const silent = await openWorld('silent', {});
    await silent.makeBatch([await silent.transfer(silent.genesis.signers[0]!)]);
    expect((await silent.call('deltaproof_getAnnouncement', 'latest')).result).toBe(null);
    await silent.close();
  });
});

describe('a follower whom nobody answers well', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  async function ask(listener: RequestListener, timeout = 2_000) {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return fetchAnnouncement(url, word(1n), { rules, timeout }).catch(({ code }: { code: string }) => code);
  }

  it.each<[string, RequestListener, string]>([
    ['nothing', (_, response) => response.destroy(), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['not in time', () => {}, 'ANNOUNCEMENT_UNAVAILABLE'],
    ['half of it, then nothing', (_, response) => void response.write('{"result":'), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['an HTTP error', (_, response) => void response.writeHead(500).end(), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['no JSON', (_, response) => void response.end('<html>'), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['null alone', (_, response) => void response.end('null'), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['an error', (_, response) => void response.end('{"error":{"message":"no"}}'), 'ANNOUNCEMENT_UNAVAILABLE'],
    ['no bytes', (_, response) => void response.end('{"result":"0xzz"}'), 'ANNOUNCEMENT_FORM'],
    ['a list', (_, response) => void response.end('{"result":[]}'), 'ANNOUNCEMENT_FORM'],
  ])('%s', async (_, listener, code) => expect(await ask(listener, 300)).toBe(code));

  it('without end is left at the limit', async () => {
    let sent = 0;
    const answer = await ask((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('a'.repeat(65_536))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    }, 20_000);
    expect(answer).toBe('ANNOUNCEMENT_TOO_LARGE');
    expect(sent).toBeLessThan(2 * maxAnnouncementBytes(rules) + 16 * 2 ** 20);
  });

  it('stops when it is told to', async () => {
    const stop = AbortSignal.abort();
    const fetched = fetchAnnouncement('http://127.0.0.1:9', word(1n), { rules, signal: stop });
    await expect(fetched).rejects.toMatchObject({ code: 'ANNOUNCEMENT_UNAVAILABLE', retryable: true });
  });
});

describe('announcements on disk', () => {
  const bytes = (n: number): Hex => toHex(Uint8Array.of(n, n));

  it('are those of the newest batches, also after a start', async () => {
    const path = join(folder, 'bounded');
    const kept = await AnnouncementFolder.open(path, 3);
    for (let n = 1; n <= 9; n++) await kept.put(BigInt(n), word(BigInt(n)), bytes(n));
    await writeFile(join(path, `${'0'.repeat(20)}-${word(1n)}.new`), 'half');
    for (const opened of [kept, await AnnouncementFolder.open(path, 3)]) {
      for (let n = 1; n <= 9; n++) expect(await opened.get(word(BigInt(n)))).toBe(n > 6 ? bytes(n) : undefined);
    }
    expect(await readdir(path)).toHaveLength(3);
    // another batch of the same number, after a reorganisation
    await kept.put(9n, word(99n), bytes(10));
    expect([await kept.get(word(9n)), await kept.get(word(99n))]).toEqual([bytes(9), bytes(10)]);
  });

  it('leave what else is in their folder alone', async () => {
    const path = join(folder, 'shared');
    await mkdir(join(path, 'other'), { recursive: true });
    await writeFile(join(path, 'other', 'file'), 'mine');
    await writeFile(join(path, 'key'), 'mine');
    await AnnouncementFolder.open(path);
    expect((await readdir(path)).sort()).toEqual(['key', 'other']);
    expect(await readdir(join(path, 'other'))).toEqual(['file']);
  });

  it('that cannot be kept are an error with a name, and one that is lost is none', async () => {
    const path = join(folder, 'lost');
    const kept = await AnnouncementFolder.open(path);
    await kept.put(1n, word(1n), bytes(1));
    await rm(path, { recursive: true });
    expect(await kept.get(word(1n))).toBe(undefined);
    const unwritable = { code: 'ANNOUNCEMENT_UNWRITABLE', retryable: true };
    await expect(kept.put(2n, word(2n), bytes(2))).rejects.toMatchObject(unwritable);
    const failed = vi.fn();
    announcerInto(kept, sequencer, failed).publish(2n, word(2n), bytes(2));
    await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(expect.objectContaining(unwritable)));
    await writeFile(join(folder, 'file'), '');
    await expect(AnnouncementFolder.open(join(folder, 'file'))).rejects.toMatchObject(unwritable);
  });
});

describe('how lists differ, in words', () => {
  const A: Hex = `0x${'0a'.repeat(20)}`;
  const nothing = { storageChanges: [], storageReads: [], balanceChanges: [], nonceChanges: [], codeChanges: [] };
  const B: Hex = `0x${'0b'.repeat(20)}`;
  const produced = [
    {
      ...{ ...nothing, address: A, storageReads: [word(2n)], nonceChanges: [{ index: 1, value: 4n }] },
      storageChanges: [{ slot: word(1n), changes: [{ index: 2, value: 5n }] }],
    },
  ];
  const announced = [
    {
      ...{ ...nothing, address: A, storageReads: [word(3n)], nonceChanges: [{ index: 1, value: 5n }] },
      storageChanges: [{ slot: word(1n), changes: [{ index: 3, value: 5n }] }],
    },
    { ...nothing, address: B },
  ];

  it('says what is announced and what is not', () => {
    const found = differences(announced, produced);
    expect(differenceLines(found)).toEqual([
      `nonce of ${A} after item 1: announced 5, produced 4`,
      `slot ${word(1n)} of ${A} after item 2: announced nothing, produced 0x5`,
      `slot ${word(1n)} of ${A} after item 3: announced 0x5, produced nothing`,
      `slot ${word(2n)} of ${A}: read and not changed, not announced`,
      `slot ${word(3n)} of ${A}: announced as read and not changed, which it is not`,
      `account ${B}: announced as touched, which it is not`,
    ]);
    expect(found.first[0]).toEqual({ address: A, field: 'nonce', index: 1, announced: '5', produced: '4' });
    expect(differenceLines(differences(announced, produced, 2)).at(-1)).toBe('and 4 more');
  });
});
