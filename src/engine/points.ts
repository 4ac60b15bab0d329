import { fromLittleEndian, littleEndian, littleEndianAll } from '../bus/little-endian.js';
import { type Kernel, type Pointer, WORD } from './kernel.js';

/** A group of the curve. */
export type Group = 'g1' | 'g2';

/** Bytes of a packed point. */
export const POINT = { g1: 2 * WORD, g2: 4 * WORD } as const;

/** Words in memory. */
export function putWords(kernel: Kernel, values: readonly bigint[]): Pointer {
  return kernel.put(littleEndianAll(values));
}

/** The number that stands at an address. */
export function wordAt(kernel: Kernel, at: Pointer): bigint {
  return fromLittleEndian(Buffer.from(kernel.view(at, WORD)));
}

/** A packed point's affine coordinates: x, y, in G2 x0, x1, y0, y1; zeros for infinity. */
export function coordinates(kernel: Kernel, group: Group, point: Pointer): readonly bigint[] {
  const mark = kernel.mark();
  const plain = kernel.alloc(POINT[group]);
  kernel.call[`${group}_unpack`](plain, point, 1);
  const words = Array.from({ length: POINT[group] / WORD }, (_, i) => wordAt(kernel, plain + i * WORD));
  kernel.release(mark);
  return words;
}

/** The sum of scalar * point for a few packed points, each scalar in [0, r). */
export function combine(
  kernel: Kernel,
  group: Group,
  terms: readonly (readonly [point: Pointer, scalar: bigint])[],
): Pointer {
  const size = POINT[group];
  const out = kernel.alloc(size);
  const mark = kernel.mark();
  const points = kernel.alloc(terms.length * size);
  const scalars = Buffer.alloc(terms.length * WORD);
  for (const [i, [point, scalar]] of terms.entries()) {
    kernel.view(points + i * size, size).set(kernel.view(point, size));
    littleEndian(scalar, scalars, i * WORD);
  }
  const scratch = kernel.alloc(kernel.call[`${group}_msm_scratch`](terms.length));
  kernel.call[`${group}_msm`](points, kernel.put(scalars), terms.length, scratch, out);
  kernel.release(mark);
  return out;
}
