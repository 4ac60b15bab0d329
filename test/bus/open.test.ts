import { describe, expect, it } from 'vitest';
import { imbalances } from '../../src/bus/balance.js';
import { R } from '../../src/bus/field.js';
import { OpenTuples } from '../../src/bus/open.js';
import { keyOf, type Term, term } from '../../src/bus/tuple.js';

const and4 = (weight: bigint, a: bigint, b: bigint, c: bigint) => term(weight, 'AND4', { a, b, c });
const opened = (...terms: Term[]) => {
  const open = new OpenTuples();
  open.add(terms);
  return open;
};

describe('open tuples', () => {
  it('counts entries of small tables as exactly as all others, in and outside of the table', () => {
    const looked = [
      and4(-1n, 15n, 15n, 15n),
      and4(-1n, 15n, 15n, 15n),
      and4(-1n, 16n, 0n, 0n),
      and4(-1n, 0n, 256n, 0n),
    ];
    const open = opened(...looked, term(-1n, 'RANGE12', { x: 4095n }), term(-1n, 'RANGE12', { x: 4096n }));
    expect(open.size).toBe(5);
    expect(open.due(and4(1n, 15n, 15n, 15n).tuple)).toBe(2n);
    open.add([and4(2n, 15n, 15n, 15n), and4(1n, 16n, 0n, 0n), and4(1n, 0n, 256n, 0n)]);
    expect(open.of('AND4')).toEqual([]);
    expect(open.of('RANGE12').map(({ values: [x] }) => x)).toEqual([4096n, 4095n]);
    open.add([term(1n, 'RANGE12', { x: 4095n }), term(1n, 'RANGE12', { x: 4096n })]);
    expect(open.size).toBe(0);
  });

  it('takes a byte of data for no opcode, and no opcode for a byte of data', () => {
    const byte = (x: bigint, move: bigint) => term(-1n, 'BYTE', { x, move, dest: 0n });
    const open = opened(byte(0n, 1n), byte(0n, 0n), byte(0n, 0n), byte(255n, 0n), byte(256n, 0n));
    expect(open.size).toBe(4);
    expect([0n, 1n].map((move) => open.due(byte(0n, move).tuple))).toEqual([2n, 1n]);
  });

  it('takes no tuple for another one whose sum of values is the same', () => {
    const pairs = [
      [and4(1n, 1n, 2n, 0n), and4(-1n, 2n, 1n, 0n)],
      [term(1n, 'POW2', { s: 1n, p: 23n }), term(-1n, 'POW2', { s: 12n, p: 3n })],
      [term(1n, 'CODELEN', { len: 1n, code: 2n }), term(-1n, 'DEST', { valid: 1n, code: 2n, pc: 0n })],
    ];
    for (const terms of pairs) expect(opened(...terms).size).toBe(2);
  });

  it('takes no look-up of a byte for one of the same byte elsewhere', () => {
    const byte = (x: bigint, move: bigint, dest: bigint) => term(-1n, 'BYTE', { x, move, dest });
    const looked = [byte(0n, 0n, 0n), byte(0n, 1n, 0n), byte(0n, 1n, 1n), byte(127n, 33n, 0n), byte(0n, 34n, 0n)];
    expect(opened(...looked, ...looked).of('BYTE').length).toBe(5);
  });

  it('adds weights up modulo r, and forgets what balances', () => {
    const ref = (weight: bigint) => term(weight, 'REF', { X: 5n, trie: 0n, q: 1n, d: 0n });
    const open = opened(ref(R - 5n), ref(2n));
    expect(open.surplus(keyOf(ref(1n).tuple))).toBe(R - 3n);
    expect(open.due(ref(1n).tuple)).toBe(3n);
    open.add([ref(3n)]);
    expect(open.size).toBe(0);
    expect(open.due(ref(1n).tuple)).toBe(0n);
  });

  it('names a thousand of those who touched a tuple at most', () => {
    const parts = Array.from({ length: 5_000 }, (_, i) => ({ origin: `row ${i}`, terms: [and4(-1n, 1n, 1n, 1n)] }));
    const [left, ...more] = imbalances(parts);
    expect(more).toEqual([]);
    expect(left).toMatchObject({ surplus: -5_000n });
    expect(left?.origins).toHaveLength(1_000);
  });
});
