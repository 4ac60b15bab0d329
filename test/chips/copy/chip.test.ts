import { keccakword } from '../../../src/chips/keccakword.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { wordRows } from '../../helpers/hash-rows.js';

describeChip(keccakword, {
  constraints: 19,
  rows: (random) => [...wordRows(keccakword, random, 64n, 96n), ...wordRows(keccakword, random, 32n, 50n)],
});
