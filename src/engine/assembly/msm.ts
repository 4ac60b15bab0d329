/**
 * Sums of multiples of points (multi-scalar multiplication): Pippenger's buckets over signed digits, in affine additions that share
 * inversions. Terms with equal scalars are summed first: a witness repeats most of its values. What is left is split into halves.
 */
import { queueBytes, startQueue, sums, sumsBytes } from './additions';
import { weigh, weighBytes } from './buckets';
import { Coordinate1, Coordinate2 } from './coordinate';
import {
  add,
  double,
  extendedBytes,
  isInfinity,
  pointBytes,
  rotatePoint,
  setFinite,
  setInfinity,
  toPacked,
} from './curve';
import { halve } from './halves';
import { bitsOf, digitOf, group, groups, tableSize, terms } from './scalars';

const WORD: usize = 32;
/** Bytes and bits of half a scalar (`halves.ts`). */
const HALF: usize = 16;
const HALF_BITS: u32 = 126;
const MIN_BITS: u32 = 4;
const MAX_BITS: u32 = 16;
/** Windows of a half at the narrowest width. */
const MAX_WINDOWS: usize = 32;

function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Windows of `width` bits, of so many bits, 1 at least: the last one has what is left of them. */
function windowsOf(bits: u32, width: u32): u32 {
  return (bits + width - 1) / width;
}

/** Bits of the last window. */
function lastOf(bits: u32, width: u32): u32 {
  return bits - (windowsOf(bits, width) - 1) * width;
}

/**
 * log2 of the buckets of a window: digits are signed, so that they have half as many sizes as values, but for the last one, whose carry would
 * be a window more.
 */
function bucketLog(w: u32, bits: u32, width: u32): u32 {
  return w + 1 < windowsOf(bits, width) ? width - 1 : lastOf(bits, width);
}

/**
 * The width up to `most` for which n terms of so many bits take the fewest additions. In a window, a term is added to its bucket but for the
 * first of each, and a bucket is added twice.
 */
function widthOf(n: u32, bits: u32, most: u32): u32 {
  let best = MIN_BITS;
  let least: u64 = u64.MAX_VALUE;
  for (let width = MIN_BITS; width <= most; width++) {
    const windows = <u64>windowsOf(bits, width);
    const cost = windows * <u64>n + ((windows - 1) << (width - 1)) + ((<u64>1) << lastOf(bits, width));
    if (cost < least) {
      least = cost;
      best = width;
    }
  }
  return best;
}

/** The widest window that halves of n scalars get, however small these are: the best one for full scalars. */
function maxWidth(n: u32): u32 {
  return widthOf(2 * n, HALF_BITS, MAX_BITS);
}

/** log2 of the most buckets of a window: those of a last one of so many bits. */
function maxLog(n: usize): u32 {
  return maxWidth(<u32>n);
}

function countBytes(n: usize): usize {
  const buckets: usize = 1 << maxLog(n);
  return aligned(4 * ((n > buckets ? n : buckets) + 2));
}

function scratchBytes<C>(n: usize): usize {
  return (
    aligned(queueBytes<C>()) +
    aligned(MAX_WINDOWS * extendedBytes<C>()) +
    aligned(extendedBytes<C>()) +
    3 * aligned(8 * n) + // terms and groups, sources and their numbers, order; of halves: sources, digits, order
    aligned(WORD * n + WORD) + // distinct scalars, and one being looked up; then halves
    2 * countBytes(n) +
    aligned(2 * n) + // carries
    aligned(4 * <usize>tableSize(<u32>n)) +
    aligned(pointBytes<C>() * (n / 2 + 1)) + // sums of equal scalars
    aligned(pointBytes<C>() * n) + // rotated points
    aligned(pointBytes<C>() << maxLog(n)) +
    aligned(weighBytes<C>(maxLog(n))) +
    sumsBytes<C>(2 * n)
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
  const groupOf = list + 4 * n;
  top += aligned(8 * n);
  const groupSources = top;
  const numbers = groupSources + 4 * n;
  top += aligned(8 * n);
  const order = top;
  top += aligned(8 * n);
  const distinct = top;
  top += aligned(WORD * n + WORD);
  const counts = top;
  top += countBytes(n);
  const next = top;
  top += countBytes(n);
  const carries = top;
  top += aligned(2 * n);
  const table = top;
  top += aligned(4 * <usize>tableSize(n));
  const grouped = top;
  top += aligned(bytes * (<usize>n / 2 + 1));
  const rotated = top;
  top += aligned(bytes * n);
  const buckets = top;
  top += aligned(bytes << maxLog(n));
  const chunks = top;
  top += aligned(weighBytes<C>(maxLog(n)));

  group<C>(bases, scalars, n, list, groupOf, distinct, table);
  sourcesOf<C>(list, groupOf, groupSources, numbers, order, counts, next, grouped, top);
  // The list of terms and the sources of groups are not used any more.
  const sources = list;
  const digits = groupSources;
  const halves = split<C>(distinct, groupSources, sources, rotated);
  const bits = bitsOf(distinct, halves);
  if (bits === 0) {
    setInfinity<C>(out);
    return;
  }
  const width = widthOf(halves, bits, maxWidth(n));
  const windows = windowsOf(bits, width);
  memory.fill(carries, 0, halves);
  for (let w: u32 = 0; w < windows; w++) {
    const log = bucketLog(w, bits, width);
    const most: u32 = 1 << log;
    const size: u32 = w + 1 < windows ? width : log;
    memory.fill(counts, 0, 4 * (<usize>most + 1));
    for (let i: usize = 0; i < halves; i++) {
      const digit = digitOf(distinct + HALF * i, w * width, size) + load<u8>(carries + i);
      // A digit above the most is 2^width less, and carries 1: never in the last window.
      const carry = digit > most;
      store<u8>(carries + i, <u8>carry);
      const bucket = carry ? (1 << width) - digit : digit;
      store<u32>(digits + 4 * i, (bucket << 1) | <u32>carry);
      if (bucket !== 0) {
        const count = counts + 4 * (<usize>bucket - 1);
        store<u32>(count, load<u32>(count) + 1);
      }
    }
    placesOf(counts, most, next);
    for (let i: usize = 0; i < halves; i++) {
      const digit = load<u32>(digits + 4 * i);
      if (digit < 2) continue;
      store<u32>(order + place(next, (digit >> 1) - 1), load<u32>(sources + 4 * i) ^ (digit & 1));
    }
    sums<C>(order, counts, most, buckets, top);
    for (let k: usize = 0; k < most; k++) {
      if (load<u32>(counts + 4 * k) === load<u32>(counts + 4 * k + 4)) setInfinity<C>(buckets + bytes * k);
    }
    weigh<C>(buckets, log, windowSums + w * extendedBytes<C>(), running, chunks);
  }
  setFinite<C>(running, 0);
  for (let w = windows; w > 0; w--) {
    for (let k: u32 = 0; k < width; k++) double<C>(running, running);
    add<C>(running, windowSums + (w - 1) * extendedBytes<C>());
  }
  toPacked<C>(out, running);
}

/**
 * Splits the scalars of groups whose sources are not infinity into halves, of which those that are 0 are left out. Halves take the place of
 * the scalars; `sources` gets a term for each, `rotated` the points of the second halves. The number of halves.
 */
function split<C>(scalars: usize, groupSources: usize, sources: usize, rotated: usize): u32 {
  let halves: u32 = 0;
  for (let g: usize = 0; g < groups; g++) {
    const source = load<u32>(groupSources + 4 * g);
    if (source === 0) continue;
    const scalar = scalars + WORD * g;
    const signs = halve(scalar, scalar);
    for (let second: u32 = 0; second < 2; second++) {
      const half = scalar + HALF * second;
      const low = load<u64>(half);
      const high = load<u64>(half, 8);
      if ((low | high) === 0) continue;
      let term = source ^ ((signs >> second) & 1);
      if (second) {
        rotatePoint<C>(rotated, source & ~1);
        term = <u32>rotated | (term & 1);
        rotated += pointBytes<C>();
      }
      const to = scalars + HALF * <usize>halves;
      store<u64>(to, low);
      store<u64>(to, high, 8);
      store<u32>(sources + 4 * <usize>halves, term);
      halves++;
    }
  }
  return halves;
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
