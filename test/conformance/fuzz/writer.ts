import { OP, OPCODES } from '../../../src/evm/opcodes.js';

const NUMBERS = new Map(Object.entries(OPCODES).map(([op, opcode]) => [opcode!.name, Number(op)] as const));

/** The number of a covered opcode. */
export function numberOf(name: string): number {
  const op = NUMBERS.get(name);
  if (op === undefined) throw new Error(`no opcode ${name}`);
  return op;
}

/** A place in a code that a jump names, before or after it is known. */
export interface Label {
  at?: number;
  readonly uses: number[];
}

/** Writes code, and knows the height of the stack as long as the code is executed from top to bottom. */
export class Writer {
  readonly bytes: number[] = [];
  height = 0;

  /** Covered opcodes by name. */
  op(...names: readonly string[]): void {
    for (const name of names) this.byte(numberOf(name));
  }

  /** Any opcode; the stack follows it if it is covered. */
  byte(op: number): void {
    const { pops = 0, pushes = 0 } = OPCODES[op] ?? {};
    this.bytes.push(op);
    this.height += pushes - pops;
  }

  /** Bytes that are not executed. */
  raw(...bytes: readonly number[]): void {
    this.bytes.push(...bytes);
  }

  /** Pushes a number, by the shortest push of at least `width` bytes (0: PUSH0 for 0). */
  push(value: bigint, width = 0): void {
    const hex = value === 0n ? '' : value.toString(16);
    const length = Math.max(width, Math.ceil(hex.length / 2));
    this.byte(OP.PUSH0 + length);
    this.raw(...Buffer.from(hex.padStart(2 * length, '0'), 'hex'));
  }

  /** Pushes where a label is, or will be. */
  pushLabel(label: Label): void {
    this.byte(OP.PUSH2);
    label.uses.push(this.bytes.length);
    this.raw(0, 0);
    this.#link(label);
  }

  /** The label is here: a JUMPDEST. */
  place(label: Label): void {
    label.at = this.bytes.length;
    this.op('JUMPDEST');
    this.#link(label);
  }

  #link({ at, uses }: Label): void {
    if (at === undefined) return;
    for (const use of uses) {
      this.bytes[use] = at >> 8;
      this.bytes[use + 1] = at & 0xff;
    }
  }
}
