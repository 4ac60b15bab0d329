/**
 * Sums of multiples of points (multi-scalar multiplication): Pippenger's buckets over signed digits, in affine additions that share
 * inversions. Terms with equal scalars are summed first: a witness repeats most of its values.
 */
import { queueBytes, startQueue, sums, sumsBytes } from './additions';
import { weigh, weighBytes } from './buckets';
import { Coordinate1, Coordinate2 } from './coordinate';
import { add, double, extendedBytes, isInfinity, pointBytes, setFinite, setInfinity, toPacked } from './curve';
import { bitsOf, digitOf, group, groups, tableSize, terms } from './scalars';

const WORD: usize = 32;
const MIN_BITS: u32 = 4;
const MAX_BITS: u32 = 16;
/** Digits of a scalar of 253 bits at the narrowest window, one for the last carry included. */
const MAX_WINDOWS: usize = 64;

function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Digits of `width` bits, signed, of a scalar of so many bits. */
function windowsOf(bits: u32, width: u32): u32 {
  return bits / width + 1;
}

/** The width up to `most` that costs least: an addition is 6 multiplications and some; a term takes one, a bucket two. */
function widthOf(n: u32, bits: u32, most: u32): u32 {
  let best = MIN_BITS;
  let least: u64 = u64.MAX_VALUE;
  for (let width = MIN_BITS; width <= most; width++) {
    const cost = <u64>windowsOf(bits, width) * (<u64>n + ((<u64>2) << (width - 1)));
    if (cost < least) {
      least = cost;
      best = width;
    }
  }
  return best;
}

/** The widest window that n terms get, however small their scalars are: the best one for full scalars. */
function maxWidth(n: u32): u32 {
  return widthOf(n, 253, MAX_BITS);
}

/** Buckets of that window. */
function maxBuckets(n: usize): usize {
  return 1 << (maxWidth(<u32>n) - 1);
}

function scratchBytes<C>(n: usize): usize {
  const counts = 4 * ((n > maxBuckets(n) ? n : maxBuckets(n)) + 2);
  return (
    aligned(queueBytes<C>()) +
    aligned(MAX_WINDOWS * extendedBytes<C>()) +
    aligned(extendedBytes<C>()) +
    5 * aligned(4 * n) + // terms, groups, sources, digits, order
    aligned(WORD * n + WORD) + // distinct scalars, and one being looked up
    2 * aligned(counts) +
    aligned(n) + // carries
    aligned(4 * <usize>tableSize(<u32>n)) +
    aligned(pointBytes<C>() * (n / 2 + 1)) + // sums of equal scalars
    aligned(pointBytes<C>() * maxBuckets(n)) +
    aligned(weighBytes<C>(maxWidth(<u32>n) - 1)) +
    sumsBytes<C>(n)
  );
}

/** Turns counts[0..n) into the places where each begins, counts[n] being the end, and copies them to `next`. */
function placesOf(counts: usize, n: usize, next: usize): void {
  let sum: u32 = 0;
  for (let k: usize = 0; k <= n; k++) {
    const count = load<u32>(counts + 4 * k);
    store<u32>(counts + 4 * k, sum);
    store<u32>(next + 4 * k, sum);
    if (k < n) sum += count;
  }
}

/** Takes a place of bucket k. */
function place(next: usize, k: usize): usize {
  const at = load<u32>(next + 4 * k);
  store<u32>(next + 4 * k, at + 1);
  return 4 * <usize>at;
}

function msm<C>(bases: usize, scalars: usize, n: u32, scratch: usize, out: usize): void {
  const bytes = pointBytes<C>();
  let top = scratch;
  startQueue(top);
  top += aligned(queueBytes<C>());
  const windowSums = top;
  top += aligned(MAX_WINDOWS * extendedBytes<C>());
  const running = top;
  top += aligned(extendedBytes<C>());
  const list = top;
  top += aligned(4 * n);
  const groupOf = top;
  top += aligned(4 * n);
  const sources = top;
  top += aligned(4 * n);
  const digits = top;
  top += aligned(4 * n);
  const order = top;
  top += aligned(4 * n);
  const distinct = top;
  top += aligned(WORD * n + WORD);
  const counts = top;
  const countBytes: usize = aligned(4 * ((<usize>n > maxBuckets(n) ? <usize>n : maxBuckets(n)) + 2));
  top += countBytes;
  const next = top;
  top += countBytes;
  const carries = top;
  top += aligned(n);
  const table = top;
  top += aligned(4 * <usize>tableSize(n));
  const grouped = top;
  top += aligned(bytes * (<usize>n / 2 + 1));
  const buckets = top;
  top += aligned(bytes * maxBuckets(n));
  const chunks = top;
  top += aligned(weighBytes<C>(maxWidth(n) - 1));

  group<C>(bases, scalars, n, list, groupOf, distinct, table);
  sourcesOf<C>(list, groupOf, sources, digits, order, counts, next, grouped, top);

  const bits = bitsOf(distinct, groups);
  const width = widthOf(groups, bits, maxWidth(n));
  const windows = windowsOf(bits, width);
  const half: u32 = 1 << (width - 1);
  memory.fill(carries, 0, groups);
  for (let w: u32 = 0; w < windows; w++) {
    memory.fill(counts, 0, 4 * (<usize>half + 1));
    for (let i: usize = 0; i < groups; i++) {
      const digit = digitOf(distinct + WORD * i, w * width, width) + load<u8>(carries + i);
      // A digit above half is 2^width less, and carries 1.
      const carry = digit > half;
      store<u8>(carries + i, <u8>carry);
      let size = carry ? (1 << width) - digit : digit;
      if (load<u32>(sources + 4 * i) === 0) size = 0;
      store<u32>(digits + 4 * i, (size << 1) | <u32>carry);
      if (size !== 0) {
        const count = counts + 4 * (<usize>size - 1);
        store<u32>(count, load<u32>(count) + 1);
      }
    }
    placesOf(counts, half, next);
    for (let i: usize = 0; i < groups; i++) {
      const digit = load<u32>(digits + 4 * i);
      if (digit < 2) continue;
      store<u32>(order + place(next, (digit >> 1) - 1), load<u32>(sources + 4 * i) ^ (digit & 1));
    }
    sums<C>(order, counts, half, buckets, top);
    for (let k: usize = 0; k < half; k++) {
      if (load<u32>(counts + 4 * k) === load<u32>(counts + 4 * k + 4)) setInfinity<C>(buckets + bytes * k);
    }
    weigh<C>(buckets, width - 1, windowSums + w * extendedBytes<C>(), running, chunks);
  }
  setFinite<C>(running, 0);
  for (let w = windows; w > 0; w--) {
    for (let k: u32 = 0; k < width; k++) double<C>(running, running);
    add<C>(running, windowSums + (w - 1) * extendedBytes<C>());
  }
  toPacked<C>(out, running);
}

/**
 * A term per group: its only one, or one of the sum of its terms; 0 when that sum is infinity. `numbers`, `order`, `counts` and `next`
 * are scratch.
 */
function sourcesOf<C>(
  list: usize,
  groupOf: usize,
  sources: usize,
  numbers: usize,
  order: usize,
  counts: usize,
  next: usize,
  grouped: usize,
  scratch: usize,
): void {
  // How many terms a group has; then, of those that have several, which number.
  memory.fill(numbers, 0, 4 * <usize>groups);
  for (let i: usize = 0; i < terms; i++) {
    const g: usize = load<u32>(groupOf + 4 * i);
    store<u32>(numbers + 4 * g, load<u32>(numbers + 4 * g) + 1);
    store<u32>(sources + 4 * g, load<u32>(list + 4 * i));
  }
  let several: usize = 0;
  for (let g: usize = 0; g < groups; g++) {
    const count = load<u32>(numbers + 4 * g);
    if (count === 1) {
      store<u32>(numbers + 4 * g, u32.MAX_VALUE);
      continue;
    }
    store<u32>(numbers + 4 * g, <u32>several);
    store<u32>(counts + 4 * several, count);
    store<u32>(sources + 4 * g, <u32>(grouped + pointBytes<C>() * several));
    several++;
  }
  if (several === 0) return;
  placesOf(counts, several, next);
  for (let i: usize = 0; i < terms; i++) {
    const number = load<u32>(numbers + 4 * <usize>load<u32>(groupOf + 4 * i));
    if (number !== u32.MAX_VALUE) store<u32>(order + place(next, number), load<u32>(list + 4 * i));
  }
  sums<C>(order, counts, <u32>several, grouped, scratch);
  for (let g: usize = 0; g < groups; g++) {
    if (isInfinity<C>(load<u32>(sources + 4 * g) & ~1)) store<u32>(sources + 4 * g, 0);
  }
}

export function g1_msm(bases: usize, scalars: usize, n: u32, scratch: usize, out: usize): void {
  msm<Coordinate1>(bases, scalars, n, scratch, out);
}

export function g2_msm(bases: usize, scalars: usize, n: u32, scratch: usize, out: usize): void {
  msm<Coordinate2>(bases, scalars, n, scratch, out);
}

export function g1_msm_scratch(n: u32): usize {
  return scratchBytes<Coordinate1>(n);
}

export function g2_msm_scratch(n: u32): usize {
  return scratchBytes<Coordinate2>(n);
}
