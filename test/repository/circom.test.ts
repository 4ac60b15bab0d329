import { describe, expect, it } from 'vitest';
import { complaintsOf } from '../../src/build/circom-form.js';
import { filesIn, textOf } from './files.js';

describe('the form of Circom files', () => {
  it.each(filesIn('circuits', '.circom'))('%s', (path) => expect(complaintsOf(textOf(path))).toEqual([]));

  it.each([
    ['template A() {\n    o <== 1;\n}\n', []],
    [`// ${'x'.repeat(158)}\n`, ['1: 161 columns, not 160 at most']],
    ['a \n', ['1: space at the end']],
    ['  a\n', ['1: 2 spaces before it, no multiple of 4']],
    ['a\tb\n', ['1: a tab']],
    ['a', ['1: the file ends in one line break']],
    ['a\n\n', ['3: the file ends in one line break']],
  ])('%j', (text, complaints) => expect(complaintsOf(text)).toEqual(complaints));
});
