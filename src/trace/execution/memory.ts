import { hexToBytes, toHex } from 'viem';
import { WORD } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';

/** Words that an expansion added: from (inclusive) to `to` (exclusive), and the time since which they exist. */
export interface NewWords {
  readonly from: bigint;
  readonly to: bigint;
  readonly ts: bigint;
}

/** A word of memory at its last access. */
export interface MemoryWord {
  readonly ts: bigint;
  /** 256 bits. */
  readonly value: bigint;
}

/** An access to a word: the value before it, and three limbs of ts - tOld - 1. */
export interface Accessed {
  readonly old: bigint;
  readonly gap: readonly bigint[];
}

/** A frame's memory while its rows are made. Every access has a time, and so has every word from its birth on. */
export class Memory {
  /** In the order of their words. */
  readonly expansions: NewWords[] = [];
  readonly #words = new Map<bigint, MemoryWord>();

  /** Size in words. */
  get size(): bigint {
    return this.expansions.at(-1)?.to ?? 0n;
  }

  /** Lets the memory have `to` words at least, by a row at time `ts`: new ones are 0 and exist since just before it. */
  expand(to: bigint, ts: bigint): void {
    if (to > this.size) this.expansions.push({ from: this.size, to, ts: ts - 1n });
  }

  /** A word as the last access left it. Throws RangeError when it does not exist. */
  at(word: bigint): MemoryWord {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const birth = this.expansions.findLast(({ from, to }) => from <= word && word < to);
    if (birth === undefined) throw new RangeError(`memory has no word ${word}`);
    return { ts: birth.ts, value: 0n };
  }

  /** Reads a word at time `ts`; with `value` writes it. */
  access(word: bigint, ts: bigint, value?: bigint): Accessed {
    const { ts: before, value: old } = this.at(word);
    this.#words.set(word, { ts, value: value ?? old });
    return { old, gap: limbsOf(ts - before - 1n, 3) };
  }

  /** A copy of `length` bytes from `offset` on; no access. Throws RangeError when a word of them does not exist. */
  bytes(offset: bigint, length: number): Uint8Array {
    if (length === 0) return new Uint8Array();
    const first = offset / WORD;
    const words = Array.from({ length: Number((offset + BigInt(length) - 1n) / WORD - first) + 1 }, (_, i) =>
      hexToBytes(toHex(this.at(first + BigInt(i)).value, { size: 32 })),
    );
    const start = Number(offset % WORD);
    return Uint8Array.from(words.flatMap((word) => [...word])).slice(start, start + length);
  }
}
