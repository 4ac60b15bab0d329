import { toLimbs } from '../../../src/bus/field.js';
import { growthWork } from '../../../src/chips/lib/expand.js';
import { WORK } from '../../../src/evm/work.js';
import { sets } from '../../helpers/chips/memory-forgeries.js';
import { bytesOfWords, digestOf } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** keccak-256 of words. */
export const hashOf = (...words: bigint[]): bigint => digestOf(bytesOfWords(...words));

/** A row that pushes this word. */
export const pushes = (word: bigint): Edit => sets({ hi: toLimbs(word)[0], lo: toLimbs(word)[1] });

/** Lets `spare` be what follows from the machine for an input of so many words and this price of memory, in range or not. */
export function balances(words: bigint, expansion: bigint): Edit {
  return (row) => {
    const exec = row.columns.exec as readonly bigint[];
    const grown = growthWork({ grow: expansion > 0n ? 1n : 0n, delta: expansion / 3n });
    const work = exec[6]! - BigInt(WORK.keccak256) - BigInt(WORK.keccakWord) * words - grown;
    const gas = exec[5]! - 30n - 6n * words - expansion;
    row.limbs('spare', work - BigInt(WORK.gas) * gas);
  };
}
