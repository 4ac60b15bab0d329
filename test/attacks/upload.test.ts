import { concat, type Hex, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitForReceipt } from '../../src/l1/send-call.js';
import { decodePart, encodePart, PART_KINDS } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { encodeAccounts } from '../../src/statement/table-accounts.js';
import { reTabled, tablesOf } from '../helpers/bundles.js';
import { randomSlots, withTables } from '../helpers/code-samples.js';
import { UploadWorld } from '../helpers/upload-world.js';

const SEED = process.env.FUZZ_SEED ?? `upload-${Date.now()}`;
console.log(`hostile uploads: seed ${SEED}`);

let world: UploadWorld;
let random: SeededRandom;
/** An honest bundle in mode diff, of which the head is on L1; each test leaves it there. */
let bundle: Bundle;
/** Where its parts of each kind begin. */
let first: Record<string, number>;

beforeAll(async () => {
  world = await UploadWorld.start();
  random = new SeededRandom(SEED);
  // Two parts of each kind.
  const halves = (honest: Bundle): Bundle => ({ ...honest, parts: honest.parts.flatMap(halved) });
  bundle = await world.bundle({ random, change: halves });
  await world.send(world.begin(bundle));
  const kinds = bundle.parts.map((part) => decodePart(part).kind);
  first = Object.fromEntries(PART_KINDS.map((kind) => [kind, kinds.indexOf(kind)]));
});
afterAll(() => world?.stop());

/** The part and an empty one of its kind; the head alone. */
function halved(part: Hex): Hex[] {
  const { kind } = decodePart(part);
  return kind === 'head' ? [part] : [part, encodePart(kind, '0x')];
}

const flip = (hex: Hex, at: number): Hex =>
  concat([
    at === 0 ? '0x' : slice(hex, 0, at),
    toHex(Number(slice(hex, at, at + 1)) ^ (1 << random.below(8)), { size: 1 }),
    at + 1 === size(hex) ? '0x' : slice(hex, at + 1),
  ]);

/** How feeding `parts` in place of part i ends, when all before it are on L1. */
async function instead(i: number, parts: readonly Hex[], rest = world.dues(bundle)[i + 1]!): Promise<string> {
  return atPart(i, () => world.outcome(world.feed(bundle, i, i + 1, [...parts], rest)));
}

/** Runs with part i due, and brings L1 back. */
async function atPart<T>(i: number, run: () => Promise<T>): Promise<T> {
  const { reader } = world.l1;
  const id = await reader.request({ method: 'evm_snapshot' } as never);
  try {
    if (i > 1) await world.send(world.feed(bundle, 1, i));
    return await run();
  } finally {
    await reader.request({ method: 'evm_revert', params: [id] } as never);
  }
}

describe('a part that is not the one that is due', () => {
  it('a later part of the same kind first', async () => {
    expect(await instead(1, [bundle.parts[2]!], world.dues(bundle)[3]!)).toBe('WrongPart');
    expect(await instead(1, [bundle.parts[2]!, bundle.parts[1]!], world.dues(bundle)[3]!)).toBe('WrongPart');
  });

  it('a part left out', async () => {
    const { accounts } = first as { accounts: number };
    expect(await instead(accounts, [bundle.parts[accounts + 1]!], world.dues(bundle)[accounts + 2]!)).toBe('WrongPart');
  });

  it('a part twice, in one transaction or in two', async () => {
    for (const i of [first.transactions!, first.accounts!, first.proofs!]) {
      const part = bundle.parts[i]!;
      expect(await instead(i, [part, part])).toBe('WrongPart');
      const again = await atPart(i + 1, () => world.outcome(world.feed(bundle, i)));
      expect(again).toBe('WrongPart');
    }
  });

  it('a byte changed, in a part of any kind', async () => {
    for (const kind of PART_KINDS.slice(1)) {
      const i = first[kind]!;
      const part = bundle.parts[i]!;
      // Of a proof what the seed binds: its shape and its commitment.
      const at = kind === 'proofs' ? 1 + random.below(65) : 1 + random.below(size(part) - 1);
      expect(await instead(i, [flip(part, at)]), `${kind}, byte ${at} of seed ${SEED}`).toBe('WrongPart');
    }
  });

  it('a part cut short, or with a byte more', async () => {
    for (const kind of ['transactions', 'accounts', 'codes', 'keccaks'] as const) {
      const part = bundle.parts[first[kind]!]!;
      expect(await instead(first[kind]!, [slice(part, 0, size(part) - 1)])).toBe('WrongPart');
      expect(await instead(first[kind]!, [`${part}00`])).toBe('WrongPart');
    }
  });

  it('a part of another bundle', async () => {
    const other = await world.bundle({ random });
    for (const kind of ['transactions', 'accounts', 'proofs'] as const) {
      const part = other.parts.find((one) => decodePart(one).kind === kind)!;
      // The proofs have the same commitments here: then it is their challenge that they do not fit.
      expect(await instead(first[kind]!, [part])).toBe(kind === 'proofs' ? 'InvalidProof' : 'WrongPart');
    }
  });

  it('more proofs than are bound, or fewer, or in another order', async () => {
    const i = first.proofs! + 0;
    const [part, next] = [bundle.parts[i]!, bundle.parts.at(-1)!];
    const record = slice(next, 1, 1 + RECORD_BYTES);
    expect(await instead(i, [concat([part, record])])).toBe('WrongPart');
    expect(await instead(i, ['0x05'])).toBe('NoProofs');
    expect(await instead(i, [slice(part, 0, RECORD_BYTES)])).toBe('BadLength');
    const last = bundle.parts.length - 1;
    const two = slice(next, 1 + RECORD_BYTES, 1 + 2 * RECORD_BYTES);
    const rest = slice(next, 1 + 2 * RECORD_BYTES);
    expect(await instead(last, [concat(['0x05', record, two])])).toBe('WrongPart');
    expect(await instead(last, [concat(['0x05', two, record, rest])])).toBe('WrongPart');
  });

  it('another kind for the same bytes', async () => {
    const i = first.accounts!;
    for (const kind of ['0x00', '0x01', '0x03', '0x04', '0x06', '0xff'] as const) {
      expect(await instead(i, [concat([kind, slice(bundle.parts[i]!, 1)])])).toBe('WrongPart');
    }
    expect(await instead(i, ['0x'])).toBe('WrongKind');
  });

  it('two parts joined, one cut in two: borders are bound', async () => {
    const i = first.accounts!;
    const [a, b] = [bundle.parts[i]!, bundle.parts[i + 1]!];
    expect(await instead(i, [concat([a, slice(`${b}00`, 1, 2)])], world.dues(bundle)[i + 2]!)).toBe('WrongPart');
    const cut = [slice(a, 0, 1 + 168), concat(['0x02', slice(a, 1 + 168)])];
    expect(await instead(i, cut)).toBe('WrongPart');
  });

  it('another link behind it than the frozen one', async () => {
    const i = first.codes!;
    const links = world.dues(bundle);
    for (const rest of [links[i]!, links[i + 2]!, links.at(-1)!, random.hex(32)]) {
      expect(await instead(i, [bundle.parts[i]!], rest)).toBe('WrongPart');
    }
  });

  it('nothing at all', async () => {
    expect(await instead(1, [], world.dues(bundle)[1]!)).toBe('WrongKind');
  });
});

describe('a session', () => {
  it('begun twice, with as many parts or with others', async () => {
    expect(await world.outcome(world.begin(bundle))).toBe('Begun');
    expect(await world.outcome(world.begin(bundle, 3))).toBe('Begun');
  });

  it('fed before it is begun', async () => {
    const other = await world.bundle({ random });
    expect(await world.outcome(world.feed(other, 1))).toBe('NotBegun');
    expect(await world.result(other)).toBe('NotBegun');
  });

  it('begun without the head, or with something behind a first head that is none', async () => {
    const { parts } = bundle;
    const headless = { ...bundle, parts: parts.slice(1) };
    expect(await world.outcome(world.begin(headless))).toBe('WrongKind');
    const twice = { ...bundle, parts: [parts[0]!, ...parts] };
    expect(await world.outcome(world.begin(twice, 2))).toBe('WrongKind');
    expect(await world.outcome(world.begin({ ...bundle, parts: [] }, 0))).toBe('WrongKind');
  });

  it('fed after its end', async () => {
    await atPart(bundle.parts.length, async () => {
      const last = bundle.parts.length - 1;
      expect(await world.result(bundle)).toMatch(/^0x/);
      for (const parts of [[bundle.parts[last]!], [bundle.parts[1]!], ['0x05' as Hex]]) {
        expect(await world.outcome(world.feed(bundle, last, last + 1, parts))).toBe('Finished');
      }
    });
  });

  it('asked for its result before its end', async () => {
    for (const i of [1, first.proofs!, bundle.parts.length - 1]) {
      expect(await atPart(i, () => world.result(bundle))).toBe('NotFinished');
    }
  });

  it('asked for the result of another statement, payee or link', async () => {
    await atPart(bundle.parts.length, async () => {
      const others: Partial<Bundle>[] = [
        { beneficiary: random.hex(20) },
        { value: bundle.value ^ 1n },
        { preRoot: bundle.preRoot ^ 1n },
        { mode: 'root', value: 5n },
        { header: { ...bundle.header, timestamp: bundle.header.timestamp ^ 1n } },
      ];
      const [frozen] = world.dues(bundle) as [Hex];
      for (const other of others) expect(await world.result({ ...bundle, ...other }, frozen)).toBe('NotBegun');
      expect(await world.result(bundle, world.dues(bundle)[1]!)).toBe('NotBegun');
    });
  });

  it('begun for another beneficiary: its challenge is another one, so the proofs are none', async () => {
    const thief = { ...bundle, beneficiary: random.hex(20) };
    await world.send(world.begin(thief));
    await world.send(world.feed(thief, 1, first.proofs!));
    expect(await world.outcome(world.feed(thief, first.proofs!))).toBe('InvalidProof');
    // Nor do they fit the session of the one who made them.
    expect(world.seed(thief)).not.toBe(world.seed(bundle));
  });

  it('is as it was after a part that is refused', async () => {
    const seed = world.seed(bundle);
    const before = await world.client.session(seed);
    const wrong = world.feed(bundle, 1, 2, [flip(bundle.parts[1]!, 9)]);
    const hash = await world.l1.wallet.sendTransaction({ ...wrong, gas: 3_000_000n });
    expect((await waitForReceipt(world.l1.reader, hash)).status).toBe('reverted');
    expect(await world.client.session(seed)).toEqual(before);
    expect(await world.outcome(world.feed(bundle, 1))).toBe('accepted');
  });
});

describe('frozen so by a hostile prover, nothing comes of', () => {
  /** Uploads what it can of a bundle; yields how it ends: the first refusal, or what `result` says. */
  async function end(hostile: Bundle): Promise<string> {
    const begun = await world.outcome(world.begin(hostile));
    if (begun !== 'accepted') return begun;
    await world.send(world.begin(hostile));
    for (let i = 1; i < hostile.parts.length; i++) {
      const fed = await world.outcome(world.feed(hostile, i));
      if (fed !== 'accepted') return fed;
      await world.send(world.feed(hostile, i));
    }
    return world.result(hostile);
  }
  /** One of its accounts has a hundred slots. */
  const manySlots = (b: Bundle): Bundle => {
    const { accounts } = tablesOf(b);
    const account = accounts[0]!;
    return withTables(b, {
      accounts: accounts.with(0, { ...account, slots: randomSlots(random, 'diff', account, 100) }),
    });
  };

  it('a bus that does not balance', async () => {
    expect(await end(await world.bundle({ random, off: 1n }))).toBe('BusNotBalanced');
    expect(await end(await world.bundle({ random, mode: 'root', off: random.bits(200) }))).toBe('BusNotBalanced');
  });

  it('no proof', async () => {
    const honest = await world.bundle({ random });
    const parts = honest.parts.filter((part) => decodePart(part).kind !== 'proofs');
    expect(await end({ ...honest, parts })).toBe('NoProofs');
  });

  it('a proof that does not hold, or a sum that is not its own', async () => {
    const honest = await world.bundle({ random });
    for (const at of [1 + 65 + 20, size(honest.parts.at(-1)!) - 200]) {
      const parts = honest.parts.with(-1, flip(honest.parts.at(-1)!, at));
      expect(await end({ ...honest, parts })).toMatch(
        /^(InvalidProof|PointNotOnCurve|BadG2Point|SumNotCanonical|Begun)$/,
      );
    }
  });

  it('a diff that is not the one that is stated', async () => {
    const honest = await world.bundle({ random });
    expect(await end({ ...honest, value: honest.value ^ 1n })).toBe('InvalidProof');
    expect(await end(await world.bundle({ random, lie: (b) => ({ ...b, value: b.value ^ 1n }) }))).toBe('WrongDiff');
  });

  it('transactions that are not those of the header', async () => {
    const lie = (b: Bundle) => ({ ...b, header: { ...b.header, txsHash: random.hex(32) } });
    expect(await end(await world.bundle({ random, lie }))).toBe('WrongTransactions');
  });

  it('fewer transactions than are read', async () => {
    const honest = await world.bundle({ random });
    const { read } = tablesOf(honest);
    const head = concat(['0x00', toHex(read + 3, { size: 4 }), slice(honest.parts[0]!, 5)]);
    expect(await end({ ...honest, parts: honest.parts.with(0, head) })).toBe('WrongTransactions');
  });

  it('an item cut off that the work left suffices for, in a part of its own', async () => {
    // The last item is cut off, in a part with others or alone; the head says that there is work for it.
    const honest = await world.bundle({ random });
    const whole = reTabled(honest, { work: 2n ** 40n }).parts;
    const items = whole[1]!;
    const alone = [slice(items, 0, size(items) - 35), encodePart('transactions', slice(items, size(items) - 35))];
    for (const parts of [whole, whole.toSpliced(1, 1, ...alone)]) {
      expect(await end({ ...honest, parts })).toBe('CutOffTooEarly');
    }
  });

  it('addresses or code hashes that do not ascend from one part to the next', async () => {
    const honest = await world.bundle({ random });
    for (const kind of ['accounts', 'codes'] as const) {
      // The last one: no account goes on behind it.
      const part = honest.parts.findLast((one) => decodePart(one).kind === kind && size(one) > 1)!;
      const at = honest.parts.lastIndexOf(part);
      expect(await end({ ...honest, parts: honest.parts.toSpliced(at, 0, part) })).toBe('NotSorted');
    }
  });

  it('kinds that fall, or another head', async () => {
    const honest = await world.bundle({ random });
    const tables = honest.parts.filter((part) => decodePart(part).kind !== 'proofs');
    const proofs = honest.parts.slice(tables.length);
    for (const wrong of ['0x01', '0x00', '0x03', tables[0]!] as Hex[]) {
      expect(await end({ ...honest, parts: [...tables, '0x04', wrong, ...proofs] }), wrong).toBe('WrongKind');
    }
  });

  it('an account that goes on otherwise, or never', async () => {
    const honest = await world.bundle({ random, accounts: 'present', change: manySlots });
    const { accounts } = Object.fromEntries(honest.parts.map((part, i) => [decodePart(part).kind, i]));
    const entries = encodeAccounts(tablesOf(honest).accounts, 'diff', 20).map((entry) => encodePart('accounts', entry));
    const before = honest.parts.slice(
      0,
      honest.parts.findIndex((part) => decodePart(part).kind === 'accounts'),
    );
    const after = honest.parts.slice(accounts! + 1);
    const further = entries.findIndex((entry, i) => i > 0 && slice(entry, 1, 21) === slice(entries[i - 1]!, 1, 21));
    const uploaded = (list: readonly Hex[]) => end({ ...honest, parts: [...before, ...list, ...after] });
    expect(await uploaded(entries)).toMatch(/^0x|InvalidProof/);
    for (const at of [1, 30, 150, 1 + 168, 1 + 168 + 32, 1 + 168 + 33, 1 + 168 + 37]) {
      expect(await uploaded(entries.with(further, flip(entries[further]!, at))), `byte ${at}`).toBe('WrongAccount');
    }
    // The first half's own bytes, read as a state to go on from: not this one, whether they fit into the entry or not.
    expect(await uploaded(entries.toSpliced(further, 0, entries[further - 1]!))).toMatch(/^(WrongAccount|BadTables)$/);
    expect(await uploaded(entries.slice(0, further))).toBe('BadTables');
    const none = concat([slice(entries[further - 1]!, 0, 1 + 166), '0x8000']);
    expect(await uploaded(entries.with(further - 1, none))).toBe('BadTables');
  });
});
