import type { R1cs } from '../../../src/build/r1cs.js';
import { mod } from '../../../src/bus/field.js';
import { littleEndian } from '../../../src/bus/little-endian.js';

/** A combination: coefficient by wire. */
export type Combination = Readonly<Record<number, bigint>>;

/**
 * A constraint system by hand, with public wires 1 to 3 (an output, alpha, beta), then so many private inputs. Each constraint is A * B = C.
 */
export function r1csOf(
  privateInputs: number,
  wires: number,
  constraints: readonly (readonly [Combination, Combination, Combination])[],
): R1cs {
  const parts = constraints.flat().map((combination) => {
    const terms = Object.entries(combination);
    const bytes = Buffer.alloc(4 + 36 * terms.length);
    bytes.writeUInt32LE(terms.length);
    terms.forEach(([wire, coefficient], i) => {
      bytes.writeUInt32LE(Number(wire), 4 + 36 * i);
      littleEndian(mod(coefficient), bytes, 8 + 36 * i);
    });
    return bytes;
  });
  return { wires, publics: 3, privateInputs, constraints: constraints.length, bytes: Buffer.concat(parts) };
}
