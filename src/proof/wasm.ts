import { concat, type Hex, toHex } from 'viem';
import { Engine } from '../engine/engine.js';
import type { ProofEngine } from './engine.js';
import { type EngineOptions, engineOptions, withPreparedKey } from './prepared.js';
import { violationOf } from './violation.js';

/**
 * This project's own engine (src/engine). It checks every constraint before it proves, and compares what it reads with its hashes.
 * @param threads by default as many as the machine runs at once
 */
export function wasmEngine(options: EngineOptions = {}, threads?: number): ProofEngine {
  const { store, chips } = engineOptions(options);
  const engine = new Engine(store, threads);
  return {
    name: 'wasm',
    reads: { commit: [], prove: [] },
    async commit(shape, cells) {
      return bytesOf(await withPreparedKey(shape, store, (names) => engine.commit(names, cells)));
    },
    async prove(shape, { cells }, challenge) {
      const proof = await withPreparedKey(shape, store, (names) => engine.prove(names, cells, challenge));
      if ('violated' in proof) throw violationOf(proof.plan, shape.spec, proof.violated, cells, chips);
      const [x0, x1, y0, y1] = proof.B as [bigint, bigint, bigint, bigint];
      return { sum: proof.sum, A: bytesOf(proof.A), B: bytesOf([x1, x0, y1, y0]), C: bytesOf(proof.C) };
    },
    close: () => engine.close(),
  };
}

/** Coordinates as EIP-196 and EIP-197 have them. */
function bytesOf(coordinates: readonly bigint[]): Hex {
  return concat(coordinates.map((x) => toHex(x, { size: 32 })));
}
