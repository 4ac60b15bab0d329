import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import type { Term } from '../../src/bus/tuple.js';
import { term } from '../../src/bus/tuple.js';
import { commit } from '../../src/proof/commit.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { proveShape } from '../../src/proof/prove.js';
import { encodeRecords } from '../../src/proof/record.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { transcript } from '../../src/proof/transcript.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { statementOf } from '../../src/proof/verify.js';
import { mark, sink, TEST_CHIPS } from '../fixtures/test-chips.js';

/** A folder below the system's temporary one, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What takes part in a test bundle: per proof its shape and rows, and L1's own tuples, which balance them. */
export const PARTS = [
  {
    shape: 0,
    rows: {
      mark: [
        { en: 1n, x: 7n, y: 11n, z: [2n, 3n], m: 4n },
        { en: 1n, x: 9n, y: 1n << 200n, z: [0n, 1n], m: 1n },
      ],
      'sink.any': [{ x: 7n, m: -1n + mark.padding.en }],
    },
  },
  { shape: 1, rows: { 'sink.any': [{ x: 5n, m: 3n }] } },
  { shape: 1, rows: { 'sink.any': [{ x: 6n, m: 0n }] } },
] as const;

/** L1's tuples: everything the rows sent, received, and the other way round. */
export function nativeTerms(): Term[] {
  const rows: Term[] = PARTS.flatMap(({ rows }) => [
    ...('mark' in rows ? rows.mark.flatMap((row) => mark.terms(row)) : []),
    ...rows['sink.any'].flatMap((row) => sink.terms(row)),
  ]);
  return [...rows.map(({ weight, tuple }) => ({ weight: -weight, tuple })), term(0n, 'RANGE12', { x: 3n })];
}

export const BATCH_HASH: Hex = `0x${'b7'.repeat(32)}`;

/** The bundle before its proofs. */
export function draft(keySet: KeySet): Bundle {
  return {
    l1ChainId: 31_337n,
    verifier: `0x${'11'.repeat(20)}`,
    beneficiary: `0x${'22'.repeat(20)}`,
    keySetHash: keySet.hash,
    header: {
      ...{ version: 1n, number: 5n, parent: `0x${'01'.repeat(32)}`, txsHash: `0x${'02'.repeat(32)}`, timestamp: 1000n },
      ...{ originNumber: 77n, originHash: `0x${'03'.repeat(32)}`, feeRecipient: `0x${'fe'.repeat(20)}` },
      ...{ gasLimit: 30_000_000n, baseFee: 1_000_000_000n, chainId: 42_113n },
    },
    txs: ['0x02f8', '0x'],
    preRoot: 12_345n,
    mode: 'diff',
    value: (1n << 255n) + 5n,
    tables: '0x00010203',
    proofs: '0x',
  };
}

/** Commits, draws the challenge, proves. */
export async function makeBundle(keySet: KeySet, engine: ProofEngine): Promise<Bundle> {
  const bundle = draft(keySet);
  const inputs = PARTS.map(({ shape, rows }) => {
    const canonical = Object.fromEntries(
      Object.entries(rows).map(([chip, list]) => [
        chip,
        list.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, reduce(v)]))),
      ]),
    );
    return { shape, inputs: shapeInputs(keySet.shapes[shape]!.spec, canonical as never, TEST_CHIPS) };
  });
  const commitments: { shape: number; D: Hex }[] = [];
  for (const { shape, inputs: given } of inputs) {
    commitments.push({ shape, D: await commit(keySet.shapes[shape]!, given.cells) });
  }
  const { challenge } = transcript(bundle, statementOf(bundle, BATCH_HASH), bundle.tables, commitments);
  const records: ProofRecord[] = [];
  for (const [i, { shape, inputs: given }] of inputs.entries()) {
    records.push(await proveShape({ keySet, shape, inputs: given, D: commitments[i]!.D, challenge }, engine));
  }
  return { ...bundle, proofs: encodeRecords(records) };
}

const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

function reduce(value: bigint | readonly bigint[]): bigint | bigint[] {
  return typeof value === 'bigint' ? ((value % R) + R) % R : value.map((x) => reduce(x) as bigint);
}

/** A random test seed, to be printed; `DELTAPROOF_TEST_SEED` replays one. */
export function testSeed(): number {
  return Number(process.env.DELTAPROOF_TEST_SEED ?? randomBytes(4).readUInt32LE());
}

/** A small seeded generator (mulberry32): integers in [0, n). */
export function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % n;
  };
}
