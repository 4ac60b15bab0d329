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
