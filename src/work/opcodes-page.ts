import { join } from 'node:path';
import { packageRoot } from '../build/package-root.js';
import { OPCODES, type Opcode, UNCOVERED_OPCODES } from '../evm/opcodes.js';
import type { Counts } from './counts-file.js';

/** When a chip beside an opcode's own one executes it. */
const WHEN: Readonly<Partial<Record<string, string>>> = {
  mask: 'AND with 2^160 - 1',
  pow2: 'SHL of 1',
  keccak64: 'two whole words',
  unaligned: 'an offset that 32 does not divide',
  badjump: 'to a wrong place',
  badjumpi: 'to a wrong place',
};

/** Where `docs/OPCODES.md` stands. */
export function opcodesPagePath(): string {
  return join(packageRoot(), 'docs', 'OPCODES.md');
}

/** The text of `docs/OPCODES.md`: opcodes by chip, with what a row costs. */
export function opcodesPage({ chips }: Pick<Counts, 'chips'>): string {
  const opcodes = Object.values(OPCODES).map((opcode) => opcode!);
  const cost = (chip: string) => `\`${chip}\` ${chips[chip]!.constraints}`;
  const lines = [...new Set(opcodes.map(({ chip }) => chip))].map((chip) => {
    const group = opcodes.filter((opcode) => opcode.chip === chip);
    const variants = [...new Set(group.flatMap((opcode) => opcode.variants))];
    const others = variants.map((name) => `${cost(name)}${WHEN[name] === undefined ? '' : ` (${WHEN[name]})`}`);
    return `| ${namesOf(group)} | ${gasOf(group)} | ${[cost(chip), ...others].join(', ')} |`;
  });
  return `# Opcodes
Made by \`npm run counts -- --write\` from the table (\`src/evm/opcodes.ts\`) and the counts of circuits. A row is one step and costs so many
constraints. The circuit, the mirror, the step and the test of an opcode have the name of its chip's file. Gas is the constant part.

| opcodes | gas | chip and constraints a row |
|---|---|---|
${lines.join('\n')}

Beside its step: a word of memory ${cost('memcell')}, memory that grows ${cost('expansion')}, a word hashed ${cost('copyword')} or
${cost('copybytes')}, a push in the code ${cost('pushdata2')}, ${cost('pushdata4')} or ${cost('pushdata32')}. PUSH1 1, PUSH1 1, PUSH1 160, SHL, SUB in one row: ${cost('addressmask')}. A frame halts by ${cost('halt')}
(no opcode, gas, stack) or ${cost('memhalt')} (memory too dear).

Not covered by this version, which halts their frame as INVALID does: ${Object.values(UNCOVERED_OPCODES).join(', ')}; and KECCAK256 of more than
64 KiB or beyond the batch's work.
`;
}

/** `PUSH1 .. PUSH32` for a family of more than five, else the names. */
function namesOf(group: readonly Opcode[]): string {
  const names = group.map(({ name }) => name);
  const stems = new Set(names.map((name) => name.replace(/\d+$/, '')));
  return stems.size === 1 && names.length > 5 ? `${names[0]} .. ${names.at(-1)}` : names.join(', ');
}

function gasOf(group: readonly Opcode[]): string {
  return [...new Set(group.map(({ gas }) => gas))].join(', ');
}
