import type { Curve } from 'ffjavascript';
import { littleEndian } from '../../bus/little-endian.js';

const CHUNK = 2048;
const PAGE = 1 << 16;

/** How one group is named in the curve's WASM module, and the widest window that pays. */
const GROUPS = {
  G1: { group: 'g1m', field: 'f1m', bytes: 32, maxBits: 13 },
  G2: { group: 'g2m', field: 'f2m', bytes: 64, maxBits: 11 },
} as const;
const MIN_BITS = 4;

/**
 * Multiples of a group's generator, many at once, as affine points in the library's internal bytes (what a zkey holds).
 *
 * A table holds d * 2^(bits*w) * G for every window w and digit d, so a multiple is a sum of one entry per window. The
 * sums of a chunk grow together, in affine coordinates with one shared inversion per window (Montgomery's trick): 6
 * multiplications an addition instead of 11 in Jacobian ones. Two summands never have the same x: the running sum is
 * k*G and the entry e*G with 0 < k < e and k + e < r, as the scalar itself is below r.
 */
export class FixedBase {
  readonly #curve: Curve;
  readonly #spec: (typeof GROUPS)[keyof typeof GROUPS];
  readonly #table: number;
  readonly #bits: number;
  readonly #windows: number;

  /**
   * @param curve a single-threaded one of the caller's own: its memory is used up by the table
   * @param points about how many multiples will be asked for: the table grows with them
   */
  constructor(curve: Curve, group: keyof typeof GROUPS, points: number) {
    this.#curve = curve;
    this.#spec = GROUPS[group];
    const { bytes, group: prefix, maxBits } = this.#spec;
    const bits = Math.min(maxBits, Math.max(MIN_BITS, Math.ceil(Math.log2(points + 1)) - 3));
    this.#bits = bits;
    this.#windows = Math.ceil(254 / bits);
    const size = 1 << bits;
    const point = 2 * bytes;
    const jacobian = 3 * bytes;
    reserve(curve, this.#windows * size * point + size * (jacobian + bytes) + CHUNK * 6 * point);
    const { tm } = curve;
    const call = tm.instance.exports;
    this.#table = tm.alloc(this.#windows * size * point);
    const row = tm.alloc(size * jacobian);
    const base = tm.alloc(jacobian);
    tm.setBuff(base, curve[group].g);
    for (let w = 0; w < this.#windows; w++) {
      call[`${prefix}_zero`]!(row);
      for (let d = 1; d < size; d++) call[`${prefix}_add`]!(row + (d - 1) * jacobian, base, row + d * jacobian);
      call[`${prefix}_batchToAffine`]!(row, size, this.#table + w * size * point);
      call[`${prefix}_add`]!(row + (size - 1) * jacobian, base, base);
    }
  }

  /** Bytes of one affine point. */
  get pointBytes(): number {
    return 2 * this.#spec.bytes;
  }

  /** scalar * G for each scalar in [0, r); 0 yields infinity, all zero bytes. Gives the event loop a turn per chunk. */
  async multiply(scalars: readonly bigint[], progress: (points: number) => void = () => {}): Promise<Buffer> {
    const result = Buffer.alloc(scalars.length * this.pointBytes);
    for (let at = 0; at < scalars.length; at += CHUNK) {
      const count = Math.min(CHUNK, scalars.length - at);
      result.set(this.#chunk(scalars, at, count), at * this.pointBytes);
      progress(count);
      await new Promise(setImmediate);
    }
    return result;
  }

  #chunk(scalars: readonly bigint[], from: number, count: number): Uint8Array {
    const { tm } = this.#curve;
    const { bytes, field } = this.#spec;
    const bits = this.#bits;
    const call = tm.instance.exports;
    const sub = call[`${field}_sub`]!;
    const mul = call[`${field}_mul`]!;
    const square = call[`${field}_square`]!;
    const copy = call[`${field}_copy`]!;
    const invert = call[`${field}_batchInverse`]!;
    const point = 2 * bytes;
    const free = tm.u32[0]!;
    const sums = tm.alloc(count * point);
    const differences = tm.alloc(count * bytes);
    const inverses = tm.alloc(count * bytes);
    const [slope, t, u, x] = [tm.alloc(bytes), tm.alloc(bytes), tm.alloc(bytes), tm.alloc(bytes)];
    tm.u8.fill(0, sums, sums + count * point);

    const digits = Buffer.alloc(count * 36);
    for (let j = 0; j < count; j++) littleEndian(scalars[from + j]!, digits, j * 36);
    const started = new Uint8Array(count);
    const sumAt = new Uint32Array(count);
    const entryAt = new Uint32Array(count);
    for (let w = 0; w < this.#windows; w++) {
      const shift = (w * bits) & 7;
      const byte = (w * bits) >> 3;
      let n = 0;
      for (let j = 0; j < count; j++) {
        const digit = (digits.readUInt32LE(j * 36 + byte) >>> shift) & ((1 << bits) - 1);
        if (digit === 0) continue;
        const entry = this.#table + ((w << bits) + digit) * point;
        const sum = sums + j * point;
        if (started[j] === 0) {
          started[j] = 1;
          copy(entry, sum);
          copy(entry + bytes, sum + bytes);
          continue;
        }
        sub(entry, sum, differences + n * bytes);
        sumAt[n] = sum;
        entryAt[n++] = entry;
      }
      invert(differences, bytes, n, inverses, bytes);
      for (let k = 0; k < n; k++) {
        const sum = sumAt[k]!;
        const entry = entryAt[k]!;
        sub(entry + bytes, sum + bytes, t);
        mul(t, inverses + k * bytes, slope); // slope of the chord
        square(slope, t);
        sub(t, sum, u);
        sub(u, entry, x); // x3 = slope^2 - x1 - x2
        sub(sum, x, t);
        mul(slope, t, u);
        sub(u, sum + bytes, t); // y3 = slope (x1 - x3) - y1
        copy(x, sum);
        copy(t, sum + bytes);
      }
    }
    const result = tm.getBuff(sums, count * point);
    tm.u32[0] = free;
    return result;
  }
}

/** Makes room in the curve's WASM memory, whose allocator does not grow it. */
function reserve({ tm }: Curve, bytes: number): void {
  tm.memory.grow(Math.ceil(bytes / PAGE) + 16);
  tm.u8 = new Uint8Array(tm.memory.buffer);
  tm.u32 = new Uint32Array(tm.memory.buffer);
}
