import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { OPCODES, UNCOVERED_OPCODES } from '../../src/evm/opcodes.js';

/** Families that the README writes as `PUSH1 .. PUSH32`. */
const FAMILY = /^(PUSH[1-9]|DUP|SWAP)\d*$/;

describe("the README's table of opcodes", () => {
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  const table = readme.split('### Opcode by opcode')[1]!.split('\n## ')[0]!;
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  const uncovered = lines.filter((line) => line.includes('halt their frame'));
  const covered = lines.filter((line) => !uncovered.includes(line));

  it.each(Object.values(OPCODES).map((opcode) => opcode!.name))('covers %s', (name) => {
    const family = name.replace(/\d+/, '');
    const shown = FAMILY.test(name) ? `${family}1 [.]{2} ${family}\\d+` : name;
    expect(covered.map((line) => line.split('|')[1]).join()).toMatch(new RegExp(`\\b${shown}\\b`));
  });

  it.each(Object.values(UNCOVERED_OPCODES))('says that %s halts its frame', (name) => {
    expect(uncovered.join()).toMatch(new RegExp(`\\b${name}\\b`));
    expect(covered.map((line) => line.split('|')[1]).join()).not.toMatch(new RegExp(`\\b${name}\\b`));
  });
});
