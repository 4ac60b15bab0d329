import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { CircuitError } from '../errors/proof.js';
import { forEachTerm, type R1cs } from './r1cs.js';

/**
 * Checks that the private inputs are exactly the wires right after the public ones, in the order of their declaration,
 * and that each stands in a constraint. Only then "the row inputs" and "the committed wires" are the same list, which the
 * commitment and the set-up rely on. The compiler eliminates an input that a linear constraint equates with another; the
 * header of the r1cs still counts it.
 * @throws CircuitError `CIRCUIT_INPUT_DROPPED`, `CIRCUIT_INPUT_UNUSED`, naming the signal
 */
export async function checkInputs(r1cs: R1cs, symFile: string): Promise<void> {
  const { publics, privateInputs } = r1cs;
  const names = await inputNames(symFile, publics, privateInputs);
  const used = new Uint8Array(r1cs.wires);
  forEachTerm(r1cs, (_constraint, _matrix, wire) => {
    used[wire] = 1;
  });
  for (let i = publics + 1; i <= publics + privateInputs; i++) {
    if (used[i] === 1) continue;
    throw new CircuitError('CIRCUIT_INPUT_UNUSED', `No constraint uses the private input ${names[i - publics - 1]}.`, {
      hint: 'It would be committed without meaning anything: constrain it or drop the column.',
    });
  }
}

/** Names of the private inputs, which .sym must show as kept and in place: lines `label,wire,component,name`. */
async function inputNames(symFile: string, publics: number, privateInputs: number): Promise<string[]> {
  const names: string[] = [];
  const stream = createReadStream(symFile);
  try {
    for await (const line of createInterface({ input: stream })) {
      const [label, wire, , name] = line.split(',');
      const index = Number(label) - publics - 1;
      if (index < 0 || index >= privateInputs) continue;
      if (wire !== label) {
        const what = wire === '-1' ? 'was eliminated by the compiler' : `is wire ${wire} instead of ${label}`;
        throw new CircuitError('CIRCUIT_INPUT_DROPPED', `The private input ${name} ${what}.`, {
          hint: 'Nothing uses it, or a linear constraint alone equates it with another signal: drop the column.',
        });
      }
      names[index] = name!;
      if (names.length === privateInputs && !names.includes(undefined as never)) break;
    }
  } finally {
    stream.destroy();
  }
  if (Object.keys(names).length !== privateInputs) {
    throw new CircuitError('CIRCUIT_FORMAT', `${symFile} lists ${names.length} of ${privateInputs} private inputs.`);
  }
  return names;
}
