import { join } from 'node:path';
import type { Hex } from 'viem';
import { rulesHash } from '../batch/rules.js';
import { CHIPS } from '../chips/index.js';
import { KeyError } from '../errors/proof.js';
import { type Artifact, ArtifactStore } from './artifacts.js';
import { type CompiledCircuit, compileCircuit, loadCircuit } from './compile.js';
import { assertSound, keyBlob, keySetHash, readZkey, type SharedKey, type VerifyingKey } from './keys.js';
import { limiter, settled } from './limiter.js';
import { bn254 } from './points.js';
import { rulesOfKeys } from './rules.js';
import { loadKey, type SetupTask, setUp, ZKEY } from './setup/setup.js';
import { type ChipRegistry, mainCircuit, readShapes, shapesOf } from './shapes.js';
import type { ShapeSpec } from './types.js';

/** A shape with its circuit and keys. */
export interface KeyedShape {
  /** Its number in proof records: its place in the key set. */
  readonly id: number;
  readonly spec: ShapeSpec;
  /** Paths in the cache, checked when the key set was loaded. */
  readonly zkey: string;
  readonly wasm: string;
  readonly r1cs: string;
  readonly constraints: number;
  /** Size of the evaluation domain, a power of two. */
  readonly domain: number;
  /** Number of committed cells. */
  readonly committed: number;
  readonly key: VerifyingKey;
}

/** All shapes that one verifier accepts. */
export interface KeySet extends SharedKey {
  readonly name: string;
  /** Made from public seeds: anybody can forge. Refused on any chain but a local one. */
  readonly development: boolean;
  readonly shapes: readonly KeyedShape[];
  /** Names the rules that the circuits state; the blob carries it. */
  readonly rulesHash: Hex;
  /** FORMATS.md, "Key set". */
  readonly blob: Hex;
  readonly hash: Hex;
}

/** A step of {@link buildKeySet}: `done` from 0 to 1. */
export interface KeySetProgress {
  readonly step: 'compile' | 'setup';
  readonly shape: string;
  readonly done: number;
}

/** Where shapes, chips and artifacts come from; the defaults are the project's own. */
export interface KeySetOptions {
  readonly shapes?: Readonly<Record<string, readonly ShapeSpec[]>>;
  readonly chips?: ChipRegistry;
  readonly store?: ArtifactStore;
}

/** What {@link buildKeySet} takes besides. */
export interface BuildOptions extends KeySetOptions {
  readonly onProgress?: (progress: KeySetProgress) => void;
  /** Child processes at a time; default 2. */
  readonly processes?: number;
}

/** What {@link loadKeySet} takes besides. */
export interface LoadKeySetOptions extends KeySetOptions {
  /**
   * Numbers of the shapes whose files are checked by their hash; all by default. Who only needs the verifying keys of the others
   * compares the key set's hash instead of reading hundreds of megabytes.
   */
  readonly check?: readonly number[];
}

/**
 * A key set from the cache, its files checked by their hashes.
 * @throws ArtifactError `ARTIFACT_MISSING` (never built, or a circuit changed since), `ARTIFACT_CHANGED`
 * @throws KeyError `KEY_DEGENERATE`, `KEY_FORMAT`
 */
export async function loadKeySet(name: string, options: LoadKeySetOptions = {}): Promise<KeySet> {
  const { store, sources } = prepare(name, options);
  const shapes: BuiltShape[] = [];
  for (const [id, { spec, source }] of sources.entries()) {
    const hash = options.check?.includes(id) ?? true;
    const circuit = await loadCircuit({ name: spec.name, source }, store, { hash });
    shapes.push({ spec, circuit, key: await loadKey(taskOf(name, spec, circuit), store, { hash }) });
  }
  return keySetOf(name, shapes);
}

/**
 * Compiles and sets up what is missing of a key set (development keys), then loads it. Work that was finished before a
 * failure or a kill is found in the cache.
 * @throws what {@link loadKeySet} throws, and CircuitError
 */
export async function buildKeySet(name: string, options: BuildOptions = {}): Promise<KeySet> {
  const { store, sources } = prepare(name, options);
  const { onProgress = () => {}, processes = 2 } = options;
  const limit = limiter(processes);
  const compiled = await settled(
    sources.map(({ spec, source }) =>
      limit(async () => {
        onProgress({ step: 'compile', shape: spec.name, done: 0 });
        const circuit = await compileCircuit({ name: spec.name, source }, store);
        onProgress({ step: 'compile', shape: spec.name, done: 1 });
        return { spec, circuit };
      }),
    ),
  );
  const names = new Map(compiled.map(({ spec }) => [ownerOf(name, spec), spec.name]));
  const keys = await setUp(
    compiled.map(({ spec, circuit }) => taskOf(name, spec, circuit)),
    store,
    {
      processes,
      onProgress: (owner, done) => onProgress({ step: 'setup', shape: names.get(owner)!, done }),
    },
  );
  return keySetOf(
    name,
    compiled.map(({ spec, circuit }, i) => ({ spec, circuit, key: keys[i]! })),
  );
}

interface BuiltShape {
  readonly spec: ShapeSpec;
  readonly circuit: CompiledCircuit;
  readonly key: Artifact;
}

function prepare(name: string, { shapes = readShapes(), chips = CHIPS, store = new ArtifactStore() }: KeySetOptions) {
  const sources = shapesOf(name, shapes, chips).map((spec) => ({ spec, source: mainCircuit(spec, chips) }));
  return { store, sources };
}

function ownerOf(keySet: string, spec: ShapeSpec): string {
  return `${keySet}/${spec.name}`;
}

function taskOf(keySet: string, spec: ShapeSpec, circuit: CompiledCircuit): SetupTask {
  return { owner: ownerOf(keySet, spec), circuit };
}

async function keySetOf(name: string, built: readonly BuiltShape[]): Promise<KeySet> {
  const curve = await bn254();
  let shared: SharedKey | undefined;
  const shapes: KeyedShape[] = [];
  for (const [id, { spec, circuit, key }] of built.entries()) {
    const zkey = join(key.folder, ZKEY);
    const { alpha1, beta2, ic, gamma2, delta, domain, committed } = await readZkey(curve, zkey);
    shared ??= { alpha1, beta2 };
    if (alpha1 !== shared.alpha1 || beta2 !== shared.beta2) {
      throw new KeyError('KEY_FORMAT', `Shape ${spec.name} does not share alpha and beta with the first shape.`);
    }
    if (committed !== circuit.info.committed) {
      throw new KeyError('KEY_FORMAT', `${zkey} commits ${committed} wires, the circuit ${circuit.info.committed}.`);
    }
    const { wasm, r1cs, info } = circuit;
    const { constraints } = info;
    shapes.push({ id, spec, zkey, wasm, r1cs, constraints, domain, committed, key: { ic, gamma2, delta } });
  }
  const rules = rulesHash(rulesOfKeys(shapes));
  const blob = keyBlob(
    curve,
    shared!,
    rules,
    shapes.map(({ key }) => key),
  );
  assertSound(
    curve,
    blob,
    shapes.map(({ spec }) => spec.name),
  );
  const development = built.some(({ key }) => key.info.development !== false);
  return { name, development, ...shared!, shapes, rulesHash: rules, blob, hash: keySetHash(blob) };
}
