import { concat, type Hex, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { inverse, mod } from '../../src/bus/field.js';
import { challengeOf, sumOf } from '../../src/bus/tuple.js';
import { DeltaproofError } from '../../src/errors/base.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { encodePart } from '../../src/proof/parts.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { encodeEntries, TABLE_KINDS } from '../../src/statement/parts.js';
import { contentOf } from '../helpers/bundles.js';
import { withCode } from '../helpers/code-samples.js';
import { NativeBench } from '../helpers/native-bench.js';
import { randomBundle } from '../helpers/native-samples.js';
import { outcomeOf } from '../helpers/test-l1.js';
import { fuzzTransactions } from '../helpers/transactions.js';

/**
 * Parts with any borders, entries of accounts with few slots each, and then a byte, an entry or a border changed at random: L1 and its
 * mirror refuse both or accept both, and what they accept makes the same tuples.
 */
const SEED = process.env.FUZZ_SEED ?? `mutated-${Date.now()}`;
console.log(`mutated parts: seed ${SEED}`);
const random = new SeededRandom(SEED);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 40);

let bench: NativeBench;
beforeAll(async () => {
  bench = await NativeBench.start(RULES_V2);
});
afterAll(() => bench?.stop());

/** Parts as lists of entries, the head first. */
type Entries = readonly Hex[];

function entriesIn(bundle: Bundle): Entries {
  const { head, ...lists } = encodeEntries(contentOf(bundle), 1 + random.below(9));
  return [
    encodePart('head', head),
    ...TABLE_KINDS.flatMap((kind) => lists[kind].map((entry) => encodePart(kind, entry))),
  ];
}

/** Neighbours of one kind in one part, at random. */
function joined(entries: Entries): Hex[] {
  const parts: Hex[] = [];
  for (const entry of entries) {
    const last = parts.at(-1);
    const joins = last !== undefined && slice(last, 0, 1) === slice(entry, 0, 1) && random.below(3) > 0;
    if (joins) parts[parts.length - 1] = concat([last, `0x${entry.slice(4)}`]);
    else parts.push(entry);
  }
  return parts;
}

const withByte = (hex: Hex, at: number, byte: number): Hex =>
  `0x${hex.slice(2, 2 + 2 * at)}${toHex(byte, { size: 1 }).slice(2)}${hex.slice(4 + 2 * at)}`;

/** Offset of a byte of an entry, often of one that L1 looks at: the kind, the head, what an account that goes on stood at. */
function place(entry: Hex): number {
  const at = random.pick([random.below(size(entry)), random.below(8), 167 + random.below(40)]);
  return Math.min(at, size(entry) - 1);
}

function mutated(entries: Entries): Entries {
  const i = random.below(entries.length);
  const entry = entries[i]!;
  const j = random.below(entries.length);
  const at = place(entry);
  return random.pick<() => Entries>([
    () => entries.with(i, withByte(entry, at, random.pick([0, 1, 2, 0x80, 0xff, random.below(256)]))),
    () =>
      entries.with(
        i,
        withByte(entry, at, Number.parseInt(entry.slice(2 + 2 * at, 4 + 2 * at), 16) ^ (1 << random.below(8))),
      ),
    () => entries.toSpliced(i, 1),
    () => entries.toSpliced(i, 0, entries[j]!),
    () => entries.with(i, entries[j]!).with(j, entry),
    () => entries.with(i, at === 0 ? '0x' : slice(entry, 0, at)),
    () =>
      at === 0 ? entries : entries.toSpliced(i, 1, slice(entry, 0, at), concat([slice(entry, 0, 1), slice(entry, at)])),
  ])();
}

/** Whether L1 and mirror accept the bundle: the same of both. */
async function accepted(bundle: Bundle): Promise<boolean> {
  const calldata = bundleCalldata(bundle);
  const challenge = challengeOf(random.bits(250), random.bits(250));
  const onL1 = await outcomeOf(bench.native(calldata, challenge.alpha, challenge.beta));
  let mirror = 'accepted';
  let sum = 0n;
  try {
    sum = sumOf(bench.terms(bundle), challenge);
  } catch (error) {
    if (!(error instanceof DeltaproofError)) throw error;
    mirror = error.message;
  }
  expect({ onL1, mirror, parts: bundle.parts }).toSatisfy(() => (onL1 === 'accepted') === (mirror === 'accepted'));
  if (onL1 !== 'accepted') return false;
  const [num, den] = await bench.native(calldata, challenge.alpha, challenge.beta);
  expect(mod(num * inverse(den))).toBe(sum);
  return true;
}

it('L1 and mirror agree', async () => {
  const pool = await fuzzTransactions(SEED, 40);
  let [taken, refused] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const mode = random.pick(['diff', 'root'] as const);
    const txs = Array.from({ length: random.below(4) }, () => random.pick(pool));
    const plain = randomBundle(random, mode, txs, random.below(txs.length + 1), 1 + random.below(4));
    const bundle = withCode(random, plain, { slots: 12, codes: 2, keccaks: 3 });
    const entries = entriesIn(bundle);
    expect(await accepted({ ...bundle, parts: joined(entries) }), `round ${round}`).toBe(true);
    for (let i = 0; i < 8; i++) {
      if (await accepted({ ...bundle, parts: joined(mutated(entries)) })) taken++;
      else refused++;
    }
  }
  console.log(`${taken} taken, ${refused} refused`);
  // Hundreds of each: none of one kind is no luck.
  expect(Math.min(taken, refused)).toBeGreaterThan(0);
});
