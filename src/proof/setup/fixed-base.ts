import type { Kernel, Pointer } from '../../engine/kernel.js';
import { putScalars, type Scalars } from './qap.js';

/** Multiples made between two turns of the event loop. */
const CHUNK = 1 << 14;
const WORD = 32;

/** Bytes of a point, the generator's plain coordinates, and the widest window that pays: its table must stay in the cache. */
const GROUPS = {
  G1: { prefix: 'g1', bytes: 64, maxWidth: 15, generator: [1n, 2n] },
  G2: {
    prefix: 'g2',
    bytes: 128,
    maxWidth: 15,
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
  readonly #points: Pointer;

  /** @param points about how many multiples will be asked for: the table grows with them */
  constructor(kernel: Kernel, group: keyof typeof GROUPS, points: number) {
    this.#kernel = kernel;
    this.#spec = GROUPS[group];
    const { prefix, bytes, maxWidth, generator } = this.#spec;
    this.#width = Math.min(maxWidth, Math.max(MIN_WIDTH, Math.ceil(Math.log2(points + 1)) - 3));
    this.#table = kernel.alloc(kernel.call[`${prefix}_table_bytes`](this.#width));
    this.#scratch = kernel.alloc(kernel.call[`${prefix}_multiples_scratch`](this.#width));
    this.#points = kernel.alloc(bytes * CHUNK);
    kernel.call[`${prefix}_pack`](this.#points, putScalars(kernel, generator).at, 1);
    kernel.call[`${prefix}_table`](this.#table, this.#points, this.#width, this.#scratch);
  }

  /** Bytes of one affine point. */
  get pointBytes(): number {
    return this.#spec.bytes;
  }

  /**
   * scalar * G for each scalar; 0 yields infinity, all zero bytes. Gives the event loop a turn now and then, and `progress` the number of
   * points since the last.
   */
  async multiply({ at, count }: Scalars, progress: (points: number) => void = () => {}): Promise<Buffer> {
    const { prefix, bytes } = this.#spec;
    const { call } = this.#kernel;
    const result = Buffer.alloc(count * bytes);
    for (let from = 0; from < count; from += CHUNK) {
      const n = Math.min(CHUNK, count - from);
      call[`${prefix}_multiples`](this.#table, this.#width, at + WORD * from, n, this.#points, this.#scratch);
      call[`${prefix}_to_montgomery256`](this.#points, this.#points, n);
      result.set(this.#kernel.view(this.#points, n * bytes), from * bytes);
      progress(n);
      await new Promise(setImmediate);
    }
    return result;
  }

  /** {@link multiply} of numbers in [0, r). */
  async multiples(scalars: readonly bigint[]): Promise<Buffer> {
    const mark = this.#kernel.mark();
    const points = await this.multiply(putScalars(this.#kernel, scalars));
    this.#kernel.release(mark);
    return points;
  }
}
