import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesIn, textOf } from './files.js';

/** Codes that no test makes happen, and why. */
const UNTESTED: Readonly<Record<string, string>> = {
  DISPUTE_STUCK: 'The guard of the demo: agents that follow the rules leave no game standing.',
  L1_DEPLOY: 'Only an L1 that puts a contract elsewhere than its nonce says.',
};

/** L1's words stand in unions of their own; the codes are made of them. */
const WORDS: Readonly<Record<string, string>> = { Refusal: 'VERIFY_', StatementRefusal: 'STATEMENT_' };

/** A code, and what stands in sources where it is thrown: itself, or L1's word. */
interface Code {
  readonly code: string;
  readonly word: string;
}

function parsed(path: string): ts.SourceFile {
  return ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
}

/** Codes of the union types in `src/errors`. */
function declaredCodes(): Code[] {
  return filesIn('src/errors', '.ts').flatMap((path) =>
    parsed(path)
      .statements.filter(ts.isTypeAliasDeclaration)
      .flatMap(({ name: { text: name }, type }) => {
        const prefix = name.endsWith('ErrorCode') ? '' : WORDS[name];
        if (prefix === undefined) return [];
        return (ts.isUnionTypeNode(type) ? [...type.types] : [type]).flatMap((member) => {
          if (!ts.isLiteralTypeNode(member) || !ts.isStringLiteral(member.literal))
            throw new Error(`${name}: no literals`);
          const word = member.literal.text;
          return { code: prefix + (prefix === '' ? word : capitals(word)), word };
        });
      }),
  );
}

function capitals(word: string): string {
  return word.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}

/** Every string that is a value in a file: comments and types do not count. */
function stringsOf(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && !ts.isLiteralTypeNode(node.parent)) found.push(node.text);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(parsed(path));
  return found;
}

const CODES = declaredCodes();
const THROWN = new Set(['src', 'prover'].flatMap((part) => filesIn(part, '.ts').flatMap(stringsOf)));
const TESTS = filesIn('test', '.ts')
  .filter((path) => !path.startsWith('test/repository/'))
  .map(textOf)
  .join('\n');
const PAGE = textOf('docs/ERRORS.md');

describe('error codes', () => {
  it('are there, each once', () => {
    expect(CODES.length).toBeGreaterThan(100);
    expect(new Set(CODES.map(({ code }) => code)).size).toBe(CODES.length);
  });

  it('are thrown', () => {
    expect(CODES.filter(({ word }) => !THROWN.has(word))).toEqual([]);
  });

  it('are expected by a test', () => {
    const expected = ({ code, word }: Code) => new RegExp(`\\b(${code}|${word})\\b`).test(TESTS);
    const untested = CODES.filter((code) => !expected(code)).map(({ code }) => code);
    expect(untested.sort()).toEqual(Object.keys(UNTESTED).sort());
  });

  it('stand in docs/ERRORS.md, and no others', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];
    const documented = rows.flatMap(([, first, rest]) =>
      first!.includes('_') || first === 'UNEXPECTED'
        ? [first!]
        : [...rest!.matchAll(/`(\w+)`/g)].map(([, code]) => code!),
    );
    expect(documented.sort()).toEqual(CODES.map(({ code }) => code).sort());
  });

  it('have a cause and a remedy each in docs/ERRORS.md', () => {
    const bare = PAGE.split('\n').filter((line) => line.startsWith('| `') && /\|\s*\|/.test(line));
    expect(bare).toEqual([]);
  });
});
