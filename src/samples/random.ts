import { keccak256, toBytes } from 'viem';
import { fromHex, toHex } from '../batch/bytes.js';

/**
 * Deterministic pseudo-random values from a seed, for samples and tests only (sfc32 by Chris Doty-Humphrey, seeded by
 * keccak). Never for keys that guard anything.
 */
export class SeededRandom {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    this.#state = new Uint32Array(fromHex(keccak256(toBytes(seed))).buffer, 0, 4);
    for (let i = 0; i < 12; i++) this.u32();
  }

  /** 32 random bits. */
  u32(): number {
    const state = this.#state;
    const [a, b, c, counter] = state as unknown as [number, number, number, number];
    const result = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + result;
    return result;
  }

  /** An integer in [0, limit), for limits far below 2^32. */
  below(limit: number): number {
    return this.u32() % limit;
  }

  /** An integer in [0, 2^bits). */
  bits(bits: number): bigint {
    let value = 0n;
    for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(this.u32());
    return BigInt.asUintN(bits, value);
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** Random bytes as hex. */
  hex(length: number): `0x${string}` {
    return toHex(this.bytes(length));
  }

  /** One of the items, of which there is at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}
