import type { Hex } from 'viem';
import { OPCODES, type Opcode, UNCOVERED_OPCODES } from '../../src/evm/opcodes.js';

const NUMBERS = new Map<string, number>([['INVALID', 0xfe]]);
for (let op = 0; op < 256; op++) {
  const name = OPCODES[op]?.name ?? UNCOVERED_OPCODES[op];
  if (name !== undefined) NUMBERS.set(name, op);
}

/** Code from names of opcodes and hex bytes, separated by spaces: `PUSH1 0x2a PUSH0 SSTORE`. */
export function assemble(text: string): Hex {
  const parts = text
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => {
      if (token.startsWith('0x')) return token.slice(2);
      const op = NUMBERS.get(token);
      if (op === undefined) throw new Error(`no opcode ${token}`);
      return op.toString(16).padStart(2, '0');
    });
  return `0x${parts.join('')}`;
}

/** An opcode that reads and leaves nothing but the stack, by the table alone: items are pushed, it runs, what it pushes is popped. */
export function stackOnly({ name, pops, pushes }: Opcode): string {
  return [...Array<string>(pops).fill('PUSH1 0x03'), name, ...Array<string>(pushes).fill('POP')].join(' ');
}
