import { mod } from '../../src/bus/field.js';
import { term } from '../../src/bus/tuple.js';
import type { BranchNode } from '../../src/trie/node.js';
import { rowByHand, trieForgeries } from '../helpers/trie/forgery.js';
import * as w from '../helpers/trie/forgery-world.js';
import type { Trace } from '../helpers/trie/slot-trace.js';

const { nodes, TRIE, branchRow, bare, nothingAt } = w;

/** A trie without key 1, and nodes that lead down to it from above any root. */
const without1 = nodes.branch({ 2: w.leaf2, 3: w.leaf1 });
const above = nodes.branch({ 1: without1, 2: w.leaf2 });
const higher = nodes.extension('0', above);
const highest = nodes.extension('00', higher);
const once = (n: number): bigint[] => Array.from({ length: 16 }, (_, k) => (k === n ? 1n : 0n));

/** "Key 1 is absent", shown in a trie that is not the one of L1's root. */
const claim = (...rows: Trace['rows']): Trace =>
  bare(w.pre, w.pre, [nothingAt('1')], [branchRow('', without1, 0n, { e: 1n, a: once(1) }), ...rows]);
/** Its root, given by a branch one nibble above: depth -1 has the six bits that the chip asks for. */
const oneAbove = rowByHand('branch', {
  ...{ trie: TRIE, q: 0n, d: mod(-1n), X: above, c: (nodes.get(above) as BranchNode).children },
  ...{ e: 1n, a: once(1) },
});
const extension = (d: bigint, X: bigint, C: bigint, len: bigint) =>
  rowByHand('ext', { trie: TRIE, q: 0n, d: mod(d), X, path: 16n ** len, w: 16n ** len, len, C, e: 1n, m: 1n });

/** The same with all above it, the first one given. */
const given = (): Trace => {
  const { rows, terms } = claim(oneAbove, extension(-2n, higher, above, 1n), extension(-4n, highest, higher, 2n));
  return { rows, terms: [...terms, term(1n, 'AT', { X: highest, trie: TRIE, q: 0n, d: mod(-4n) })] };
};

/**
 * A look-up of AT must come down from the root that L1 gives. Rows above it satisfy their constraints, and extensions may
 * stand at any depth; but each takes an AT of its own from further above. Nobody gives the first one.
 */
trieForgeries('look-ups from above the root', [
  { name: 'nothing above', caughtBy: 'AT', honest: given, change: () => claim() },
  { name: 'a branch above', caughtBy: 'AT', honest: given, change: () => claim(oneAbove) },
  {
    name: 'a branch and an extension above',
    caughtBy: 'AT',
    honest: given,
    change: () => claim(oneAbove, extension(-2n, higher, above, 1n)),
  },
  {
    name: 'and one more',
    caughtBy: 'AT',
    honest: given,
    change: () => claim(oneAbove, extension(-2n, higher, above, 1n), extension(-4n, highest, higher, 2n)),
  },
]).describe();
