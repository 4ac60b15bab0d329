/**
 * The sum of k times bucket k, of all buckets of a window. They are cut into chunks, which go through their buckets side by side, so that an
 * inversion serves all chunks: two affine additions a bucket instead of two in extended coordinates, 12 multiplications instead of 24.
 */
import { enqueue, flush } from './additions';
import { add, addPacked, double, pointBytes, setFinite, setInfinity } from './curve';

/** log2 of the chunks of 2^log buckets: many share an inversion, but each costs four additions in extended coordinates at the end. */
function chunksOf(log: u32): u32 {
  const chunks = (log + 3) / 2;
  return chunks < log ? chunks : log;
}

/** Bytes of scratch for 2^log buckets. */
export function weighBytes<C>(log: u32): usize {
  return (2 * pointBytes<C>()) << chunksOf(log);
}

/**
 * sum = the sum of (k + 1) times the k-th of 2^log packed points, coordinates up to 4 p; extended, as `running` is, which is a temporary. The
 * queue of additions must be empty.
 */
export function weigh<C>(buckets: usize, log: u32, sum: usize, running: usize, scratch: usize): void {
  const bytes = pointBytes<C>();
  const chunks: usize = 1 << chunksOf(log);
  const length: usize = 1 << (log - chunksOf(log));
  // Of each chunk the sum of the buckets from one on, and the sum of these sums.
  const heights = scratch;
  const sums = scratch + bytes * chunks;
  for (let c: usize = 0; c < 2 * chunks; c++) setInfinity<C>(scratch + bytes * c);
  for (let k = length; k > 0; k--) {
    for (let c: usize = 0; c < chunks; c++) {
      const height = heights + bytes * c;
      const sumOf = sums + bytes * c;
      // The height is read here before it is written: both additions may wait in one queue.
      if (k < length) enqueue<C>(<u32>sumOf, <u32>height, sumOf);
      enqueue<C>(<u32>height, <u32>(buckets + bytes * (c * length + k - 1)), height);
    }
    flush<C>();
  }
  // What is still missing: the last heights, and `length` times the heights of the chunks below each one.
  setFinite<C>(sum, 0);
  setFinite<C>(running, 0);
  for (let c = chunks - 1; c > 0; c--) {
    addPacked<C>(running, heights + bytes * c);
    add<C>(sum, running);
  }
  for (let k = length; k > 1; k >>= 1) double<C>(sum, sum);
  for (let c: usize = 0; c < 2 * chunks; c++) addPacked<C>(sum, scratch + bytes * c);
}
