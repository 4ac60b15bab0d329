import { readFileSync } from 'node:fs';
import { type Hex, keccak256, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { chainOf, linkOf } from '../../src/proof/parts.js';
import { batchingBase, statementHash, transcript } from '../../src/proof/transcript.js';
import type { Mode } from '../../src/proof/types.js';

interface Vector {
  readonly name: string;
  readonly l1ChainId: string;
  readonly verifier: Hex;
  readonly beneficiary: Hex;
  readonly keySetHash: Hex;
  readonly rulesHash: Hex;
  readonly batchHash: Hex;
  readonly preRoot: string;
  readonly mode: Mode;
  readonly value: string;
  readonly parts: readonly Hex[];
  /** The links to the parts, and 0 behind the last. */
  readonly dues: readonly Hex[];
  readonly statement: Hex;
  readonly seed: Hex;
  readonly alpha: string;
  readonly beta: string;
  /** Of each part with proofs. */
  readonly rhos: readonly string[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/transcript-vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

function run(vector: Vector) {
  const { l1ChainId, batchHash, preRoot, mode, value, parts } = vector;
  const statement = { batchHash, preRoot: BigInt(preRoot), mode, value: BigInt(value) };
  const dues = chainOf(parts.map(linkOf));
  const { seed, challenge } = transcript({ ...vector, l1ChainId: BigInt(l1ChainId) }, statement, dues[0]!);
  const rhos = parts.flatMap((part, i) =>
    part.startsWith('0x05') ? [batchingBase(seed, dues[i]!, `0x${part.slice(4)}`)] : [],
  );
  return {
    dues,
    statement: statementHash(statement),
    seed,
    alpha: challenge.alpha.toString(),
    beta: challenge.beta.toString(),
    rhos: rhos.map(String),
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
  const dues: Hex[] = [`0x${'00'.repeat(32)}`];
  for (const part of [...v.parts].reverse()) {
    const [kind, body] = [part.slice(2, 4), part.slice(4)];
    const commitments = (body.match(/.{706}/g) ?? []).map((record) => record.slice(0, 130)).join('');
    dues.unshift(hash(word(`0x${kind}`), hash(kind === '05' ? commitments : body).slice(2), dues[0]!.slice(2)));
  }
  const seed = hash(
    ...[tag('transcript'), word(BigInt(v.l1ChainId)), word(v.verifier), word(v.beneficiary), word(v.keySetHash)],
    ...[word(v.rulesHash), word(statement), word(dues[0]!)],
  );
  const draw = (...rest: string[]) => (BigInt(hash(seed.slice(2), ...rest)) % R).toString();
  const rhos = v.parts.flatMap((part, i) => (part.startsWith('0x05') ? [draw(dues[i]!.slice(2), part.slice(4))] : []));
  return { dues, statement, seed, alpha: draw(word(1n)), beta: draw(word(2n)), rhos };
}

describe('transcript', () => {
  it.each(vectors)('matches the vector "$name"', (vector) => {
    expect(vector).toMatchObject(run(vector));
    expect(byHand(vector)).toEqual(run(vector));
  });

  it('binds every input, and where each part ends', () => {
    const base = vectors[2]!;
    const { parts } = base;
    const [head, , items, first, second] = parts as [Hex, Hex, Hex, Hex, Hex];
    const joined = `${first}${second.slice(4)}` as Hex;
    const flip = (part: Hex, at: number) =>
      `${part.slice(0, 2 + 2 * at)}${part[2 + 2 * at] === '0' ? '1' : '0'}${part.slice(3 + 2 * at)}` as Hex;
    const proofs = parts.at(-1)!;
    const other: Partial<Vector>[] = [
      { l1ChainId: '2' },
      { verifier: base.beneficiary },
      { beneficiary: base.verifier },
      { keySetHash: base.rulesHash },
      { rulesHash: base.keySetHash },
      { batchHash: base.keySetHash },
      { preRoot: '2' },
      { mode: 'root' },
      { value: '2' },
      { parts: parts.slice(0, -1) },
      { parts: [head] },
      { parts: parts.with(3, joined).toSpliced(4, 1) },
      { parts: parts.with(3, second).with(4, first) },
      { parts: parts.toSpliced(2, 0, items) },
      { parts: parts.with(3, `0x03${first.slice(4)}`) },
      ...[1, 30, 65].map((at) => ({ parts: parts.with(-1, flip(proofs, at)) })),
      ...[1, 20].map((at) => ({ parts: parts.with(0, flip(head, at)) })),
    ];
    const seeds = other.map((change) => run({ ...base, ...change }).seed);
    expect(new Set([...seeds, base.seed]).size).toBe(other.length + 1);
    // Sums, A, B and C depend on the challenge: only the batching challenge binds them.
    const later = run({ ...base, parts: parts.with(-1, flip(proofs, 66)) });
    expect(later.seed).toBe(base.seed);
    expect(later.rhos.at(-1)).not.toBe(base.rhos.at(-1));
  });
});
