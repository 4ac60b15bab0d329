import { expect, it } from 'vitest';
import { fieldsOf, PLACES } from '../../../src/bus/layout.js';
import { copyword } from '../../../src/chips/copyword.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { wordRows } from '../../helpers/hash-rows.js';

describeChip(copyword, {
  constraints: 19,
  rows: (random) => [...wordRows(copyword, random, 64n, 96n), ...wordRows(copyword, random, 32n, 50n)],
});

it('takes and hands on copies from memory to the input of a hash, whatever its cells say', () => {
  const columns = Object.entries(copyword.columns).map(([name, n]) => [name, n === 1 ? 7n : Array<bigint>(n).fill(7n)]);
  const copies = copyword.terms(Object.fromEntries(columns)).filter(({ tuple }) => tuple.name === 'COPY');
  const kinds = ['fromKind', 'toKind'].map((field) => fieldsOf('COPY').indexOf(field));
  expect(copies.map(({ tuple: { values } }) => kinds.map((kind) => values[kind]))).toEqual([
    [BigInt(PLACES.memory), BigInt(PLACES.hash)],
    [BigInt(PLACES.memory), BigInt(PLACES.hash)],
  ]);
});
