/**
 * Many additions of affine points that share one inversion (Montgomery's trick): 6 multiplications an addition instead of 10. Additions are
 * queued, and done when the queue is full or {@link flush} is called; until then no summand may be overwritten, and no sum be read.
 *
 * A **term** is the address of a packed point, plus 1 for its opposite: addresses are even.
 */
import { copyPoint, isInfinity, pointBytes, setInfinity } from './curve';
import { At, stack } from './stack';

/** Additions that share an inversion. The queue stays in the second-level cache, and an inversion's 10 us are 10 ns an addition. */
const QUEUE: usize = 1024;

/** Where this instance's queue stands, and how many additions wait in it: globals of WebAssembly, as `stack`. */
let queue: usize = 0;
let waiting: usize = 0;

/**
 * Bytes of a waiting addition: x and y of the first summand, x of the second; the slope's denominator, numerator (first y of the second); the
 * product of all denominators up to its own; where the sum goes (0 when that is done), and both terms.
 */
function entryBytes<C>(): usize {
  return 6 * changetype<C>(0).size + 12;
}

/** Bytes of a queue. */
export function queueBytes<C>(): usize {
  return QUEUE * entryBytes<C>();
}

/** Starts with an empty queue at an address. */
export function startQueue(at: usize): void {
  queue = at;
  waiting = 0;
}

/** Queues sum = a + b, a and b terms whose coordinates are up to 4 p. Sums have coordinates below 1.1 p, unless one summand is infinity. */
export function enqueue<C>(a: u32, b: u32, sum: usize): void {
  const at = queue + waiting * entryBytes<C>() + 6 * changetype<C>(0).size;
  store<u32>(at, sum);
  store<u32>(at, a, 4);
  store<u32>(at, b, 8);
  waiting++;
  if (waiting === QUEUE) flush<C>();
}

/** Reads a word of every cache line of the points that wait, and does nothing else: so their misses overlap. */
function fetch<C>(): void {
  const entry = entryBytes<C>();
  let at = queue + 6 * changetype<C>(0).size;
  let bits: u32 = 0;
  for (const end = at + waiting * entry; at < end; at += entry) {
    const a: usize = load<u32>(at, 4) & ~1;
    const b: usize = load<u32>(at, 8) & ~1;
    bits |= load<u32>(a) | load<u32>(b);
    if (pointBytes<C>() > 64) bits |= load<u32>(a + 64) | load<u32>(b + 64);
  }
  // Reads whose results went nowhere would be left out.
  store<u32>(stack + At.CURVE, bits);
}

/** Unpacks what waits, and makes its slopes: denominators and numerators (in the place of y2), and the products of the denominators. */
function slopes<C>(): void {
  const c = changetype<C>(0);
  const e = c.size;
  const entry = entryBytes<C>();
  const square = stack + At.CURVE;
  let x1 = queue;
  for (let i: usize = 0; i < waiting; i++, x1 += entry) {
    const y1 = x1 + e;
    const denominator = x1 + 3 * e;
    const numerator = x1 + 4 * e;
    const product = x1 + 5 * e;
    const sum: usize = load<u32>(x1 + 6 * e);
    const a = load<u32>(x1 + 6 * e, 4);
    const b = load<u32>(x1 + 6 * e, 8);
    const p: usize = a & ~1;
    const q: usize = b & ~1;
    c.unpack(x1, p);
    c.unpack(y1, p + c.packed);
    if (a & 1) c.neg(y1, y1);
    c.unpack(x1 + 2 * e, q);
    c.unpack(numerator, q + c.packed);
    if (b & 1) c.neg(numerator, numerator);
    c.sub(denominator, x1 + 2 * e, x1); // below 1.1 + 4
    if (isInfinity<C>(p) || isInfinity<C>(q)) {
      if (isInfinity<C>(p)) copyPoint<C>(sum, q, <bool>(b & 1));
      else copyPoint<C>(sum, p, <bool>(a & 1));
      store<u32>(x1 + 6 * e, 0);
      c.setOne(denominator);
    } else if (c.mayBeZero(denominator) && c.isZero(denominator)) {
      c.sub(denominator, numerator, y1); // up to 4 + 4
      if (c.isZero(denominator)) {
        // The tangent's slope: 3 x^2 / 2 y.
        c.add(denominator, y1, y1);
        c.sqr(square, x1);
        c.add(numerator, square, square);
        c.add(numerator, numerator, square);
      } else {
        // The sum is infinity already, and has nothing to write.
        setInfinity<C>(sum);
        store<u32>(x1 + 6 * e, 0);
        c.setOne(denominator);
      }
    } else c.sub(numerator, numerator, y1);
    if (i === 0) c.copy(product, denominator);
    else c.mul(product, product - entry, denominator);
  }
}

/** Does what waits. */
export function flush<C>(): void {
  if (waiting === 0) return;
  fetch<C>();
  slopes<C>();
  const c = changetype<C>(0);
  const e = c.size;
  const entry = entryBytes<C>();
  const inverse = stack + At.CURVE;
  const slope = inverse + e;
  const t = slope + e;
  const x3 = t + e;
  let x1 = queue + (waiting - 1) * entry;
  c.inverse(inverse, x1 + 5 * e);
  for (let i = waiting; i > 0; i--, x1 -= entry) {
    const sum: usize = load<u32>(x1 + 6 * e);
    if (i > 1) {
      c.mul(slope, inverse, x1 + 5 * e - entry);
      c.mul(inverse, inverse, x1 + 3 * e);
      c.mul(slope, slope, x1 + 4 * e);
    } else c.mul(slope, inverse, x1 + 4 * e);
    if (sum === 0) continue;
    c.sqr(t, slope);
    c.subSubReduced(x3, t, x1, x1 + 2 * e);
    c.sub(t, x1, x3);
    c.mul(t, t, slope);
    c.pack(sum, x3);
    c.subReduced(t, t, x1 + e);
    c.pack(sum + c.packed, t);
  }
  waiting = 0;
}

/** Bytes that {@link sums} needs besides the queue, for n terms: a point for each addition but the last of a sum, and three numbers a sum. */
export function sumsBytes<C>(n: usize): usize {
  return pointBytes<C>() * n + openBytes(n);
}

function openBytes(n: usize): usize {
  return (12 * (n / 2) + 63) & ~63;
}

/**
 * Sums of terms, which are added in rounds of pairs. Sum k is of terms[offsets[k]] up to, not including, terms[offsets[k + 1]], and goes to
 * the k-th point at out; that of no term is not written. The list of terms is used up. Scratch: {@link sumsBytes}.
 */
export function sums<C>(terms: usize, offsets: usize, count: u32, out: usize, scratch: usize): void {
  const bytes = pointBytes<C>();
  const n: usize = load<u32>(offsets + 4 * <usize>count) - load<u32>(offsets);
  // What is still to sum: its first term, number of terms, place of the sum.
  let opened = scratch;
  for (let k: usize = 0; k < count; k++) {
    const first = terms + 4 * <usize>load<u32>(offsets + 4 * k);
    const m: u32 = load<u32>(offsets + 4 * k + 4) - load<u32>(offsets + 4 * k);
    const sum = out + k * bytes;
    if (m === 1) copyPoint<C>(sum, load<u32>(first) & ~1, <bool>(load<u32>(first) & 1));
    if (m < 2) continue;
    store<u32>(opened, first);
    store<u32>(opened, m, 4);
    store<u32>(opened, sum, 8);
    opened += 12;
  }
  let at = scratch + openBytes(n);
  while (opened > scratch) {
    let kept = scratch;
    for (let open = scratch; open < opened; open += 12) {
      const first: usize = load<u32>(open);
      const m: usize = load<u32>(open, 4);
      const sum: usize = load<u32>(open, 8);
      if (m === 2) {
        enqueue<C>(load<u32>(first), load<u32>(first, 4), sum);
        continue;
      }
      // The points of a round take the places of their terms in the list; a term that is left over stays one.
      const end = first + 4 * m;
      let next = first;
      for (let term = first; term + 4 < end; term += 8, next += 4, at += bytes) {
        enqueue<C>(load<u32>(term), load<u32>(term, 4), at);
        store<u32>(next, at);
      }
      if (m & 1) store<u32>(next, load<u32>(end - 4));
      store<u32>(kept, first);
      store<u32>(kept, (m + 1) / 2, 4);
      store<u32>(kept, sum, 8);
      kept += 12;
    }
    flush<C>();
    opened = kept;
  }
}
