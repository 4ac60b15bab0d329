import { readSectionsOf } from './binfile.js';

/** A constraint system A·w * B·w = C·w as circom writes it, the constraints still as bytes. */
export interface R1cs {
  /** Wires, the constant 1 included. Order: 1, outputs, public inputs, private inputs, the rest. */
  readonly wires: number;
  /** Outputs and public inputs. */
  readonly publics: number;
  /** Private inputs as declared; the compiler may have eliminated some (see `inputs.ts`). */
  readonly privateInputs: number;
  readonly constraints: number;
  /** Per constraint A, B, C: u32 count, count times (u32 wire, 32 bytes little-endian coefficient). */
  readonly bytes: Buffer;
}

/** Bytes of one term: wire and coefficient. */
export const TERM = 36;

/** Reads an r1cs file over BN254. */
export async function readR1cs(path: string): Promise<R1cs> {
  const [header, bytes] = (await readSectionsOf(path, 'r1cs', [1, 2])) as [Buffer, Buffer];
  const at = 4 + header.readUInt32LE(0);
  const u32 = (i: number) => header.readUInt32LE(at + 4 * i);
  return { wires: u32(0), publics: u32(1) + u32(2), privateInputs: u32(3), constraints: u32(6), bytes };
}

/** log2 of the smallest domain that holds a row per constraint and per public signal, the constant 1 included. */
export function domainPower({ constraints, publics }: Pick<R1cs, 'constraints' | 'publics'>): number {
  return Math.ceil(Math.log2(constraints + publics + 1));
}

/** Calls `visit` for every term, in order: constraint, matrix (0 A, 1 B, 2 C), wire, offset of the coefficient. */
export function forEachTerm(
  { constraints, bytes }: R1cs,
  visit: (constraint: number, matrix: number, wire: number, coefficientAt: number) => void,
): void {
  let at = 0;
  for (let constraint = 0; constraint < constraints; constraint++) {
    for (let matrix = 0; matrix < 3; matrix++) {
      const end = at + 4 + TERM * bytes.readUInt32LE(at);
      for (at += 4; at < end; at += TERM) visit(constraint, matrix, bytes.readUInt32LE(at), at + 4);
    }
  }
}

/** Words of one term: wire, and the coefficient. */
export const TERM_WORDS = TERM / 4;

/** The constraints as little-endian words: per constraint A, B, C: count, then count times a wire and 8 words of its coefficient. */
export function wordsOf({ bytes }: Pick<R1cs, 'bytes'>): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Where the side (A, B or C) that starts at `at` ends. */
export function endOfSide(words: Uint32Array, at: number): number {
  return at + 1 + TERM_WORDS * words[at]!;
}

/** Calls `visit` for every term of the side at `at`, in order. */
export function forEachWire(words: Uint32Array, at: number, visit: (wire: number, at: number) => void): void {
  const end = endOfSide(words, at);
  for (let term = at + 1; term < end; term += TERM_WORDS) visit(words[term]!, term);
}
