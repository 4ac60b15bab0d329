import { describe as describeSuite, expect, it } from 'vitest';
import { inverse, mod } from '../../src/bus/field.js';
import { describe as nameOf, type Term, tuple } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import type { LeafValue } from '../../src/trie/node.js';
import { type Path, splitKey } from '../../src/trie/path.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { updateTrie } from '../../src/trie/update.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { cell, changeRow } from '../helpers/trie/forgery.js';
import { keyPicker } from '../helpers/trie/random.js';
import { slotTrace } from '../helpers/trie/slot-trace.js';

/**
 * Soundness by linear algebra, for small universes: all REF rows that exist for any two of five versions of a trie, at every
 * place that occurs, with any weights in the field. A false list of changes must not be in their span; a true one must.
 * Rows are taken as identities of the free module over REF and KV tuples; the attacker may name any depth for a key.
 */
const UNIVERSES = 8;
const VERSIONS = 5;
const KEYS = 6;
const TRIE = 1n;

type Vector = Map<string, bigint>;

/** Vectors over the field in echelon form, by the tuple each is the only one to lead with. */
class Span {
  readonly #basis = new Map<string, Vector>();

  /** What is left of a vector when everything in the span is taken off; empty exactly when it is in the span. */
  reduce(vector: Vector): Vector {
    for (;;) {
      const lead = [...vector.keys()].find((key) => this.#basis.has(key));
      if (lead === undefined) return vector;
      const factor = vector.get(lead)!;
      for (const [key, x] of this.#basis.get(lead)!) add(vector, key, -factor * x);
    }
  }

  insert(vector: Vector): void {
    const rest = this.reduce(vector);
    const [lead] = rest.keys();
    if (lead === undefined) return;
    const scale = inverse(rest.get(lead)!);
    for (const [key, x] of rest) rest.set(key, mod(x * scale));
    this.#basis.set(lead, rest);
  }

  has(terms: readonly Term[]): boolean {
    return this.reduce(vectorOf(terms)).size === 0;
  }
}

function add(vector: Vector, key: string, x: bigint): void {
  const sum = mod((vector.get(key) ?? 0n) + x);
  if (sum === 0n) vector.delete(key);
  else vector.set(key, sum);
}

function vectorOf(terms: readonly Term[]): Vector {
  const vector: Vector = new Map();
  for (const { weight, tuple } of terms) {
    if (tuple.name === 'REF' || tuple.name === 'KV') add(vector, nameOf(tuple), weight);
  }
  return vector;
}

interface Version {
  readonly root: bigint;
  readonly values: ReadonlyMap<Path, bigint>;
}

interface Change {
  readonly key: Path;
  readonly pre: bigint;
  readonly post: bigint;
}

/** Versions of a trie of few keys, each with value 1, value 2 or absent (0). */
function makeVersions(random: Random, keys: readonly Path[], store: MemoryTrieStore): Version[] {
  const values = new Map(keys.map((key) => [key, 0n]));
  let root = 0n;
  return Array.from({ length: VERSIONS }, () => {
    for (const key of keys) if (random.bool()) values.set(key, random.int(5) < 2 ? 0n : BigInt(1 + random.int(2)));
    const leaf = (value: bigint): LeafValue | null => (value === 0n ? null : { kind: 'slot', value });
    const updated = updateTrie(
      root,
      [...values].map(([key, value]) => ({ key, value: leaf(value) })),
      store.get,
    );
    for (const [digest, node] of updated.nodes) store.nodes.set(digest, node);
    root = updated.root;
    return { root, values: new Map(values) };
  });
}

const changes = (a: Version, b: Version): Change[] =>
  [...a.values].map(([key, pre]) => ({ key, pre, post: b.values.get(key)! })).filter(({ pre, post }) => pre !== post);

/** One change left out, with another post or pre value, or one too many. */
function liesAbout(list: readonly Change[], a: Version): Change[][] {
  const other = (value: bigint) => (value === 1n ? 2n : 1n);
  const replace = (i: number, change: Change) => list.map((old, j) => (j === i ? change : old));
  const lies = [
    ...list.map((_, i) => list.filter((_, j) => j !== i)),
    ...list.map((change, i) => replace(i, { ...change, post: other(change.post) })),
    ...list.map((change, i) => replace(i, { ...change, pre: other(change.pre) })),
    ...[...a.values]
      .filter(([key]) => !list.some((change) => change.key === key))
      .map(([key, pre]) => [...list, { key, pre, post: other(pre) }]),
  ];
  return lies.filter((lie) => lie.every(({ pre, post }) => pre !== post));
}

const kv = (key: Path, depth: number, value: bigint) =>
  tuple('KV', { trie: TRIE, ...splitKey(key, depth), hi: 0n, lo: value });
const root = (X: bigint) => tuple('REF', { X, trie: TRIE, q: 1n, d: 0n });

/** L1's tuples for a list; every key is named at depth 0, to which the span ties all other depths. */
const claim = (a: Version, b: Version, list: readonly Change[]): Term[] => [
  { weight: a.root, tuple: root(a.root) },
  { weight: -b.root, tuple: root(b.root) },
  ...list.flatMap(({ key, pre, post }) => [
    ...(pre === 0n ? [] : [{ weight: -1n, tuple: kv(key, 0, pre) }]),
    ...(post === 0n ? [] : [{ weight: 1n, tuple: kv(key, 0, post) }]),
  ]),
];

function spanOf(
  versions: readonly Version[],
  keys: readonly Path[],
  store: MemoryTrieStore,
): { span: Span; rows: number } {
  const rows: TraceRow[] = versions.flatMap((a) =>
    versions.flatMap((b) => slotTrace(TRIE, a.root, b.root, changes(a, b), store.get).rows),
  );
  const places = new Map<string, { q: bigint; d: bigint }>();
  const occurs = (q: bigint, d: bigint) => places.set(`${q},${d}`, { q, d });
  for (const row of rows) {
    const [q, d] = [cell(row, 'q'), cell(row, 'd')];
    occurs(q, d);
    if (row.chip === 'ext') occurs(q * cell(row, 'w') + cell(row, 'path') - cell(row, 'w'), d + cell(row, 'len'));
  }
  const span = new Span();
  const seen = new Set<string>();
  for (const row of rows) {
    for (const place of places.values()) {
      // `trie` too: a branch that is there for its lookup alone stands in no trie, and is the same node as one that does.
      const name = [row.chip, cell(row, 'X'), place.q, place.d].join();
      if (seen.has(name)) continue;
      seen.add(name);
      span.insert(vectorOf(CHIPS[row.chip]!.terms(changeRow(row, { ...place, trie: TRIE, s: 1n, e: 0n }).row)));
    }
  }
  for (const key of keys) {
    for (const value of [1n, 2n]) {
      for (const { d } of places.values()) {
        const depth = Number(d);
        span.insert(
          vectorOf([
            { weight: 1n, tuple: kv(key, 0, value) },
            { weight: -1n, tuple: kv(key, depth, value) },
          ]),
        );
      }
    }
  }
  return { span, rows: seen.size };
}

describeSuite('the span of all trie rows', () => {
  it('holds every true statement and no false one', { timeout: 300_000 }, () => {
    const seed = testSeed();
    const count = { rows: 0, trueStatements: 0, falseStatements: 0 };
    for (let universe = 0; universe < UNIVERSES; universe++) {
      const random = randomOf(seed, `span ${universe}`);
      const pick = keyPicker(random, 'raw');
      const keys = [...new Set(Array.from({ length: KEYS }, pick))];
      const store = new MemoryTrieStore();
      const versions = makeVersions(random, keys, store);
      const { span, rows } = spanOf(versions, keys, store);
      count.rows += rows;
      const pairs = versions.flatMap((a) => versions.map((b) => [a, b] as const));
      for (const [a, b] of pairs) {
        const where = `universe ${universe}, DELTAPROOF_SEED=${seed}`;
        const list = changes(a, b);
        expect(span.has(claim(a, b, list)), where).toBe(true);
        count.trueStatements++;
        for (const lie of liesAbout(list, a)) {
          expect(span.has(claim(a, b, lie)), where).toBe(false);
          count.falseStatements++;
        }
      }
    }
    console.log(`span of trie rows: DELTAPROOF_SEED=${seed}`, count);
    expect(count.falseStatements).toBeGreaterThan(100);
  });
});
