/**
 * Many multiples of one base. A table holds d 2^(width w) base for every window w and 1 <= d <= 2^(width - 1), so that a multiple is a sum
 * of one term per window, by signed digits.
 */
import { enqueue, flush, queueBytes, startQueue, sums, sumsBytes } from './additions';
import { Coordinate1, Coordinate2, convert } from './coordinate';
import { copyPoint, pointBytes, setInfinity } from './curve';
import { Fq } from './generated/fq';
import { digitOf } from './scalars';

const WORD: usize = 32;
const SCALAR_BITS: u32 = 254;
/** Multiples that are summed together: their terms and partial sums stay in the cache. */
const CHUNK: usize = 1024;

function windowsOf(width: u32): usize {
  return SCALAR_BITS / width + 1;
}

function tableBytes<C>(width: u32): usize {
  return (windowsOf(width) * pointBytes<C>()) << (width - 1);
}

/** Fills the table: entries 1 to m of a window give m + 1 to 2 m; the last one, doubled, the next window's first. */
function fill<C>(table: usize, base: usize, width: u32, scratch: usize): void {
  const bytes = pointBytes<C>();
  const half: usize = 1 << (width - 1);
  startQueue(scratch);
  copyPoint<C>(table, base, false);
  for (let w: usize = 0; w < windowsOf(width); w++) {
    const first = table + bytes * half * w;
    for (let m: usize = 1; m < half; m <<= 1) {
      const last = first + bytes * (m - 1);
      for (let i: usize = 0; i < m; i++) enqueue<C>(<u32>last, <u32>(first + bytes * i), last + bytes * (i + 1));
      flush<C>();
    }
    if (w + 1 === windowsOf(width)) break;
    const last = first + bytes * (half - 1);
    enqueue<C>(<u32>last, <u32>last, last + bytes);
    flush<C>();
  }
}

function multiplesBytes<C>(width: u32): usize {
  const terms = CHUNK * windowsOf(width);
  return queueBytes<C>() + 4 * terms + 4 * (CHUNK + 1) + sumsBytes<C>(terms) + 64;
}

function multiples<C>(table: usize, width: u32, scalars: usize, n: u32, out: usize, scratch: usize): void {
  const bytes = pointBytes<C>();
  const half: u32 = 1 << (width - 1);
  const offsets = scratch + queueBytes<C>();
  const terms = offsets + 4 * (CHUNK + 1);
  const rest = (terms + 4 * CHUNK * windowsOf(width) + 63) & ~63;
  startQueue(scratch);
  for (let from: usize = 0; from < n; from += CHUNK) {
    const count: usize = n - from < CHUNK ? n - from : CHUNK;
    let at: u32 = 0;
    for (let i: usize = 0; i < count; i++) {
      const before = at;
      store<u32>(offsets + 4 * i, at);
      let carry: u32 = 0;
      for (let w: usize = 0; w < windowsOf(width); w++) {
        let digit = digitOf(scalars + WORD * (from + i), <u32>w * width, width) + carry;
        carry = <u32>(digit > half);
        if (carry) digit = (1 << width) - digit;
        if (digit === 0) continue;
        const term = table + bytes * ((w << (width - 1)) + digit - 1);
        store<u32>(terms + 4 * <usize>at, <u32>term | carry);
        at++;
      }
      if (at === before) setInfinity<C>(out + bytes * (from + i));
    }
    store<u32>(offsets + 4 * count, at);
    const sum = out + bytes * from;
    sums<C>(terms, offsets, <u32>count, sum, rest);
    convert(sum, sum, <u32>((count * bytes) / WORD), changetype<Fq>(0).one);
  }
}

export function g1_table_bytes(width: u32): usize {
  return tableBytes<Coordinate1>(width);
}

export function g2_table_bytes(width: u32): usize {
  return tableBytes<Coordinate2>(width);
}

export function g1_table(table: usize, base: usize, width: u32, scratch: usize): void {
  fill<Coordinate1>(table, base, width, scratch);
}

export function g2_table(table: usize, base: usize, width: u32, scratch: usize): void {
  fill<Coordinate2>(table, base, width, scratch);
}

export function g1_multiples(table: usize, width: u32, scalars: usize, n: u32, out: usize, scratch: usize): void {
  multiples<Coordinate1>(table, width, scalars, n, out, scratch);
}

export function g2_multiples(table: usize, width: u32, scalars: usize, n: u32, out: usize, scratch: usize): void {
  multiples<Coordinate2>(table, width, scalars, n, out, scratch);
}

export function g1_multiples_scratch(width: u32): usize {
  return multiplesBytes<Coordinate1>(width);
}

export function g2_multiples_scratch(width: u32): usize {
  return multiplesBytes<Coordinate2>(width);
}
