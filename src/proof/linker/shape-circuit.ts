import { join } from 'node:path';
import { type Artifact, type ArtifactStore, contentKey, type LoadOptions } from '../../build/artifacts.js';
import type { CircuitSource } from '../../build/circom.js';
import { type CircuitInfo, type Constraints, circuitKey } from '../../build/compile-circuits.js';
import type { ChipRegistry } from '../shapes.js';
import type { ShapeSpec } from '../types.js';
import type { Blocks } from './block.js';
import { link } from './link.js';

const KIND = 'shape';
const R1CS = 'circuit.r1cs';
/** Part of a linked circuit's address: a linker that writes other bytes has another. */
const FORMAT = 'linked 1';

/** A shape, its main circuit (the statement of what it is), and the chips that it names. */
export interface ShapeSource extends CircuitSource {
  readonly spec: ShapeSpec;
  readonly chips: ChipRegistry;
}

/**
 * A shape's circuit, linked from compiled rows unless it is in the cache. Every committed wire of it is a private input that a constraint uses, as
 * each row's is (`rows.ts`).
 * @param blocks the rows of all its chips, asked for only when they are needed
 * @throws what `blocks` throws
 */
export async function linkShape(
  source: ShapeSource,
  blocks: () => Promise<Blocks>,
  store: ArtifactStore,
): Promise<Constraints> {
  const artifact = await store.build(KIND, addressOf(source), async (folder, write) => {
    const { file, ...info } = link(source.spec, await blocks(), source.chips);
    await write(join(folder, R1CS), [file]);
    return { name: source.name, ...info };
  });
  return linked(artifact);
}

/**
 * A linked circuit from the cache.
 * @throws ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
 */
export async function loadShape(
  source: CircuitSource,
  store: ArtifactStore,
  options: LoadOptions = {},
): Promise<Constraints> {
  return linked(await store.load(KIND, addressOf(source), options));
}

/** Where the r1cs of a shape stands when it is in the cache. */
export function shapePath(source: CircuitSource, store: ArtifactStore): string {
  return join(store.folder(KIND, addressOf(source)), R1CS);
}

function addressOf(source: CircuitSource): string {
  return contentKey(FORMAT, circuitKey(source));
}

function linked({ folder, info, sha256 }: Artifact): Constraints {
  return { r1cs: join(folder, R1CS), r1csHash: sha256[R1CS]!, info: info as unknown as CircuitInfo };
}
