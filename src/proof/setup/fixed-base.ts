import { type Kernel, type Pointer, WORD } from '../../engine/kernel.js';
import { type Group, POINT, putWords } from '../../engine/points.js';
import { G1, G2 } from '../points.js';
import { putScalars, type Scalars } from './qap.js';

/** Multiples made between two turns of the event loop. */
const CHUNK = 1 << 14;

/** The widest window that pays: its table must stay in the cache. */
const MAX_WIDTH = 15;
const MIN_WIDTH = 4;

const [one, two] = [G1.BASE.toAffine(), G2.BASE.toAffine()];
/** Coordinates of the generators. */
const GENERATOR = { g1: [one.x, one.y], g2: [two.x.c0, two.x.c1, two.y.c0, two.y.c1] } as const;

/** Multiples of a group's generator, many at once, as affine points in the library's internal bytes (what a zkey holds). */
export class FixedBase {
  readonly #kernel: Kernel;
  readonly #group: Group;
  readonly #table: Pointer;
  readonly #width: number;
  readonly #scratch: Pointer;
  readonly #points: Pointer;

  /** @param points about how many multiples will be asked for: the table grows with them */
  constructor(kernel: Kernel, group: Group, points: number) {
    this.#kernel = kernel;
    this.#group = group;
    this.#width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.ceil(Math.log2(points + 1)) - 3));
    this.#table = kernel.alloc(kernel.call[`${group}_table_bytes`](this.#width));
    this.#scratch = kernel.alloc(kernel.call[`${group}_multiples_scratch`](this.#width));
    this.#points = kernel.alloc(POINT[group] * CHUNK);
    kernel.call[`${group}_pack`](this.#points, putWords(kernel, GENERATOR[group]), 1);
    kernel.call[`${group}_table`](this.#table, this.#points, this.#width, this.#scratch);
  }

  /** Bytes of one affine point. */
  get pointBytes(): number {
    return POINT[this.#group];
  }

  /**
   * scalar * G for each scalar; 0 yields infinity, all zero bytes. Gives the event loop a turn now and then, and `progress` the number of
   * points since the last.
   */
  async multiply({ at, count }: Scalars, progress: (points: number) => void = () => {}): Promise<Buffer> {
    const group = this.#group;
    const bytes = POINT[group];
    const { call } = this.#kernel;
    const result = Buffer.alloc(count * bytes);
    for (let from = 0; from < count; from += CHUNK) {
      const n = Math.min(CHUNK, count - from);
      call[`${group}_multiples`](this.#table, this.#width, at + WORD * from, n, this.#points, this.#scratch);
      call[`${group}_to_montgomery256`](this.#points, this.#points, n);
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
