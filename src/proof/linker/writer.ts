import { orderFactors } from '../../build/factors.js';
import { endOfSide, forEachWire } from '../../build/r1cs.js';
import { R } from '../../bus/field.js';
import { littleEndian } from '../../bus/little-endian.js';
import { FRAME, POWERS, sortTerms, type Template, type Words } from './block.js';

/** Sizes of the file to be written. */
interface Sizes {
  /** Of all constraints, in words. */
  readonly words: number;
  readonly constraints: number;
  readonly wires: number;
  readonly committed: number;
}

/** Words of the file's head, of a section's head, and of the header section. */
const [FILE_HEAD, SECTION_HEAD, HEADER] = [3, 3, 16];
const [HEADER_SECTION, CONSTRAINTS_SECTION, SIGNALS_SECTION] = [1, 2, 3];

/** Writes an r1cs file as circom does: its constraints, its header, then the signal of each wire; all in 4-byte little-endian words. */
export class R1csWriter {
  readonly count: number;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #header: number;
  readonly #firstSignal: number;
  #constraintAt: number;
  #signalAt: number;

  constructor({ words, constraints, wires, committed }: Sizes) {
    this.count = constraints;
    const firstConstraint = FILE_HEAD + SECTION_HEAD;
    const header = firstConstraint + words + SECTION_HEAD;
    const firstSignal = header + HEADER + SECTION_HEAD;
    this.#words = new Uint32Array(firstSignal + 2 * wires);
    this.#header = header;
    this.#constraintAt = firstConstraint;
    this.#firstSignal = firstSignal;
    this.#signalAt = firstSignal;
    this.#words.set([Buffer.from('r1cs').readUInt32LE(), 1, 3]);
    this.#section(firstConstraint, CONSTRAINTS_SECTION, words);
    this.#section(header, HEADER_SECTION, HEADER);
    this.#section(firstSignal, SIGNALS_SECTION, 2 * wires);
    const field = Buffer.alloc(32);
    littleEndian(R, field);
    this.#words.set([32], header);
    this.#words.set(new Uint32Array(field.buffer, field.byteOffset, 8), header + 1);
    // Wires, outputs, public and private inputs, signals (u64, by `signals`), constraints.
    this.#words.set([wires, 1, FRAME.wires - 2, committed, 0, 0, constraints], header + 9);
  }

  /** The next constraints. */
  constraints(words: Words): void {
    this.#words.set(words, this.#constraintAt);
    this.#constraintAt += words.length;
  }

  /** The next constraints: those of a template's first row, and the same for its other rows, over each row's own wires. */
  rows(words: Words, { rows, cells, inner }: Template, firstPower: number): void {
    const cellsAt: number[] = [];
    const innerAt: number[] = [];
    for (let at = 0; at < words.length; at = endOfSide(words, at)) {
      forEachWire(words, at, (wire, term) => {
        if (wire >= firstPower + POWERS) innerAt.push(term);
        else if (wire >= FRAME.wires && wire < firstPower) cellsAt.push(term);
      });
    }
    for (let row = 0; row < rows; row++) {
      const from = this.#constraintAt;
      this.constraints(words);
      for (const at of cellsAt) this.#words[from + at]! += row * cells;
      for (const at of innerAt) this.#words[from + at]! += row * inner;
      if (row > 0) sortTerms(this.#words.subarray(from, this.#constraintAt));
    }
  }

  /** The signal of the next wire. */
  signal(label: number): void {
    this.#words[this.#signalAt] = label;
    this.#signalAt += 2;
  }

  /** How many signals there are. */
  signals(count: number): void {
    this.#words[this.#header + 13] = count;
  }

  /** The file, its factors ordered. */
  file(): Uint8Array {
    orderFactors(
      this.#words.subarray(FILE_HEAD + SECTION_HEAD, this.#constraintAt),
      (this.#words.length - this.#firstSignal) / 2,
    );
    return new Uint8Array(this.#words.buffer);
  }

  #section(first: number, id: number, words: number): void {
    this.#words.set([id, (4 * words) % 2 ** 32, Math.floor((4 * words) / 2 ** 32)], first - SECTION_HEAD);
  }
}
