import { concat, type Hex, keccak256, recoverAddress, toBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeAccessList } from '../../src/batch/access-list.js';
import { accessListLimits, withBytes } from '../../src/batch/access-list-limits.js';
import { maxAnnouncementBytes, openAnnouncement, sealAnnouncement } from '../../src/batch/announcement.js';
import { byteLength, fromHex, toHex, word } from '../../src/batch/bytes.js';
import { decodeAccessList } from '../../src/batch/decode-access-list.js';
import { differences } from '../../src/batch/differences.js';
import { batchHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf } from '../../src/batch/sign.js';
import { DeltaproofError } from '../../src/errors/base.js';
import { SeededRandom } from '../../src/samples/random.js';
import { randomList, sampleReplay } from '../helpers/access-lists.js';
import { LIARS, type Truth } from '../helpers/liars.js';

const sequencer = privateKeyToAccount(privateKeyOf('sequencer', 0));
const LIMITS = accessListLimits(RULES_V2);
/** With code, which no batch of this version creates. */
const WITH_CODE = withBytes({ ...LIMITS, codes: 100 });

describe('an access list', () => {
  const seed = process.env.DELTAPROOF_SEED ?? String(Date.now());

  it('is read back as it was, byte for byte', async () => {
    console.log(`access lists: seed ${seed}`);
    const random = new SeededRandom(`access lists ${seed}`);
    for (let i = 0; i < 300; i++) {
      const list = randomList(random);
      const encoded = encodeAccessList(list);
      expect(await decodeAccessList(fromHex(encoded), WITH_CODE)).toEqual(list);
    }
    expect(encodeAccessList([])).toBe('0xc0');
  });

  it('is read, whatever the bytes are, as what encodes to them, or refused by name', async () => {
    const random = new SeededRandom(`hostile lists ${seed}`);
    const codes = new Set<string>();
    let read = 0;
    for (let i = 0; i < 3_000; i++) {
      const bytes = Buffer.from(encodeAccessList(randomList(random)).slice(2), 'hex');
      for (let n = random.below(3); n >= 0; n--) bytes[random.below(bytes.length)] = random.below(256);
      const encoded = toHex(random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes);
      try {
        expect(encodeAccessList(await decodeAccessList(fromHex(encoded), WITH_CODE))).toBe(encoded);
        read++;
      } catch (error) {
        if (!(error instanceof DeltaproofError)) throw error;
        codes.add(error.code);
      }
    }
    expect(read).toBeGreaterThan(100);
    expect(codes).toContain('ACCESS_LIST_FORM');
    expect(codes.size).toBeGreaterThan(2);
  });

  it('has limits that follow from the rules', () => {
    expect(LIMITS).toEqual({
      ...{ accounts: 3_214, slots: 2_846, balances: 3_000, nonces: 1_000, codes: 0, index: 1_000 },
      bytes: 4 + 3_214 * 45 + 2_846 * 78 + 3_000 * 37 + 1_000 * 13,
    });
    expect(maxAnnouncementBytes(RULES_V2)).toBeLessThan(500_000);
  });
});

describe('an announcement', () => {
  let truth: Truth;
  const expected = () => ({ batchHash: truth.batchHash, sequencer: sequencer.address, rules: RULES_V2 });

  beforeAll(async () => {
    const { replay } = await sampleReplay('announcement 1');
    truth = { batchHash: batchHash(replay.batch.header), list: replay.blockAccessList };
  });

  it('of the sequencer is opened, whatever the case of its address', async () => {
    const bytes = await sealAnnouncement(truth, sequencer);
    expect(await openAnnouncement(bytes, expected())).toEqual(truth.list);
    expect(await openAnnouncement(bytes, { ...expected(), sequencer: sequencer.address.toLowerCase() as Hex })).toEqual(
      truth.list,
    );
  });

  it('has these bytes', async () => {
    const list = [
      {
        address: `0x${'0a'.repeat(20)}` as const,
        storageChanges: [{ slot: word(1n), changes: [{ index: 2, value: 0n }] }],
        storageReads: [word(0x100n)],
        balanceChanges: [{ index: 1, value: 1_000n }],
        nonceChanges: [{ index: 1, value: 1n }],
        codeChanges: [],
      },
    ];
    const rlp = 'eceb940a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0ac6c501c3c20280c3820100c5c4018203e8c3c20101c0';
    expect(encodeAccessList(list)).toBe(`0x${rlp}`);
    const hash = word(7n);
    const sealed = await sealAnnouncement({ batchHash: hash, list }, sequencer);
    expect(sealed.slice(0, -130)).toBe(`0xf84f01a0${hash.slice(2)}${rlp}`);
    const domain = keccak256(toBytes('deltaproof/announcement/1'));
    const signed = keccak256(concat([domain, keccak256(sealed.slice(0, -130) as Hex)]));
    const signature: Hex = `0x${sealed.slice(-130, -2)}${sealed.endsWith('00') ? '1b' : '1c'}`;
    expect(await recoverAddress({ hash: signed, signature })).toBe(sequencer.address);
  });

  it.each(LIARS)('$name: $reason', async ({ reason, lie }) => {
    const bytes = await lie(truth, sequencer);
    if (reason === 'differs') {
      const list = await openAnnouncement(bytes, expected());
      expect(encodeAccessList(list)).not.toBe(encodeAccessList(truth.list));
      const found = differences(list, truth.list);
      expect(found.count).toBeGreaterThan(0);
      expect(found.first.length).toBe(Math.min(found.count, 10));
      for (const { announced, produced } of found.first) expect(announced).not.toBe(produced);
    } else {
      await expect(openAnnouncement(bytes, expected())).rejects.toMatchObject({ code: reason });
    }
  });

  it('that is too large is refused before anything of it is read', async () => {
    const huge: Hex = `0x${'00'.repeat(maxAnnouncementBytes(RULES_V2) + 1)}`;
    const unread = { ...expected(), batchHash: word(0n), sequencer: undefined as never };
    await expect(openAnnouncement(huge, unread)).rejects.toMatchObject({ code: 'ANNOUNCEMENT_TOO_LARGE' });
  });

  it('is never opened when its bytes are changed', async () => {
    const bytes = Buffer.from((await sealAnnouncement(truth, sequencer)).slice(2), 'hex');
    const random = new SeededRandom('changed announcements');
    for (let i = 0; i < 200; i++) {
      const changed = Buffer.from(bytes);
      const at = i < 70 ? bytes.length - 1 - i : random.below(bytes.length);
      changed[at] = changed[at]! ^ (1 << random.below(8));
      await expect(openAnnouncement(toHex(changed), expected())).rejects.toThrow(DeltaproofError);
    }
  });

  it('says nothing else than what execution produced when it is true', () =>
    expect(differences(truth.list, truth.list)).toEqual({ count: 0, first: [] }));

  it('of a whole batch is small', async () => {
    const { replay } = await sampleReplay('announcement 1');
    const posted = replay.batch.txs.reduce((sum, tx) => sum + byteLength(tx), 0);
    expect(byteLength(await sealAnnouncement(truth, sequencer))).toBeLessThan(2 * posted);
  });
});
