/** The machine before one opcode, as far as it is cheap to note. Whoever makes rows executes again and compares. */
export interface EvmStep {
  readonly pc: number;
  readonly op: number;
  readonly gas: bigint;
  /** Work left (EXEC's field: what is left of the batch, after what the transaction uses up at its begin). */
  readonly work: bigint;
  /** Height of the stack. */
  readonly sp: number;
  /** Topmost item, 0 when there is none. */
  readonly top: bigint;
  /** Size of the memory in words. */
  readonly mem: number;
  readonly refund: bigint;
}

/** Steps of one chunk of a log: 36 KiB, since most runs have some hundred steps, and a chunk is made of zeros first. */
const CHUNK = 1 << 10;

/** Parts of a step in one chunk, by the step's place in it. */
interface Chunk {
  readonly pc: Uint32Array;
  readonly op: Uint8Array;
  readonly sp: Uint16Array;
  readonly mem: Uint32Array;
  readonly gas: BigUint64Array;
  readonly work: BigInt64Array;
  readonly refund: BigInt64Array;
  readonly top: bigint[];
}

/**
 * The steps of one run, in the order of execution. A run may have millions, so they are kept in columns, at about 50 bytes each; as
 * objects they would take several times as much.
 */
export class StepLog implements Iterable<EvmStep> {
  readonly #chunks: Chunk[] = [];
  #length = 0;

  constructor(steps: Iterable<EvmStep> = []) {
    for (const step of steps) this.push(step);
  }

  get length(): number {
    return this.#length;
  }

  push({ pc, op, sp, mem, gas, work, refund, top }: EvmStep): void {
    const at = this.#length % CHUNK;
    if (at === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunks.at(-1)!;
    chunk.pc[at] = pc;
    chunk.op[at] = op;
    chunk.sp[at] = sp;
    chunk.mem[at] = mem;
    chunk.gas[at] = gas;
    chunk.work[at] = work;
    chunk.refund[at] = refund;
    chunk.top.push(top);
    this.#length++;
  }

  /** The step at a place from 0; below 0, from the end. Undefined where there is none. */
  at(index: number): EvmStep | undefined {
    const place = index < 0 ? this.#length + index : index;
    if (place < 0 || place >= this.#length) return undefined;
    const chunk = this.#chunks[Math.floor(place / CHUNK)]!;
    const at = place % CHUNK;
    return {
      pc: chunk.pc[at]!,
      op: chunk.op[at]!,
      gas: chunk.gas[at]!,
      work: chunk.work[at]!,
      sp: chunk.sp[at]!,
      top: chunk.top[at]!,
      mem: chunk.mem[at]!,
      refund: chunk.refund[at]!,
    };
  }

  *[Symbol.iterator](): Generator<EvmStep> {
    for (let i = 0; i < this.#length; i++) yield this.at(i)!;
  }
}

function newChunk(): Chunk {
  return {
    pc: new Uint32Array(CHUNK),
    op: new Uint8Array(CHUNK),
    sp: new Uint16Array(CHUNK),
    mem: new Uint32Array(CHUNK),
    gas: new BigUint64Array(CHUNK),
    work: new BigInt64Array(CHUNK),
    refund: new BigInt64Array(CHUNK),
    top: [],
  };
}
