import { toLimbs } from '../../../src/bus/field.js';
import { type Term, type Tuple, term, tuple } from '../../../src/bus/tuple.js';
import type { TraceRow } from '../../../src/chips/chip.js';
import { digestOf } from '../../../src/trie/digest.js';
import type { BranchNode } from '../../../src/trie/node.js';
import { type Path, positionOf, splitKey, splitPath } from '../../../src/trie/path.js';
import { rootTerms } from '../../../src/trie/statement.js';
import { ForgedNodes, rowByHand } from './forgery.js';
import { type SlotChange, slotTrace, type Trace } from './slot-trace.js';

/** The small storage trie (number TRIE) that forgeries are played on, and short ways to write rows and tuples of it. */
export const TRIE = 9n;
export const nodes = new ForgedNodes();
export const [v1, v2, v3] = [11n, 22n, 33n << 200n] as const;

/** A key: a few nibbles, then fives. */
export const key = (start: string): Path => start.padEnd(64, '5');
/** The rest of a key from a depth on. */
export const rest = (start: string, depth: number): Path => key(start).slice(depth);
/** A change (or, pre = post, a read) of the access list; 0 is absent. */
export const change = (start: string, pre: bigint, post: bigint): SlotChange => ({ key: key(start), pre, post });

export const leaf1 = nodes.leaf(rest('1', 1), v1);
export const leaf2 = nodes.leaf(rest('2', 1), v2);
const deep = nodes.branch({ 10: nodes.leaf(rest('3a', 2), v1), 11: nodes.leaf(rest('3b', 2), v2) });
/** Keys 1, 2, 3a, 3b; `updated` has v3 at 1. */
export const pre = nodes.branch({ 1: leaf1, 2: leaf2, 3: deep });
export const updated = nodes.branch({ 1: nodes.leaf(rest('1', 1), v3), 2: leaf2, 3: deep });
export const changed2 = nodes.branch({ 1: nodes.leaf(rest('1', 1), v3), 2: nodes.leaf(rest('2', 1), v3), 3: deep });
export const dropped2 = nodes.branch({ 1: nodes.leaf(rest('1', 1), v3), 3: deep });
/** Keys 1 and 2. */
export const two = nodes.branch({ 1: leaf1, 2: leaf2 });
/** Keys 7771 and 7772 behind an extension. */
export const branch777 = nodes.branch({ 1: nodes.leaf(rest('7771', 4), v1), 2: nodes.leaf(rest('7772', 4), v2) });
export const ext777 = nodes.extension('777', branch777);
/** The same with key 778. */
export const ext77 = nodes.extension('77', nodes.branch({ 7: branch777, 8: nodes.leaf(rest('778', 3), v3) }));

/** The honest rows and tuples of a list. */
export const trace = (from: bigint, to: bigint, ...slots: SlotChange[]): Trace =>
  slotTrace(TRIE, from, to, slots, nodes.get);

/** Rows of what really changed, tuples of what is claimed. */
export function lie(from: bigint, to: bigint, real: readonly SlotChange[], claimed: readonly Term[]): Trace {
  return bare(from, to, claimed, trace(from, to, ...real).rows);
}

/** The roots, tuples and rows, all by hand. */
export function bare(from: bigint, to: bigint, terms: readonly Term[], rows: readonly TraceRow[], uses = 0n): Trace {
  return { terms: [...rootTerms('root', TRIE, from, to, uses), ...terms], rows: [...rows] };
}

/** KV or RKV of a key split at a depth. */
export function kv(start: string, depth: number, value: bigint, name: 'KV' | 'RKV' = 'KV'): Tuple {
  const [hi, lo] = toLimbs(value);
  return tuple(name, { trie: TRIE, ...splitKey(key(start), depth), hi, lo });
}

/** What L1 takes for an old value, and gives for a new one. */
export const old = (start: string, depth: number, value: bigint): Term => ({
  weight: -1n,
  tuple: kv(start, depth, value),
});
export const now = (start: string, depth: number, value: bigint): Term => ({
  weight: 1n,
  tuple: kv(start, depth, value),
});
/** What L1 takes for "nothing at this place". */
export const nothingAt = (path: Path): Term => term(-1n, 'AT', { X: 0n, trie: TRIE, ...positionOf(path) });

/** Position columns of a place. */
export const place = (path: Path) => ({ trie: TRIE, ...positionOf(path) });

/** A branch row of a node. */
export function branchRow(path: Path, X: bigint, s: bigint, more: Record<string, bigint | bigint[]> = {}): TraceRow {
  return rowByHand('branch', { ...place(path), X, c: (nodes.get(X) as BranchNode).children, s, ...more });
}

/** The row of a key's leaf that stands at a depth. */
export function leafRow(start: string, depth: number, value: bigint, s: bigint): TraceRow {
  const path = rest(start, depth);
  const [hi, lo] = toLimbs(value);
  const X = digestOf({ kind: 'leaf', path, value: { kind: 'slot', value } });
  return rowByHand('slotleaf', { ...place(key(start).slice(0, depth)), X, ...splitPath(path), hi, lo, s });
}

/** A trace with some of L1's tuples replaced. */
export function withTerms(from: Trace, replace: (term: Term) => Term): Trace {
  return { ...from, terms: from.terms.map(replace) };
}
