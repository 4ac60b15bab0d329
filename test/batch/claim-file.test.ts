import { describe, expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import { parseClaimFile } from '../../src/batch/claim-file.js';
import { type DiffItem, diffHash } from '../../src/batch/diff.js';
import { EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { claimText } from '../helpers/claim-text.js';

const A = `0x${'aa'.repeat(20)}` as const;
const B = `0x${'bb'.repeat(20)}` as const;

const ITEMS: readonly DiffItem[] = [
  { address: A, nonce: 3n, slots: [] },
  {
    ...{ address: B, balance: 2n ** 255n, codeHash: EMPTY_CODE_HASH },
    slots: [
      { key: word(1n), value: 0n },
      { key: word(7n), value: 2n ** 256n - 1n },
    ],
  },
];

describe('a claim file', () => {
  it('is read as the diff that it would be, in whatever order and case it is written', () => {
    expect(parseClaimFile(claimText(ITEMS))).toEqual(ITEMS);
    const [first, second] = ITEMS;
    const turned = claimText([{ ...second!, slots: [...second!.slots].reverse() }, first!]);
    const upper = turned.replaceAll('bb', 'BB');
    expect(parseClaimFile(upper)).toEqual(ITEMS);
    expect(diffHash(parseClaimFile(upper))).toBe(diffHash(ITEMS));
    expect(parseClaimFile('{}')).toEqual([]);
  });

  it.each<[name: string, text: string, code: string, says: RegExp]>([
    ['no JSON', 'diff', 'BATCH_FILE_JSON', /The claim file is not JSON/],
    ['a list', '[]', 'BATCH_FILE_FIELD', /\(top level\)/],
    ['a short address', '{ "0x12": {} }', 'BATCH_FILE_FIELD', /field 0x12: this key must be 0x and 40 hex digits/],
    ['an address in two cases', `{ "${A}": {}, "0x${'AA'.repeat(20)}": {} }`, 'BATCH_FILE_FIELD', /twice/],
    ['an address twice', `{ "${A}": {}, "${A}": {} }`, 'BATCH_FILE_FIELD', /twice/],
    ['a negative nonce', `{ "${A}": { "nonce": -1 } }`, 'BATCH_FILE_FIELD', /nonce: must be an unsigned integer/],
    ['a nonce of 2^64', `{ "${A}": { "nonce": "${2n ** 64n}" } }`, 'BATCH_FILE_FIELD', /nonce: .*below 2\^64/],
    ['another field', `{ "${A}": { "stake": 1 } }`, 'BATCH_FILE_FIELD', /stake/],
    ['a short code hash', `{ "${A}": { "codeHash": "0x00" } }`, 'BATCH_FILE_FIELD', /codeHash: must be 0x and 64/],
    ['a short slot', `{ "${A}": { "slots": { "7": 1 } } }`, 'BATCH_FILE_FIELD', /slots\.7: this key must be 0x and 64/],
    [
      'a slot without value',
      `{ "${A}": { "slots": { "${word(7n)}": null } } }`,
      'BATCH_FILE_FIELD',
      /must be an unsigned/,
    ],
  ])('is refused with %s', (_, text, code, says) => {
    expect(() => parseClaimFile(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(says) }));
  });
});
