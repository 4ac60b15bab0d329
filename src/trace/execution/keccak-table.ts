import { type Hex, toHex } from 'viem';
import { MOST_USES } from '../../statement/table-bytes.js';
import type { TableKeccak } from '../../statement/table-code.js';

interface Entry {
  readonly id: bigint;
  readonly kind: TableKeccak['kind'];
  readonly input: Hex;
  uses: bigint;
}

/** The hashes that a batch computes, for L1 to supply: each input once, in the order of first use, with how often it is used. */
export class KeccakTable {
  readonly #entries: Entry[] = [];
  /** The entry of an input that can take more uses. */
  readonly #open = new Map<string, Entry>();

  /** Notes that 64 bytes, two words, are hashed by a row of `keccak64`. */
  pair(a: bigint, b: bigint): void {
    this.#use('pair', toHex((a << 256n) | b, { size: 64 }));
  }

  /** Notes that bytes are hashed by a row of `keccak256` and its words; returns the id under which L1 has them, from 1. */
  general(input: Uint8Array): bigint {
    return this.#use('general', toHex(input)).id;
  }

  /** The table's entries for the bundle. An entry's id is its place, from 1. */
  get entries(): TableKeccak[] {
    return this.#entries.map(({ kind, input, uses }) => ({ kind, input, uses }));
  }

  #use(kind: TableKeccak['kind'], input: Hex): Entry {
    const key = `${kind} ${input}`;
    let entry = this.#open.get(key);
    if (entry === undefined || entry.uses === MOST_USES) {
      entry = { id: BigInt(this.#entries.length + 1), kind, input, uses: 0n };
      this.#entries.push(entry);
      this.#open.set(key, entry);
    }
    entry.uses++;
    return entry;
  }
}
