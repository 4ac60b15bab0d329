import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { RULES_V2, rulesHash } from '../batch/rules.js';
import { ArtifactStore } from '../build/artifacts.js';
import type { ReadSources } from '../build/circuit-sources.js';
import { type CircuitInfo, type Constraints, circuitKey } from '../build/compile-circuits.js';
import { CHIPS } from '../chips/index.js';
import { ArtifactError } from '../errors/artifact.js';
import { KeyError } from '../errors/proof.js';
import { type CommittedShape, committedShape, type DevelopmentKeys, readDevelopment } from './development.js';
import { assertSound, keyBlob, keySetHash, type ZkeyHeader } from './keys.js';
import { limiter, settled } from './limiter.js';
import type { Blocks } from './linker/block.js';
import { compileRows } from './linker/rows.js';
import { linkShape, loadShape, type ShapeSource, shapePath } from './linker/shape-circuit.js';
import { developmentPart, HEADER, keyFolder, loadKey, setUp, ZKEY } from './setup/setup.js';
import { type ChipRegistry, mainCircuit, readShapes, shapesOf } from './shapes.js';
import type { ShapeSpec, SharedKey, VerifyingKey } from './types.js';

/** A shape with its circuit and keys. */
export interface KeyedShape {
  /** Its number in proof records: its place in the key set. */
  readonly id: number;
  readonly spec: ShapeSpec;
  /** Paths in the cache, checked when the key set was loaded. Of a bulk shape they may not be there yet: {@link buildShapes}. */
  readonly zkey: string;
  readonly r1cs: string;
  /** sha256 of the zkey and of the r1cs; of a bulk shape's zkey unless it is built. */
  readonly zkeyHash: string | undefined;
  readonly r1csHash: string;
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

/** A step of {@link buildKeySet}: `done` from 0 to 1. Chips are compiled once for all shapes. */
export interface KeySetProgress {
  readonly step: 'compile' | 'link' | 'setup';
  /** The shape; `chips` when these are compiled. */
  readonly shape: string;
  readonly done: number;
}

/** Where shapes, chips, artifacts and committed keys come from; the defaults are the project's own. */
export interface KeySetOptions {
  readonly shapes?: Readonly<Record<string, readonly ShapeSpec[]>>;
  readonly chips?: ChipRegistry;
  readonly store?: ArtifactStore;
  readonly development?: DevelopmentKeys | undefined;
}

/** What building takes besides. */
export interface BuildOptions extends KeySetOptions {
  readonly onProgress?: (progress: KeySetProgress) => void;
  /** Child processes at a time; default 2. */
  readonly processes?: number;
}

/** A file of a shape that is read to prove or to commit. */
export type ShapeFile = 'zkey' | 'r1cs';

/** What {@link loadKeySet} takes besides. */
export interface LoadKeySetOptions extends KeySetOptions {
  /**
   * Numbers of the shapes whose files are checked by their hash; all by default. Who only needs the verifying keys of the others
   * compares the key set's hash instead of reading hundreds of megabytes.
   */
  readonly check?: readonly number[];
  /** Which of their files; all by default. */
  readonly files?: readonly ShapeFile[];
}

/**
 * A key set from the cache, its files checked by their hashes; of bulk shapes the committed keys.
 * @throws ArtifactError `ARTIFACT_MISSING` (never built, or a circuit changed since), `ARTIFACT_CHANGED`
 * @throws KeyError `KEY_DEGENERATE`, `KEY_FORMAT`, `KEY_NOT_COMMITTED`, `KEY_DEVELOPMENT_ONLY`
 */
export async function loadKeySet(name: string, options: LoadKeySetOptions = {}): Promise<KeySet> {
  const { store, sources, development } = prepare(name, options);
  const shapes: BuiltShape[] = [];
  for (const [id, source] of sources.entries()) {
    shapes.push(
      source.spec.bulk === true
        ? committed(source, development(), store)
        : await loaded(source, store, options.check?.includes(id) === false ? [] : options.files),
    );
  }
  return keySetOf(name, shapes);
}

/**
 * Links the circuits of some shapes of a key set, those in the cache excepted, and says their sizes.
 * @throws CircuitError, ArtifactError
 */
export async function buildCircuits(
  name: string,
  wanted: (shape: string) => boolean,
  options: BuildOptions = {},
): Promise<({ readonly name: string } & CircuitInfo)[]> {
  const { store, sources } = prepare(name, options);
  const made = await compiled(
    sources.filter((source) => wanted(source.name)),
    store,
    options,
  );
  return made.map(({ circuit, ...source }) => ({ ...circuit.info, name: source.name }));
}

/**
 * Links and sets up what is missing of a key set (development keys), bulk shapes excepted, then loads it. Work that was finished
 * before a failure or a kill is found in the cache.
 * @throws what {@link loadKeySet} throws, and CircuitError
 */
export async function buildKeySet(name: string, options: BuildOptions = {}): Promise<KeySet> {
  const { store, sources, development } = prepare(name, options);
  const mixed = sources.filter(({ spec }) => spec.bulk !== true);
  const built = new Map((await build(mixed, store, options)).map((shape) => [shape.spec.name, shape]));
  return keySetOf(
    name,
    sources.map((source) => built.get(source.spec.name) ?? committed(source, development(), store)),
  );
}

/**
 * Links and sets up these bulk shapes of a key set, unless they are in the cache, and compares them with what is committed. Of several
 * processes of a machine one does it and the others wait.
 * @returns those of them that are bulk shapes
 * @throws KeyError `KEY_CHANGED` when a circuit or its key is not the committed one; CircuitError, ArtifactError
 */
export async function buildShapes(
  name: string,
  ids: readonly number[],
  options: BuildOptions & Pick<LoadKeySetOptions, 'files'> = {},
): Promise<KeyedShape[]> {
  const { store, sources, development } = prepare(name, options);
  const numbers = ids.filter((id) => sources[id]!.spec.bulk === true);
  const bulk = numbers.map((id) => sources[id]!);
  const ready = await settled(bulk.map((source) => loaded(source, store, options.files))).catch(isArtifactError);
  const built = ready ?? (await build(bulk, store, options));
  for (const [i, one] of built.entries()) {
    const expected = committedShape(development(), bulk[i]!.owner, circuitKey(bulk[i]!));
    const found = { ...recordOf(one), alpha1: one.shared.alpha1, beta2: one.shared.beta2 };
    if (JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected))) continue;
    throw new KeyError('KEY_CHANGED', `Bulk shape ${bulk[i]!.owner} is not what circuits/development.json says.`, {
      hint: 'This machine compiles other circuits than were committed: "npm ci", then "npm run shapes" if they are meant.',
    });
  }
  return built.map((shape, i) => keyedShape(shape, numbers[i]!));
}

/** Something is missing or damaged. */
function isArtifactError(error: unknown): undefined {
  if (!(error instanceof ArtifactError)) throw error;
}

/**
 * What {@link DevelopmentKeys} is to say of a key set's bulk shapes, from their circuits; makes no whole keys.
 * @throws CircuitError, ArtifactError, KeyError
 */
export async function developmentKeys(
  name: string,
  options: BuildOptions = {},
): Promise<Pick<DevelopmentKeys, 'shapes'> & Partial<SharedKey>> {
  const { store, sources } = prepare(name, options);
  const { onProgress = () => {}, processes = 2 } = options;
  const bulk = sources.filter(({ spec }) => spec.bulk === true);
  const limit = limiter(processes);
  const made = await settled(
    (await compiled(bulk, store, options)).map((source) =>
      limit(async () => {
        const { circuit, owner, name: shape } = source;
        onProgress({ step: 'setup', shape, done: 0 });
        const { alpha1, beta2, domain, ...key } = await developmentPart(source);
        onProgress({ step: 'setup', shape, done: 1 });
        const { constraints, wires, committed } = circuit.info;
        const record = { circuit: circuitKey(source), r1cs: circuit.r1csHash, constraints, wires, committed, domain };
        return { owner, shared: { alpha1, beta2 }, record: { ...record, ...key } };
      }),
    ),
  );
  return { ...made[0]?.shared, shapes: Object.fromEntries(made.map(({ owner, record }) => [owner, record])) };
}

/** A shape with its circuit's source and the name that makes its development keys its own. */
interface Source extends ShapeSource {
  readonly owner: string;
}

interface BuiltShape extends Omit<KeyedShape, 'id'> {
  readonly shared: SharedKey;
  /** Content address of the circuit, and its wires. */
  readonly circuit: string;
  readonly wires: number;
  /** Where its key comes from. */
  readonly from: 'development' | 'committed' | 'ceremony';
}

function prepare(name: string, options: KeySetOptions) {
  const { shapes = readShapes(), chips = CHIPS, store = new ArtifactStore() } = options;
  const read: ReadSources = new Map();
  const sources = shapesOf(name, shapes, chips).map((spec): Source => {
    // A shape of another key set has its keys too.
    const [from] = Object.entries(shapes).find(([, list]) => list.includes(spec)) ?? [name];
    const source = mainCircuit(spec, chips);
    return { spec, name: spec.name, owner: `${from}/${spec.name}`, chips, source, key: circuitKey({ source }, read) };
  });
  const development = () => ('development' in options ? options.development : readDevelopment());
  return { store, sources, development };
}

/** Circuits of these shapes, linked where they are missing. */
function compiled(
  sources: readonly Source[],
  store: ArtifactStore,
  { onProgress = () => {}, processes = 2 }: BuildOptions,
): Promise<(Source & { readonly circuit: Constraints })[]> {
  const limit = limiter(processes);
  let rows: Promise<Blocks> | undefined;
  const rowsOf = (chips: ChipRegistry) => {
    const progress = (done: number) => onProgress({ step: 'compile', shape: 'chips', done });
    rows ??= compileRows(chips, store, () => progress(0)).finally(() => progress(1));
    return rows;
  };
  return settled(
    sources.map((source) =>
      limit(async () => {
        onProgress({ step: 'link', shape: source.name, done: 0 });
        const circuit = await linkShape(source, () => rowsOf(source.chips), store);
        onProgress({ step: 'link', shape: source.name, done: 1 });
        return { ...source, circuit };
      }),
    ),
  );
}

/** Circuits and keys of these shapes, built where they are missing. */
async function build(sources: readonly Source[], store: ArtifactStore, options: BuildOptions): Promise<BuiltShape[]> {
  const { onProgress = () => {}, processes = 2 } = options;
  const tasks = await compiled(sources, store, options);
  const names = new Map(tasks.map(({ owner, name }) => [owner, name]));
  await setUp(tasks, store, {
    processes,
    onProgress: (owner, done) => onProgress({ step: 'setup', shape: names.get(owner)!, done }),
  });
  return settled(tasks.map((source) => loaded(source, store, [])));
}

/** A shape that is in the cache. @param files what of it is checked by hash; all by default */
async function loaded(source: Source, store: ArtifactStore, files?: readonly ShapeFile[]): Promise<BuiltShape> {
  const circuit = await loadShape(source, store, files?.includes('r1cs') === false ? { hash: [] } : {});
  const hash = files?.includes('zkey') === false ? [HEADER] : [HEADER, ZKEY];
  const key = await loadKey({ owner: source.owner, circuit }, store, { hash });
  const zkey = join(key.folder, ZKEY);
  const header = JSON.parse(await readFile(join(key.folder, HEADER), 'utf8')) as ZkeyHeader;
  const { alpha1, beta2, ic, gamma2, delta, domain, committed } = header;
  if (committed !== circuit.info.committed) {
    throw new KeyError('KEY_FORMAT', `${zkey} commits ${committed} wires, the circuit ${circuit.info.committed}.`);
  }
  const { r1cs, r1csHash, info } = circuit;
  const { constraints, wires } = info;
  const { spec } = source;
  return {
    ...{ spec, zkey, r1cs, constraints, wires, domain, committed, key: { ic, gamma2, delta } },
    ...{ shared: { alpha1, beta2 }, circuit: circuitKey(source), r1csHash, zkeyHash: key.sha256[ZKEY] },
    from: key.info.development === false ? 'ceremony' : 'development',
  };
}

/** A bulk shape as it is committed, whether it is in the cache or not. */
function committed(source: Source, keys: DevelopmentKeys | undefined, store: ArtifactStore): BuiltShape {
  const circuit = circuitKey(source);
  const known = committedShape(keys, source.owner, circuit);
  const { constraints, wires, committed, domain, ic, gamma2, delta, r1cs: r1csHash } = known;
  const folder = keyFolder({ owner: source.owner, circuit: { r1csHash, info: { committed } } }, store);
  return {
    ...{ spec: source.spec, constraints, wires, domain, committed, key: { ic, gamma2, delta } },
    ...{ zkey: join(folder, ZKEY), r1cs: shapePath(source, store) },
    ...{
      shared: { alpha1: known.alpha1, beta2: known.beta2 },
      circuit,
      r1csHash,
      zkeyHash: undefined,
      from: 'committed',
    },
  };
}

function keyedShape(shape: BuiltShape, id: number): KeyedShape {
  const { spec, zkey, r1cs, zkeyHash, r1csHash, constraints, domain, committed, key } = shape;
  return { id, spec, zkey, r1cs, zkeyHash, r1csHash, constraints, domain, committed, key };
}

function recordOf({ circuit, r1csHash, constraints, wires, committed, domain, key }: BuiltShape): CommittedShape {
  return { circuit, r1cs: r1csHash, constraints, wires, committed, domain, ...key };
}

/** The same object with its keys in order, to be compared as text. */
function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keySetOf(name: string, built: readonly BuiltShape[]): KeySet {
  const { shared } = built[0]!;
  for (const { spec, shared: its } of built) {
    if (its.alpha1 === shared.alpha1 && its.beta2 === shared.beta2) continue;
    throw new KeyError('KEY_FORMAT', `Shape ${spec.name} does not share alpha and beta with the first shape.`);
  }
  if (built.some(({ from }) => from === 'ceremony') && built.some(({ from }) => from === 'committed')) {
    throw new KeyError(
      'KEY_DEVELOPMENT_ONLY',
      `Key set ${name} has keys of a ceremony beside committed development keys.`,
      {
        hint: 'circuits/development.json is for development keys alone: a real key set needs the keys of all its shapes in the cache.',
      },
    );
  }
  const rules = rulesHash(RULES_V2);
  const blob = keyBlob(
    shared,
    rules,
    built.map(({ key }) => key),
  );
  assertSound(
    blob,
    built.map(({ spec }) => spec.name),
  );
  const shapes = built.map(keyedShape);
  const development = built.some(({ from }) => from !== 'ceremony');
  return { name, development, ...shared, shapes, rulesHash: rules, blob, hash: keySetHash(blob) };
}
