import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { CHIPS } from '../../src/chips/index.js';
import { OPCODES } from '../../src/evm/opcodes.js';
import { filesIn, textOf } from './files.js';

const NAMED = Object.values(OPCODES).map((opcode) => [opcode!.name, opcode!] as const);

describe('whoever looks for an opcode finds', () => {
  it.each(NAMED)('%s: circuit, mirror, step and test, by the name of its chip', (_, { chip, variants }) => {
    const own = CHIPS[chip]!;
    const paths = [own, ...variants.map((name) => CHIPS[name]!)].flatMap(({ file }) => [
      `circuits/chips/${file}.circom`,
      `src/chips/${file}.ts`,
      `test/chips/${file}/chip.test.ts`,
    ]);
    const wanted = [...paths, `src/trace/steps/${own.file}.ts`];
    expect(wanted.filter((path) => !existsSync(join(packageRoot(), path)))).toEqual([]);
  });

  it('a test that names the chip', () => {
    const chips = new Set(NAMED.flatMap(([, { chip, variants }]) => [chip, ...variants]));
    const tested = (name: string) => textOf(`test/chips/${CHIPS[name]!.file}/chip.test.ts`).includes('describeChip(');
    expect([...chips].filter((name) => !tested(name))).toEqual([]);
  });
});

/** Files whose numbers of two hex digits are bytes of something else, with what they are. */
const BYTES_OF: Readonly<Record<string, string>> = {
  'src/evm/opcodes.ts': 'the table',
  'src/batch/rlp.ts': 'RLP',
  'src/batch/transaction.ts': 'RLP',
  'src/state/codec.ts': 'letters',
  'src/trie/mpt.ts': 'RLP',
  'test/attacks/mutated-parts.test.ts': 'any bytes',
  'test/attacks/work-edges.test.ts': 'places in memory',
  'test/batch/transaction.test.ts': 'RLP',
  'test/chips/mask/forgeries.ts': 'a part of a word',
  'test/chips/shift/forgeries.ts': 'a part of a word',
  'test/chips/unaligned/forgeries.ts': 'a byte stored',
  'test/bus/tuple.test.ts': 'a field as text',
  'test/contracts/tx-parser.test.ts': 'RLP',
  'test/helpers/transactions.ts': 'RLP',
  'test/l1/tables.test.ts': 'any numbers',
  'test/trace/forgeries/trie/nodes.ts': 'a path',
  'test/trie/statement.test.ts': 'a path',
};

/** Numbers of two hex digits in a program that are a covered opcode's, comments and strings left out; masks (`& 0x7f`) are none. */
function typedOpcodes(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandToken) {
      visit(node.left);
      return;
    }
    const word = ts.isNumericLiteral(node) || ts.isBigIntLiteral(node) ? node.getText() : '';
    if (/^0x[0-9a-f]{2}n?$/.test(word) && OPCODES[Number.parseInt(word, 16)] !== undefined) found.push(word);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.ts', text, ts.ScriptTarget.ES2022, true));
  return found;
}

describe("an opcode's number stands in the table alone", () => {
  it.each(['src', 'test', 'prover'])('in TypeScript: %s', (part) => {
    const typed = filesIn(part, '.ts')
      .filter((path) => !(path in BYTES_OF))
      .flatMap((path) => typedOpcodes(textOf(path)).map((word) => `${path}: ${word}`));
    expect(typed).toEqual([]);
  });

  it('in circuits', () => {
    const typed = filesIn('circuits', '.circom').flatMap((path) =>
      [
        ...textOf(path)
          .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
          .matchAll(/\b0x[0-9a-f]{2}\b/g),
      ].map(([word]) => `${path}: ${word}`),
    );
    expect(typed).toEqual([]);
  });

  it('which the scan finds', () => {
    expect(typedOpcodes("const a = 0x01; // 0x02\nf('0x03', 0x55n, `0x04`, x & 0x7f, 0x0c);")).toEqual([
      '0x01',
      '0x55n',
    ]);
  });
});
