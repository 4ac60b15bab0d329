import { readFileSync } from 'node:fs';
import { type Hex, keccak256, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { batchingBase, statementHash, tablesHash, transcript } from '../../src/proof/transcript.js';
import type { Mode } from '../../src/proof/types.js';

interface Vector {
  readonly name: string;
  readonly l1ChainId: string;
  readonly verifier: Hex;
  readonly beneficiary: Hex;
  readonly keySetHash: Hex;
  readonly batchHash: Hex;
  readonly preRoot: string;
  readonly mode: Mode;
  readonly value: string;
  readonly tables: Hex;
  readonly commitments: readonly { readonly shape: number; readonly D: Hex }[];
  readonly proofs: Hex;
  readonly statement: Hex;
  readonly tablesHash: Hex;
  readonly seed: Hex;
  readonly alpha: string;
  readonly beta: string;
  readonly rho: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/transcript-vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

function run(vector: Vector) {
  const { l1ChainId, verifier, beneficiary, keySetHash, batchHash, preRoot, mode, value } = vector;
  const statement = { batchHash, preRoot: BigInt(preRoot), mode, value: BigInt(value) };
  const context = { l1ChainId: BigInt(l1ChainId), verifier, beneficiary, keySetHash };
  const { seed, challenge } = transcript(context, statement, vector.tables, vector.commitments);
  return {
    statement: statementHash(statement),
    tablesHash: tablesHash(vector.tables),
    seed,
    alpha: challenge.alpha.toString(),
    beta: challenge.beta.toString(),
    rho: batchingBase(seed, vector.proofs).toString(),
  };
}

/** FORMATS.md once more, by hand: words joined as hex strings. */
function byHand(v: Vector) {
  const word = (x: bigint | Hex) => BigInt(x).toString(16).padStart(64, '0');
  const hash = (...words: string[]) => keccak256(`0x${words.join('')}`);
  const tag = (name: string) => keccak256(toHex(`deltaproof/${name}/1`)).slice(2);
  const mode = v.mode === 'diff' ? 0n : 1n;
  const statement = hash(
    tag('statement'),
    word(v.batchHash),
    word(BigInt(v.preRoot)),
    word(mode),
    word(BigInt(v.value)),
  );
  const seed = hash(
    ...[tag('transcript'), word(BigInt(v.l1ChainId)), word(v.verifier), word(v.beneficiary), word(v.keySetHash)],
    ...[word(statement), word(keccak256(v.tables)), word(BigInt(v.commitments.length))],
    ...v.commitments.map(({ shape, D }) => shape.toString(16).padStart(2, '0') + D.slice(2)),
  );
  const draw = (rest: string) => (BigInt(hash(seed.slice(2), rest)) % R).toString();
  return {
    ...{ statement, tablesHash: keccak256(v.tables), seed },
    ...{ alpha: draw(word(1n)), beta: draw(word(2n)), rho: draw(v.proofs.slice(2)) },
  };
}

describe('transcript', () => {
  it.each(vectors)('matches the vector "$name"', (vector) => {
    expect(vector).toMatchObject(run(vector));
    expect(byHand(vector)).toEqual(run(vector));
  });

  it('binds every input', () => {
    const base = vectors[1]!;
    const other: Partial<Vector>[] = [
      { l1ChainId: '2' },
      { verifier: base.beneficiary },
      { beneficiary: base.verifier },
      { keySetHash: base.batchHash },
      { batchHash: base.keySetHash },
      { preRoot: '2' },
      { mode: 'diff' },
      { value: '2' },
      { tables: '0x' },
      { commitments: base.commitments.slice(1) },
      { commitments: [...base.commitments].reverse() },
      { commitments: base.commitments.map(({ D }) => ({ shape: 7, D })) },
    ];
    const seeds = other.map((change) => run({ ...base, ...change }).seed);
    expect(new Set([...seeds, base.seed]).size).toBe(other.length + 1);
  });
});
