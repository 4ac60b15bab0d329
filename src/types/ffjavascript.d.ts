// ffjavascript 0.3.1 ships no types; only what this project uses.
declare module 'ffjavascript' {
  /** A curve point or field element in the library's internal (Montgomery) bytes. */
  type Bytes = Uint8Array;
  interface Group {
    readonly g: Bytes;
    readonly zero: Bytes;
    /** The field of the coordinates, and b of y^2 = x^3 + b. */
    readonly F: {
      fromObject(x: unknown): Bytes;
      toObject(a: Bytes): unknown;
      add(a: Bytes, b: Bytes): Bytes;
      mul(a: Bytes, b: Bytes): Bytes;
      square(a: Bytes): Bytes;
      isSquare(a: Bytes): boolean;
      sqrt(a: Bytes): Bytes;
    };
    readonly b: Bytes;
    add(a: Bytes, b: Bytes): Bytes;
    neg(a: Bytes): Bytes;
    eq(a: Bytes, b: Bytes): boolean;
    isZero(a: Bytes): boolean;
    isValid(a: Bytes): boolean;
    toAffine(a: Bytes): Bytes;
    timesScalar(a: Bytes, scalar: Bytes | bigint): Bytes;
    timesFr(a: Bytes, scalar: Bytes): Bytes;
    fromObject(o: readonly unknown[]): Bytes;
    toObject(a: Bytes): unknown[];
    multiExpAffine(bases: Bytes, scalars: Bytes): Promise<Bytes>;
  }
  interface Curve {
    readonly q: bigint;
    readonly r: bigint;
    readonly Fr: {
      w: Bytes[];
      toObject(a: Bytes): bigint;
      fromObject(x: bigint | string): Bytes;
      e(x: bigint | number | string): Bytes;
      /** Transforms of values in Montgomery form, one after another. */
      fft(values: Bytes): Promise<Bytes>;
      ifft(values: Bytes): Promise<Bytes>;
      batchToMontgomery(values: Bytes): Promise<Bytes>;
      batchFromMontgomery(values: Bytes): Promise<Bytes>;
      /** Value i times first * step^i. */
      batchApplyKey(values: Bytes, first: Bytes, step: Bytes): Promise<Bytes>;
    };
    readonly G1: Group;
    readonly G2: Group;
    readonly tm: {
      memory: WebAssembly.Memory;
      u8: Uint8Array;
      u32: Uint32Array;
      instance: { exports: Record<string, (...args: number[]) => number> };
      alloc(bytes: number): number;
      setBuff(pointer: number, bytes: Uint8Array): void;
      getBuff(pointer: number, length: number): Uint8Array;
    };
    pairingEq(...points: Bytes[]): Promise<boolean>;
    terminate(): Promise<void>;
  }
  export function buildBn128(singleThread?: boolean): Promise<Curve>;
  export type { Bytes, Curve, Group };
}
