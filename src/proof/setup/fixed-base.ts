import type { Kernel, Pointer } from '../../engine/kernel.js';
import { littleEndian } from '../../bus/little-endian.js';

/** Multiples made between two turns of the event loop. */
const CHUNK = 1 << 14;
const WORD = 32;

/** Bytes of a point, the generator's plain coordinates, and the widest window that pays: its table must stay in the cache. */
const GROUPS = {
  G1: { prefix: 'g1', bytes: 64, maxWidth: 13, generator: [1n, 2n] },
  G2: {
    prefix: 'g2',
    bytes: 128,
    maxWidth: 12,
    generator: [
      10857046999023057135944570762232829481370756359578518086990519993285655852781n,
      11559732032986387107991004021392285783925812861821192530917403151452391805634n,
      8495653923123431417604973247489272438418190587263600148770280649306958101930n,
      4082367875863433681332203403145435568316851327593401208105741076214120093531n,
    ],
  },
} as const;
const MIN_WIDTH = 4;

/** Multiples of a group's generator, many at once, as affine points in the library's internal bytes (what a zkey holds). */
export class FixedBase {
  readonly #kernel: Kernel;
  readonly #spec: (typeof GROUPS)[keyof typeof GROUPS];
  readonly #table: Pointer;
  readonly #width: number;
  readonly #scratch: Pointer;
  readonly #words: Pointer;
  readonly #points: Pointer;

  /** @param points about how many multiples will be asked for: the table grows with them */
  constructor(kernel: Kernel, group: keyof typeof GROUPS, points: number) {
    this.#kernel = kernel;
    this.#spec = GROUPS[group];
    const { prefix, bytes, maxWidth, generator } = this.#spec;
    this.#width = Math.min(maxWidth, Math.max(MIN_WIDTH, Math.ceil(Math.log2(points + 1)) - 3));
    this.#table = kernel.alloc(kernel.call[`${prefix}_table_bytes`](this.#width));
    this.#scratch = kernel.alloc(kernel.call[`${prefix}_multiples_scratch`](this.#width));
    this.#words = kernel.alloc(WORD * CHUNK);
    this.#points = kernel.alloc(bytes * CHUNK);
    this.#write(generator, 0, generator.length);
    kernel.call[`${prefix}_pack`](this.#points, this.#words, 1);
    kernel.call[`${prefix}_table`](this.#table, this.#points, this.#width, this.#scratch);
  }

  /** Bytes of one affine point. */
  get pointBytes(): number {
    return this.#spec.bytes;
  }

  /** scalar * G for each scalar in [0, r); 0 yields infinity, all zero bytes. Gives the event loop a turn now and then. */
  async multiply(scalars: readonly bigint[], progress: (points: number) => void = () => {}): Promise<Buffer> {
    const { prefix, bytes } = this.#spec;
    const { call } = this.#kernel;
    const result = Buffer.alloc(scalars.length * bytes);
    for (let at = 0; at < scalars.length; at += CHUNK) {
      const count = Math.min(CHUNK, scalars.length - at);
      this.#write(scalars, at, count);
      call[`${prefix}_multiples`](this.#table, this.#width, this.#words, count, this.#points, this.#scratch);
      call[`${prefix}_to_montgomery256`](this.#points, this.#points, count);
      result.set(this.#kernel.view(this.#points, count * bytes), at * bytes);
      progress(count);
      await new Promise(setImmediate);
    }
    return result;
  }

  #write(values: readonly bigint[], from: number, count: number): void {
    const words = Buffer.from(this.#kernel.memory.buffer, this.#words, WORD * count);
    for (let i = 0; i < count; i++) littleEndian(values[from + i]!, words, WORD * i);
  }
}
