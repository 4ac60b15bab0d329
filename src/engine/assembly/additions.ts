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
 * Bytes of a waiting addition: x and y of the first summand; the slope's denominator, which is what the x of the second is more, or twice y;
 * its numerator; the product of all denominators up to its own; where the sum goes (0 when that is done), and both terms.
 */
function entryBytes<C>(): usize {
  return tail<C>() + 12;
}

/** Bytes ahead of where the sum goes. */
function tail<C>(): usize {
  return 5 * changetype<C>(0).size;
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

/** Queues sum = a + b, a and b terms whose coordinates are up to 2 p. Sums have coordinates below 1.1 p, unless one summand is infinity. */
export function enqueue<C>(a: u32, b: u32, sum: usize): void {
  const at = queue + waiting * entryBytes<C>() + tail<C>();
  store<u32>(at, sum);
  store<u32>(at, a, 4);
  store<u32>(at, b, 8);
  waiting++;
  if (waiting === QUEUE) flush<C>();
}

/** Reads a word of every cache line of the points that wait, and does nothing else: so their misses overlap. */
function fetch<C>(): void {
  const entry = entryBytes<C>();
  let at = queue + tail<C>();
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

/**
 * Unpacks what waits, and makes its slopes: denominators and numerators (in the place of y2), and the products of the denominators. No sign is
 * carried out before the end: P + Q and -(P + Q) have the slope (y2 - y1) / (x2 - x1), and Q - P, with P the opposite one, (y2 + y1) / (x2 - x1).
 */
function slopes<C>(): void {
  const c = changetype<C>(0);
  const e = c.size;
  const entry = entryBytes<C>();
  const t = stack + At.CURVE;
  let x1 = queue;
  for (let i: usize = 0; i < waiting; i++, x1 += entry) {
    const y1 = x1 + e;
    const denominator = x1 + 2 * e;
    const numerator = x1 + 3 * e;
    const product = x1 + 4 * e;
    const terms = x1 + tail<C>();
    let a = load<u32>(terms, 4);
    let b = load<u32>(terms, 8);
    if (b & ~a & 1) {
      // Of two signs the first is the opposite one.
      const swapped = a;
      a = b;
      b = swapped;
      store<u32>(terms, a, 4);
      store<u32>(terms, b, 8);
    }
    const differ = a & ~b & 1;
    const p: usize = a & ~1;
    const q: usize = b & ~1;
    c.unpackSubLazy(x1, denominator, p, q);
    if (differ) c.unpackAddLazy(y1, numerator, p + c.packed, q + c.packed);
    else c.unpackSubLazy(y1, numerator, p + c.packed, q + c.packed);
    if (isInfinity<C>(p) || isInfinity<C>(q)) {
      const sum: usize = load<u32>(terms);
      if (isInfinity<C>(p)) copyPoint<C>(sum, q, <bool>(b & 1));
      else copyPoint<C>(sum, p, <bool>(a & 1));
      store<u32>(terms, 0);
      c.setOne(denominator);
    } else if (c.mayBeZero(denominator) && c.isZero(denominator)) {
      if (c.isZero(numerator)) {
        // The tangent's slope: 3 x^2 / 2 y. Points that are equal are the same one from here on.
        if (differ) c.neg2(denominator, y1);
        else c.copy(denominator, y1);
        c.add(denominator, denominator, denominator);
        c.sqr(t, x1);
        c.add(numerator, t, t);
        c.add(numerator, numerator, t);
        store<u32>(terms, <u32>p | (b & 1), 8);
      } else {
        setInfinity<C>(load<u32>(terms));
        store<u32>(terms, 0);
        c.setOne(denominator);
      }
    }
    if (i === 0) {
      c.setOne(t);
      c.mul(product, denominator, t);
    } else c.mul(product, denominator, product - entry);
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
  let x1 = queue + (waiting - 1) * entry;
  c.inverse(inverse, x1 + 4 * e);
  for (let i = waiting; i > 0; i--, x1 -= entry) {
    const denominator = x1 + 2 * e;
    const terms = x1 + tail<C>();
    if (i > 1) {
      c.mul(slope, inverse, x1 + 4 * e - entry);
      c.mul(inverse, denominator, inverse);
      c.mul(slope, x1 + 3 * e, slope);
    } else c.mul(slope, x1 + 3 * e, inverse);
    const sum: usize = load<u32>(terms);
    if (sum === 0) continue;
    const a = load<u32>(terms, 4);
    const b = load<u32>(terms, 8);
    // A point is no more than itself.
    if ((a ^ b) < 2) memory.fill(denominator, 0, e);
    c.chord(sum, x1, slope, (a & 1) | ((b & 1) << 1));
  }
  waiting = 0;
}

/** Bytes that {@link sums} needs besides the queue, for n terms: a point for each pair of terms, and three numbers a sum. */
export function sumsBytes<C>(n: usize): usize {
  return pointBytes<C>() * (n / 2) + openBytes(n);
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
  for (let round = 0; opened > scratch; round++) {
    let kept = scratch;
    for (let open = scratch; open < opened; open += 12) {
      const first: usize = load<u32>(open);
      const m: usize = load<u32>(open, 4);
      const sum: usize = load<u32>(open, 8);
      if (m === 2) {
        enqueue<C>(load<u32>(first), load<u32>(first, 4), sum);
        continue;
      }
      // The points of a round take the places of their terms in the list; a term that is left over stays one, and the last one. So from
      // the second round on the first of two is such a point, and their sum takes its place in memory as well.
      const end = first + 4 * m;
      let next = first;
      for (let term = first; term + 4 < end; term += 8, next += 4) {
        const a = load<u32>(term);
        const to = round === 0 ? at : a;
        if (round === 0) at += bytes;
        enqueue<C>(a, load<u32>(term, 4), to);
        store<u32>(next, to);
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
