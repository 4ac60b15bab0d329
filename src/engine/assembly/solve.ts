// Runs a plan: src/engine/steps.ts says what each step means, src/engine/rows.ts how constraints are packed.
import { Fr } from './generated/fr';
import { batchInverse, copy, FE, isZero, WORD } from './prime';
import { At, stack } from './stack';

// Steps and bits as in steps.ts and rows.ts; a test runs every one of them.
const PRODUCT: u32 = 1;
const ADD: u32 = 2;
const DIVIDE: u32 = 4;
const DIGITS: u32 = 5;
const BLOCK: u32 = 6;
const NONE: u32 = 0xffffffff;
const COUNT: u32 = 15;
const MASK: u32 = 0x7fff;
const ONE: u32 = 0;
const MINUS_ONE: u32 = 1;
const B: u32 = 1;
const C: u32 = 2;

/** What a run reads and writes, set by `plan_use`: globals of this instance, not memory that threads share. */
let offsets: usize = 0;
let rows: usize = 0;
let coefficients: usize = 0;
let weights: usize = 0;
let blocks: usize = 0;
/** Values of the wires, then the slots, elements below 1.1. */
let values: usize = 0;
let wires: u32 = 0;

// Temporary elements.
const T0 = At.SOLVE;
const T1 = At.SOLVE + FE;
const T2 = At.SOLVE + 2 * FE;
const T3 = At.SOLVE + 3 * FE;

/** Addresses of a plan's lists (the coefficients as elements), and of the values: 1, alpha, beta and the cells are set, the rest is 0. */
export function plan_use(
  offsetsAt: usize,
  rowsAt: usize,
  coefficientsAt: usize,
  weightsAt: usize,
  blocksAt: usize,
  valuesAt: usize,
  wireCount: u32,
): void {
  offsets = offsetsAt;
  rows = rowsAt;
  coefficients = coefficientsAt;
  weights = weightsAt;
  blocks = blocksAt;
  values = valuesAt;
  wires = wireCount;
}

function field(): Fr {
  return changetype<Fr>(0);
}

function value(place: u32): usize {
  return values + <usize>place * FE;
}

function row(constraint: u32): usize {
  return rows + ((<usize>load<u32>(offsets + ((<usize>constraint) << 2))) << 2);
}

/** Whether all limbs are 0: an element that adds nothing. */
function isPlainZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24) | <u64>load<u32>(a, 32)) === 0;
}

/** The combination behind this one. */
function behind(at: usize): usize {
  const head = load<u32>(at);
  const others = head >> 31 !== 0 ? 1 + 2 * load<u32>(at, 4) : 0;
  return at + ((<usize>(1 + (head & MASK) + ((head >> COUNT) & MASK) + others)) << 2);
}

/**
 * r = the combination at an address, below 1.03; returns the address behind it. Limbs are summed in 64 bits, signed: at most 2^16 terms of limbs
 * below 2^29 stay far below 2^63.
 */
function combination(r: usize, at: usize): usize {
  const f = field();
  const head = load<u32>(at);
  at += 4;
  let others: u32 = 0;
  if (head >> 31 !== 0) {
    others = load<u32>(at);
    at += 4;
  }
  if (head === 1) {
    copy(r, value(load<u32>(at)));
    return at + 4;
  }
  let s0: i64 = 0;
  let s1: i64 = 0;
  let s2: i64 = 0;
  let s3: i64 = 0;
  let s4: i64 = 0;
  let s5: i64 = 0;
  let s6: i64 = 0;
  let s7: i64 = 0;
  let s8: i64 = 0;
  for (const end = at + ((<usize>(head & MASK)) << 2); at < end; at += 4) {
    const a = value(load<u32>(at));
    s0 += load<u32>(a);
    s1 += load<u32>(a, 4);
    s2 += load<u32>(a, 8);
    s3 += load<u32>(a, 12);
    s4 += load<u32>(a, 16);
    s5 += load<u32>(a, 20);
    s6 += load<u32>(a, 24);
    s7 += load<u32>(a, 28);
    s8 += load<u32>(a, 32);
  }
  for (const end = at + ((<usize>((head >> COUNT) & MASK)) << 2); at < end; at += 4) {
    const a = value(load<u32>(at));
    s0 -= load<u32>(a);
    s1 -= load<u32>(a, 4);
    s2 -= load<u32>(a, 8);
    s3 -= load<u32>(a, 12);
    s4 -= load<u32>(a, 16);
    s5 -= load<u32>(a, 20);
    s6 -= load<u32>(a, 24);
    s7 -= load<u32>(a, 28);
    s8 -= load<u32>(a, 32);
  }
  const t = stack + T0;
  for (const end = at + ((<usize>others) << 3); at < end; at += 8) {
    const a = value(load<u32>(at));
    if (isPlainZero(a)) continue;
    f.mul(t, a, coefficients + <usize>load<u32>(at, 4) * FE);
    s0 += load<u32>(t);
    s1 += load<u32>(t, 4);
    s2 += load<u32>(t, 8);
    s3 += load<u32>(t, 12);
    s4 += load<u32>(t, 16);
    s5 += load<u32>(t, 20);
    s6 += load<u32>(t, 24);
    s7 += load<u32>(t, 28);
    s8 += load<u32>(t, 32);
  }
  f.reduce(r, s0, s1, s2, s3, s4, s5, s6, s7, s8);
  return at;
}

/** value[target] = (A * B - C) * k[x]. */
function product(constraint: u32, target: u32, x: u32): void {
  const f = field();
  const a = stack + T1;
  const b = stack + T2;
  const c = stack + T3;
  combination(c, combination(b, combination(a, row(constraint))));
  f.mul(a, a, b);
  const r = value(target);
  if (x === MINUS_ONE) f.subReduced(r, c, a);
  else {
    f.subReduced(r, a, c);
    if (x !== ONE) f.mul(r, r, coefficients + <usize>x * FE);
  }
}

/** Divisions, with one inversion for all. `inverses` and `scratch` have room for n elements each. */
function divide(at: usize, n: u32, inverses: usize, scratch: usize): void {
  const f = field();
  for (let i: usize = 0; i < n; i++) {
    const step = at + (i << 4);
    const a = row(load<u32>(step));
    combination(inverses + i * FE, load<u32>(step, 12) === B ? a : behind(a));
  }
  batchInverse<Fr>(inverses, n, scratch);
  for (let i: usize = 0; i < n; i++, at += 16) {
    const inverse = inverses + i * FE;
    if (isZero<Fr>(inverse)) continue;
    const a = row(load<u32>(at));
    const b = behind(a);
    const own = stack + T1;
    const c = stack + T2;
    combination(own, load<u32>(at, 12) === B ? b : a);
    combination(c, behind(b));
    f.mul(c, c, inverse);
    const r = value(load<u32>(at, 4));
    f.subReduced(r, c, own);
    const x = load<u32>(at, 8);
    if (x !== ONE) f.mul(r, r, coefficients + <usize>x * FE);
  }
}

/** Digits of a combination as a number: words of 64 bits, from the largest weight. */
function digits(constraint: u32, matrix: u32, x: u32, n: u32, at: usize): void {
  const f = field();
  const t = stack + T1;
  let from = row(constraint);
  if (matrix === C) from = behind(behind(from));
  combination(t, from);
  f.mul(t, t, coefficients + <usize>x * FE);
  f.mul(t, t, f.plainOne);
  f.canonical(t, t);
  f.pack(t, t);
  let r0 = load<u64>(t);
  let r1 = load<u64>(t, 8);
  let r2 = load<u64>(t, 16);
  let r3 = load<u64>(t, 24);
  for (let i: u32 = 0; i < n; i++, at += 8) {
    const w = weights + <usize>load<u32>(at, 4) * WORD;
    const w0 = load<u64>(w);
    const w1 = load<u64>(w, 8);
    const w2 = load<u64>(w, 16);
    const w3 = load<u64>(w, 24);
    const less = r3 !== w3 ? r3 < w3 : r2 !== w2 ? r2 < w2 : r1 !== w1 ? r1 < w1 : r0 < w0;
    if (less) continue;
    let lent: u64 = r0 < w0 ? 1 : 0;
    r0 -= w0;
    let next: u64 = r1 < w1 || (r1 === w1 && lent !== 0) ? 1 : 0;
    r1 -= w1 + lent;
    lent = next;
    next = r2 < w2 || (r2 === w2 && lent !== 0) ? 1 : 0;
    r2 -= w2 + lent;
    r3 -= w3 + next;
    const target = load<u32>(at);
    if (target !== NONE) copy(value(target), f.one);
  }
}

/** Steps of a block, on the wires and constraints listed. */
function block(steps: usize, wireList: usize, count: u32, constraintList: usize): void {
  const f = field();
  const t = stack + T0;
  const n = load<u32>(steps);
  let at = steps + 4;
  for (let i: u32 = 0; i < n; i++, at += 16) {
    const operation = load<u32>(at);
    const to = placeOf(load<u32>(at, 4), wireList, count);
    const from = load<u32>(at, 8);
    const x = load<u32>(at, 12);
    if (operation === PRODUCT) {
      product(load<u32>(constraintList + ((<usize>from) << 2)), to, x);
      continue;
    }
    const source = value(placeOf(from, wireList, count));
    const r = value(to);
    if (operation === ADD) {
      if (isPlainZero(source)) continue;
      f.mul(t, source, coefficients + <usize>x * FE);
      f.addReduced(r, r, t);
    } else if (x === ONE) copy(r, source);
    else f.mul(r, source, coefficients + <usize>x * FE);
  }
}

function placeOf(local: u32, wireList: usize, count: u32): u32 {
  return local < count ? load<u32>(wireList + ((<usize>local) << 2)) : wires + local - count;
}

/**
 * Runs steps, from an address to another. `inverses` and `scratch`: as many elements as the largest DIVIDE has divisions.
 * A word that is no step stops the program.
 */
export function plan_run(at: usize, end: usize, inverses: usize, scratch: usize): void {
  while (at < end) {
    const operation = load<u32>(at);
    if (operation === PRODUCT) {
      product(load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12));
      at += 16;
    } else if (operation === DIVIDE) {
      const n = load<u32>(at, 4);
      divide(at + 8, n, inverses, scratch);
      at += 8 + ((<usize>n) << 4);
    } else if (operation === DIGITS) {
      const n = load<u32>(at, 16);
      digits(load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12), n, at + 20);
      at += 20 + ((<usize>n) << 3);
    } else if (operation === BLOCK) {
      const count = load<u32>(at, 8);
      const constraints = load<u32>(at, 12);
      const list = at + 16;
      const constraintList = list + ((<usize>count) << 2);
      block(blocks + ((<usize>load<u32>(at, 4)) << 2), list, count, constraintList);
      at = constraintList + ((<usize>constraints) << 2);
    } else unreachable();
  }
}

/**
 * Writes A and B of every constraint, one element each, below 1.1, and returns the number of the first constraint that A * B = C does not hold for, or
 * n when all hold.
 */
export function plan_check(n: u32, a: usize, b: usize): u32 {
  const f = field();
  const c = stack + T1;
  const t = stack + T2;
  let violated = n;
  let at = rows;
  for (let i: u32 = 0; i < n; i++, a += FE, b += FE) {
    at = combination(c, combination(b, combination(a, at)));
    if (violated < n) continue;
    f.mul(t, a, b);
    if (!isEqual(t, c)) violated = i;
  }
  return violated;
}

/** Whether two elements below 2 stand for the same number. Changes both. */
function isEqual(a: usize, b: usize): bool {
  const f = field();
  f.canonical(a, a);
  f.canonical(b, b);
  const differ =
    (load<u64>(a) ^ load<u64>(b)) |
    (load<u64>(a, 8) ^ load<u64>(b, 8)) |
    (load<u64>(a, 16) ^ load<u64>(b, 16)) |
    (load<u64>(a, 24) ^ load<u64>(b, 24)) |
    <u64>(load<u32>(a, 32) ^ load<u32>(b, 32));
  return differ === 0;
}
