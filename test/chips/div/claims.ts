import { inverse, mod } from '../../../src/bus/field.js';
import type { Edit } from '../../helpers/execution-forger.js';

const HALF = 1n << 128n;
const LOW = 1n << 72n;

type Halves = readonly [hi: bigint, lo: bigint];

/** What a division may claim; what is left out follows from the rest as an honest prover would have it. */
export interface Claim {
  readonly sgn?: bigint;
  readonly mod?: bigint;
  readonly aTop?: bigint;
  readonly bTop?: bigint;
  readonly zero?: bigint;
  /** Quotient and remainder of the absolute values. */
  readonly q?: bigint | Halves;
  readonly r?: bigint | Halves;
  /** Whether the high halves of remainder and divisor are equal. */
  readonly same?: bigint;
  readonly isNegative?: boolean;
  readonly borrow?: readonly bigint[];
  readonly c?: Halves;
}

/** Claims something about a division; everything else follows, modulo r if it must, as far as equations can be solved. */
export function claims(claim: Claim): Edit {
  return (row) => {
    for (const flag of ['sgn', 'mod', 'aTop', 'bTop', 'zero'] as const) {
      const value = claim[flag];
      if (value !== undefined) row.set(flag, mod(value));
    }
    const [sgn, isMod, aTop, bTop, zero] = [
      row.get('sgn'),
      row.get('mod'),
      row.get('aTop'),
      row.get('bTop'),
      row.get('zero'),
    ];
    const [aHi, aLo] = complemented(row.columns.a as readonly bigint[], aTop);
    const [bHi, bLo] = complemented(row.columns.b as readonly bigint[], bTop);
    const A = aHi * HALF + aLo + aTop;
    const B = bHi * HALF + bLo + bTop + zero;

    const [qHi, qLo] = halves(claim.q ?? A / (B === 0n ? 1n : B));
    const [rHi, rLo] = halves(claim.r ?? A - (qHi * HALF + qLo) * B);
    const dLo = bLo + bTop + zero;
    const low = (qLo % LOW) * dLo + LOW * (qLo / LOW) * ((bLo % LOW) + bTop + zero);
    const same = claim.same ?? (bHi === rHi ? 1n : 0n);
    const slack = bHi - rHi + same * (dLo - rLo - bHi + rHi) - 1n;
    row
      .limbs('aHigh', mod((1n + 31n * sgn) * aHi))
      .limbs('bHi', mod(bHi))
      .limbs('bLo', mod(bLo));
    row.limbs('qHi', qHi).limbs('qLo', qLo).limbs('rHi', rHi).limbs('rLo', rLo);
    row.limbs('carry', over(low + rLo - aLo - aTop) + aTop);
    row.set('same', mod(same)).limbs('slack', slack);

    const [vHi, vLo] = isMod === 1n || zero === 1n ? [rHi, rLo] : [qHi, qLo];
    const isNegative = claim.isNegative ?? (isMod === 1n ? aTop : aTop ^ bTop) === 1n;
    const borrow = claim.borrow ?? (isNegative ? [vLo, vHi | vLo].map((part) => (part === 0n ? 0n : 1n)) : [0n, 0n]);
    const sign = isNegative ? -1n : 1n;
    const [c0, c1] = borrow as [bigint, bigint];
    const [cHi, cLo] = claim.c ?? [sign * vHi - c0 + HALF * c1, sign * vLo + HALF * c0];
    row.set('borrow', borrow.map(mod)).limbs('cHi', cHi).limbs('cLo', cLo);
  };
}

/** x / 2^128 modulo r, where that is an integer the integer. */
function over(x: bigint): bigint {
  return x % HALF === 0n ? x / HALF : mod(x * inverse(HALF));
}

/** The halves of an item, or of its complement. */
function complemented([hi, lo]: readonly bigint[], top: bigint): Halves {
  return [hi! + top * (HALF - 1n - 2n * hi!), lo! + top * (HALF - 1n - 2n * lo!)];
}

function halves(x: bigint | Halves): Halves {
  return typeof x === 'bigint' ? [x >> 128n, BigInt.asUintN(128, x)] : x;
}
