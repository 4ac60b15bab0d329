/** One function of a field by its number (`FIELD_FUNCTIONS` in src/engine/kernel.ts), for tests of its bounds and for measurements. */
import { Fq } from './generated/fq';
import { Fr } from './generated/fr';
import { inverse, isZero } from './prime';

function apply<F>(name: i32, r: usize, a: usize, b: usize, c: usize, d: usize): i32 {
  const f = changetype<F>(0);
  switch (name) {
    case 0:
      f.mul(r, a, b);
      break;
    case 1:
      f.sqr(r, a);
      break;
    case 2:
      f.mul2(r, a, b, c, d);
      break;
    case 3:
      f.add(r, a, b);
      break;
    case 4:
      f.sub(r, a, b);
      break;
    case 5:
      f.sub2(r, a, b);
      break;
    case 6:
      f.sub8(r, a, b);
      break;
    case 7:
      f.neg2(r, a);
      break;
    case 8:
      f.neg8(r, a);
      break;
    case 9:
      f.subTwiceSubReduced(r, a, b, c);
      break;
    case 10:
      f.subLazy(r, a, b);
      break;
    case 11:
      f.addReduced(r, a, b);
      break;
    case 12:
      f.subReduced(r, a, b);
      break;
    case 13:
      f.subSubReduced(r, a, b, c);
      break;
    case 14:
      return f.mayBeZero(a);
    case 15:
      f.canonical(r, a);
      break;
    case 16:
      f.unpack(r, a);
      break;
    case 17:
      f.pack(r, a);
      break;
    case 18:
      inverse<F>(r, a);
      break;
    case 19:
      return isZero<F>(a);
    case 20:
      f.copy(r, a);
      f.butterfly(r, b, c);
      break;
    case 21:
      f.copy(r, b);
      f.butterfly(a, r, c);
      break;
    case 22:
      f.unpackSubLazy(r, a, b, c);
      break;
    case 23:
      f.unpackAddLazy(r, a, b, c);
      break;
    case 24:
      f.chord(r, a, b, <u32>c);
      break;
    default:
      return -1;
  }
  return 0;
}

/** A function of the base field of the curve, n times. */
export function fq_apply(name: i32, n: i32, r: usize, a: usize, b: usize, c: usize, d: usize): i32 {
  let result = 0;
  for (let i = 0; i < n; i++) result = apply<Fq>(name, r, a, b, c, d);
  return result;
}

/** A function of the scalar field, n times. */
export function fr_apply(name: i32, n: i32, r: usize, a: usize, b: usize, c: usize, d: usize): i32 {
  let result = 0;
  for (let i = 0; i < n; i++) result = apply<Fr>(name, r, a, b, c, d);
  return result;
}
