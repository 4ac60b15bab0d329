import { FE, FIELD_FUNCTIONS, type Kernel, type Pointer } from '../../src/engine/kernel.js';

/** The prime of the curve's coordinates. */
export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** 32 bytes each, little-endian. */
export function wordsOf(values: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(32 * values.length);
  values.forEach((value, i) => {
    for (let k = 0; k < 4; k++)
      bytes.writeBigUInt64LE((value >> BigInt(64 * k)) & 0xffff_ffff_ffff_ffffn, 32 * i + 8 * k);
  });
  return bytes;
}

/** The inverse of {@link wordsOf}. */
export function numbersOf(words: Uint8Array): bigint[] {
  const bytes = Buffer.from(words);
  return Array.from({ length: bytes.length / 32 }, (_, i) => {
    return [3, 2, 1, 0].reduce((high, k) => (high << 64n) | bytes.readBigUInt64LE(32 * i + 8 * k), 0n);
  });
}

/** The limbs of a value below 2^264. */
export function limbsOf(value: bigint): Uint8Array {
  const limbs = Array.from({ length: 9 }, (_, i) =>
    Number(i < 8 ? (value >> BigInt(29 * i)) & 0x1fff_ffffn : value >> 232n),
  );
  return new Uint8Array(Uint32Array.from(limbs).buffer);
}

/** Limbs as numbers. */
export const limbNumbers = (bytes: Uint8Array): number[] => [...new Uint32Array(bytes.slice().buffer)];

/** The value of limbs, and whether limbs 0 to 7 are below 2^29. */
export function limbValue(bytes: Uint8Array): { value: bigint; normal: boolean } {
  const limbs = limbNumbers(bytes);
  return {
    value: limbs.reduceRight((high, limb) => (high << 29n) + BigInt(limb), 0n),
    normal: limbs.slice(0, 8).every((limb) => limb < 1 << 29),
  };
}

/** A function of a field on values or limbs: what it returns and what it wrote. */
export function applied(
  kernel: Kernel,
  field: 'fq' | 'fr',
  name: (typeof FIELD_FUNCTIONS)[number],
  operands: readonly (bigint | Uint8Array)[],
): { returned: number; written: Uint8Array } {
  const mark = kernel.mark();
  const at: Pointer[] = [0, 1, 2, 3].map((i) => {
    const operand = operands[i] ?? 0n;
    return kernel.put(typeof operand === 'bigint' ? limbsOf(operand) : operand);
  });
  const result = kernel.alloc(FE);
  const call = field === 'fq' ? kernel.call.fq_apply : kernel.call.fr_apply;
  const returned = call(FIELD_FUNCTIONS.indexOf(name), 1, result, at[0]!, at[1]!, at[2]!, at[3]!);
  const written = kernel.view(result, FE).slice();
  kernel.release(mark);
  return { returned, written };
}
