import { describe, expect, it } from 'vitest';
import { mod } from '../../src/bus/field.js';
import { cellsOf, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { rootTerms } from '../../src/trie/statement.js';
import { chipCircuit, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { ConstraintFailed } from '../helpers/chips/witness.js';
import { cell, changeRow, ForgedNodes, rowByHand } from '../helpers/trie/forgery.js';
import { makeGhost } from '../helpers/trie/ghost.js';
import { left } from '../helpers/trie/slot-trace.js';

describe('the ghost subtree (branch.circom, "the bound d <= 62")', () => {
  const ghost = makeGhost();
  const nodes = new ForgedNodes();
  const leaves = { 1: nodes.leaf('1'.repeat(63), 11n), 2: nodes.leaf('2'.repeat(63), 22n) };
  const pre = nodes.branch(leaves);
  const post = nodes.branch({ ...leaves, 9: ghost.digest });
  const top = (X: bigint, s: bigint) => {
    const node = nodes.get(X);
    if (node.kind !== 'branch') throw new Error('the roots are branches');
    return rowByHand('branch', { q: 1n, X, c: node.children, s: mod(s) });
  };
  // Nothing is listed, yet post has a ninth child.
  const rows = [top(pre, 1n), top(post, -1n), ...ghost.rows({ trie: 0n, q: 25n, d: 1n }, -1n)];

  it('balances: 2,299 rows would prove a wrong root with nothing listed', () => {
    expect(pre).not.toBe(post);
    expect(left({ rows, terms: rootTerms('root', 0n, pre, post, 0n) })).toEqual([]);
    expect(rows.length).toBe(2_299);
  });

  it('is refused by the depth bound of branch, and by nothing else', async () => {
    const seed = testSeed();
    const challenge = randomChallenge(randomOf(seed, 'ghost'));
    const circuits = { branch: await chipCircuit(CHIPS.branch!), ext: await chipCircuit(CHIPS.ext!) };
    const verdict = (row: TraceRow) => {
      try {
        circuits[row.chip as 'branch' | 'ext'].witness(cellsOf(CHIPS[row.chip]!, row.row), challenge);
        return 'accepted';
      } catch (error) {
        if (error instanceof ConstraintFailed) return 'refused';
        throw error;
      }
    };
    const replay = `DELTAPROOF_SEED=${seed}`;
    const branches = rows.filter(({ chip }) => chip === 'branch');
    const deep = branches.filter((row) => cell(row, 'd') > 62n);
    for (const row of branches) expect(verdict(row), replay).toBe(deep.includes(row) ? 'refused' : 'accepted');
    for (const row of deep.slice(0, 50)) expect(verdict(changeRow(row, { d: 62n })), replay).toBe('accepted');
    for (const row of rows.filter(({ chip }) => chip === 'ext').slice(0, 50))
      expect(verdict(row), replay).toBe('accepted');
  });
});
