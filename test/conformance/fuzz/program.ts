import { type Hex, toHex } from 'viem';
import { OP, OPCODES, UNCOVERED_OPCODES } from '../../../src/evm/opcodes.js';
import type { Random } from '../../helpers/chips/random.js';
import { anyWord, length, offset, slotKey, slotValue } from './values.js';
import { type Label, numberOf, Writer } from './writer.js';

const SHIFTS = ['SHL', 'SHR', 'SAR', 'BYTE', 'SIGNEXTEND'];
/** Opcodes whose operands may be anything. */
const PLAIN = Object.values(OPCODES)
  .map((opcode) => opcode!)
  .filter(({ chip }) => ['add', 'mul', 'div', 'compare', 'bitwise', 'env', 'dup', 'swap', 'pop'].includes(chip))
  .map(({ name }) => name)
  .concat('PC', 'MSIZE', 'GAS', 'JUMPDEST', ...SHIFTS);
/** Of these, those that make one word of two. */
const BINARY = PLAIN.filter((name) => {
  const { pops, pushes } = OPCODES[numberOf(name)]!;
  return pops === 2 && pushes === 1;
});
const UNCOVERED = Object.keys(UNCOVERED_OPCODES).map(Number);

/**
 * A random program of covered opcodes. Most run to an end of their own; some overflow or underflow the stack, jump wrong, expand memory beyond
 * any gas, or meet an opcode that is none or is not covered.
 */
export function randomProgram(random: Random): Hex {
  const kind = random.int(100);
  if (kind < 5) return toHex(Uint8Array.from({ length: 1 + random.int(200) }, () => random.int(256)));
  const author = new Author(random);
  author.statements(2 + random.int(kind < 50 ? 12 : 45), 0, 0);
  author.end();
  return toHex(Uint8Array.from(author.writer.bytes));
}

/** Writes statements: each leaves the stack at a height that the writer knows, never below `floor`. */
class Author {
  readonly writer = new Writer();

  constructor(readonly random: Random) {}

  statements(count: number, floor: number, nesting: number): void {
    for (let i = 0; i < count; i++) this.#statement(floor, nesting);
  }

  #statement(floor: number, nesting: number): void {
    const kind = this.random.int(100);
    if (kind < 52) this.#plain(floor);
    else if (kind < 65) this.#memory();
    else if (kind < 76) this.#storage();
    else if (kind < 81) this.#keccak();
    else if (kind < 83) this.#log();
    else if (kind < 85) this.#calldata();
    else if (kind < 87) this.#idiom();
    else if (kind < 92) this.#branch(nesting);
    else if (kind < 96) this.#loop(nesting);
    else if (kind < 99) this.#jumpOver();
    else this.#wild(floor);
  }

  #plain(floor: number): void {
    const { random, writer } = this;
    const name = random.pick(PLAIN);
    const { pops, chip } = OPCODES[numberOf(name)]!;
    if (BINARY.includes(name) && random.int(8) === 0) this.#twins();
    // DUPn looks below the floor, and leaves it.
    const least = chip === 'dup' ? pops : floor + pops;
    while (writer.height < least || (chip !== 'dup' && chip !== 'swap' && random.int(3) === 0)) this.#push();
    if (SHIFTS.includes(name) && random.int(3) > 0) writer.push(BigInt(random.int(random.pick([33, 260]))));
    writer.op(name);
  }

  /** Two equal words or two neighbours: where comparisons, divisions and carries turn. */
  #twins(): void {
    const { random, writer } = this;
    const value = anyWord(random);
    this.#push(value);
    if (random.bool()) writer.op('DUP1');
    else this.#push(BigInt.asUintN(256, value + random.pick([1n, -1n])));
  }

  #push(value = anyWord(this.random)): void {
    const width = this.random.int(8) === 0 ? this.random.int(33) : 0;
    this.writer.push(value, width);
  }

  #memory(): void {
    const { random, writer } = this;
    const name = random.pick(['MLOAD', 'MSTORE', 'MSTORE', 'MSTORE8']);
    if (name !== 'MLOAD' && (writer.height === 0 || random.bool())) this.#push();
    else if (name !== 'MLOAD') writer.op('DUP1');
    writer.push(offset(random));
    writer.op(name);
  }

  #storage(): void {
    const { random, writer } = this;
    const write = random.bool();
    if (write) {
      if (random.int(6) === 0 && writer.height > 0) writer.op('DUP1');
      else this.#push(slotValue(random));
    }
    writer.push(slotKey(random));
    writer.op(write ? 'SSTORE' : 'SLOAD');
  }

  #keccak(): void {
    const { random, writer } = this;
    if (random.int(3) === 0) {
      // As Solidity finds the slot of a mapping's entry: two words at 0.
      this.#push();
      writer.op('PUSH0', 'MSTORE');
      this.#push(slotKey(random));
      writer.push(32n);
      writer.op('MSTORE');
      writer.push(64n);
      writer.op('PUSH0', 'KECCAK256');
      if (random.bool()) writer.op('SLOAD');
      return;
    }
    writer.push(length(random));
    writer.push(offset(random));
    writer.op('KECCAK256');
  }

  #log(): void {
    const { random, writer } = this;
    const topics = random.int(5);
    for (let i = 0; i < topics; i++) this.#push();
    writer.push(length(random));
    writer.push(offset(random));
    writer.op(`LOG${topics}`);
  }

  #calldata(): void {
    const { random, writer } = this;
    writer.push(random.int(10) === 0 ? anyWord(random) : BigInt(random.int(120)));
    writer.op('CALLDATALOAD');
  }

  /** What compilers write often and some chips have rows of their own for. */
  #idiom(): void {
    const { random, writer } = this;
    const kind = random.int(3);
    if (kind === 0) {
      for (const value of [1n, 1n, random.pick([160n, 160n, 64n])]) writer.push(value);
      writer.op('SHL', 'SUB');
    } else if (kind === 1) {
      this.#push();
      writer.push((1n << 160n) - 1n);
      if (random.bool()) writer.op('SWAP1');
      writer.op('AND');
    } else {
      writer.push(1n);
      writer.push(BigInt(random.int(260)));
      writer.op('SHL');
    }
  }

  /** if (condition) statements, or with an else. Both ways leave the same height. */
  #branch(nesting: number): void {
    const { random, writer } = this;
    if (nesting > 2) return;
    const [other, end]: Label[] = [{ uses: [] }, { uses: [] }];
    if (writer.height > 0 && random.bool()) writer.op('DUP1');
    else this.#push(random.pick([0n, 1n, anyWord(random)]));
    if (random.bool()) writer.op('ISZERO');
    writer.pushLabel(other!);
    writer.op('JUMPI');
    const height = writer.height;
    this.#body(1 + random.int(5), height, nesting);
    if (random.bool()) {
      writer.pushLabel(end!);
      writer.op('JUMP');
      writer.place(other!);
      this.#body(1 + random.int(4), height, nesting);
      writer.place(end!);
    } else {
      writer.place(other!);
    }
  }

  /** A loop of a fixed number of rounds, its counter on the stack below the body. */
  #loop(nesting: number): void {
    const { random, writer } = this;
    if (nesting > 1) return;
    const head: Label = { uses: [] };
    writer.push(BigInt(1 + random.int(nesting === 0 ? 6 : 3)));
    writer.place(head);
    this.#body(1 + random.int(6), writer.height, nesting);
    writer.push(1n);
    writer.op('SWAP1', 'SUB', 'DUP1');
    writer.pushLabel(head);
    writer.op('JUMPI', 'POP');
  }

  /** Statements that leave the height as it was, and nothing below it changed in number. */
  #body(count: number, height: number, nesting: number): void {
    this.statements(count, height, nesting + 1);
    const { random, writer } = this;
    while (writer.height > height)
      writer.op(writer.height > height + 1 && random.int(4) > 0 ? random.pick(BINARY) : 'POP');
    while (writer.height < height) this.#push();
  }

  /** A jump over bytes that are not executed; now and then their last push takes the JUMPDEST for data. */
  #jumpOver(): void {
    const { random, writer } = this;
    const label: Label = { uses: [] };
    writer.pushLabel(label);
    if (random.bool()) {
      const mask = random.bits(random.pick([16, 256]));
      writer.push(mask);
      writer.op('XOR');
      writer.push(mask);
      writer.op('XOR');
    }
    writer.op('JUMP');
    writer.raw(...Array.from({ length: random.int(20) }, () => random.int(256)));
    if (random.int(12) > 0) writer.raw(...Array<number>(32).fill(0));
    writer.place(label);
  }

  /** What halts a frame, mostly. */
  #wild(floor: number): void {
    const { random, writer } = this;
    const kind = random.int(8);
    if (kind === 0) writer.byte(random.int(256));
    else if (kind === 1) writer.byte(random.pick(UNCOVERED));
    else if (kind === 2) writer.raw(...Array<number>(Math.max(0, writer.height - floor) + 1).fill(OP.POP));
    else if (kind === 3) writer.raw(random.pick([OP.DUP1, OP.SWAP1]) + 15);
    else if (kind === 4) {
      writer.push(random.pick([BigInt(random.int(writer.bytes.length + 60)), anyWord(random)]));
      writer.op('JUMP');
    } else if (kind === 5) {
      this.#push(random.pick([1n, anyWord(random)]));
      writer.push(random.pick([BigInt(random.int(writer.bytes.length + 60)), anyWord(random)]));
      writer.op('JUMPI');
    } else if (kind === 6) this.#overflow();
    else {
      writer.raw(OP.PUSH1 + random.int(32));
      writer.raw(...Array.from({ length: random.int(34) }, () => random.int(256)));
    }
  }

  /** Pushes until the stack is full, mostly; where the gas suffices. */
  #overflow(): void {
    const { random, writer } = this;
    const head: Label = { uses: [] };
    const each = 4 + random.int(12);
    writer.place(head);
    for (let i = 0; i < each; i++) writer.op(random.pick(['PUSH0', 'PC', 'CALLER', 'GAS']));
    writer.pushLabel(head);
    writer.op('JUMP');
  }

  end(): void {
    const { random, writer } = this;
    const kind = random.int(100);
    if (kind < 20) {
      writer.op('STOP');
    } else if (kind < 25) {
      writer.byte(0xfe);
    } else if (kind < 90) {
      writer.push(length(random));
      writer.push(offset(random));
      writer.op(kind < 65 ? 'RETURN' : 'REVERT');
    }
    if (kind < 90 && random.bool()) writer.raw(...Array.from({ length: random.int(40) }, () => random.int(256)));
  }
}
