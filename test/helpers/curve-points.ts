import { concat, type Hex, toHex } from 'viem';
import { P } from '../../src/proof/points.js';

const mod = (x: bigint) => ((x % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [mod(base), exponent]; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * b);
    b = mod(b * b);
  }
  return result;
}

/** Square root mod p (p = 3 mod 4), undefined for a non-square. */
function root(x: bigint): bigint | undefined {
  const s = power(x, (P + 1n) / 4n);
  return mod(s * s - x) === 0n ? s : undefined;
}

type Fp2 = readonly [re: bigint, im: bigint];
const times = ([a, b]: Fp2, [c, d]: Fp2): Fp2 => [mod(a * c - b * d), mod(a * d + b * c)];

/** A point of BN254's twist y^2 = x^3 + 3/(9 + i) in EIP-197 bytes. A random one is outside the subgroup of order r. */
export function outsideSubgroup(): Hex {
  const inverse = power(82n, P - 2n); // 1/(9 + i) = (9 - i)/82
  const b: Fp2 = [mod(27n * inverse), mod(-3n * inverse)];
  for (let i = 1n; ; i++) {
    const x: Fp2 = [i, 1n];
    const cube = times(times(x, x), x);
    const [re, im] = [mod(cube[0] + b[0]), mod(cube[1] + b[1])];
    const norm = root(re * re + im * im);
    if (norm === undefined) continue;
    const half = (P + 1n) / 2n;
    const y0 = root((re + norm) * half) ?? root((re - norm) * half);
    if (y0 === undefined || y0 === 0n) continue;
    const y1 = mod(im * power(2n * y0, P - 2n));
    return concat([x[1], x[0], y1, y0].map((value) => toHex(value, { size: 32 })));
  }
}
