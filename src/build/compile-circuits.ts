import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CircuitError } from '../errors/proof.js';
import { type Artifact, ArtifactStore, contentKey, type LoadOptions } from './artifacts.js';
import { bareSource, bareSources, GENERATED, INCLUDE_FOLDERS, includedSources } from './circuit-sources.js';
import { orderFactors } from './factors.js';
import { checkInputs } from './inputs.js';
import { packageFolder } from './package-root.js';

/** A main circuit: a name for messages and its source, includes relative to `circuits/generated/`. */
export interface CircuitSource {
  readonly name: string;
  readonly source: string;
}

/** A compiled circuit whose private inputs are its committed wires (see `inputs.ts`). */
export interface CompiledCircuit {
  readonly r1cs: string;
  readonly wasm: string;
  readonly sym: string;
  /** sha256 of the r1cs file. */
  readonly r1csHash: string;
  readonly info: CircuitInfo;
}

/** Sizes of a compiled circuit. */
export interface CircuitInfo {
  readonly constraints: number;
  readonly wires: number;
  /** Outputs and public inputs. */
  readonly publics: number;
  /** Private inputs: wires publics + 1 .. publics + committed. */
  readonly committed: number;
}

const KIND = 'circuit';
const FLAGS = ['--r1cs', '--wasm', '--sym', '--O1'];
/** Part of a circuit's address: another way of writing its r1cs is another circuit. */
const FORMAT = 'factors ordered by wires added';
const LAST_MESSAGES = 4_000;

/**
 * Compiles a main circuit with circom, unless the cache has it. Cached by the content of every source it includes.
 * @throws CircuitError `CIRCUIT_COMPILE` with the compiler's messages, `CIRCUIT_INCLUDE`, and those of {@link checkInputs}
 */
export async function compileCircuit(
  circuit: CircuitSource,
  store: ArtifactStore = new ArtifactStore(),
): Promise<CompiledCircuit> {
  const artifact = await store.build(KIND, circuitKey(circuit), async (folder, write) => {
    await compile(circuit, folder, write);
    const r1cs = await orderFactors(join(folder, 'circuit.r1cs'), write);
    await checkInputs(r1cs, join(folder, 'circuit.sym'));
    const { constraints, wires, publics, privateInputs: committed } = r1cs;
    return { name: circuit.name, constraints, wires, publics, committed };
  });
  return compiled(artifact);
}

/**
 * A compiled circuit from the cache.
 * @throws ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
 */
export async function loadCircuit(
  circuit: CircuitSource,
  store: ArtifactStore = new ArtifactStore(),
  options: LoadOptions = {},
): Promise<CompiledCircuit> {
  return compiled(await store.load(KIND, circuitKey(circuit), options));
}

function compiled({ folder, info, sha256 }: Artifact): CompiledCircuit {
  return {
    ...pathsIn(folder),
    r1csHash: sha256['circuit.r1cs']!,
    info: info as unknown as CircuitInfo,
  };
}

/** Where the files of a circuit stand when it is in the cache. */
export function circuitPaths(
  circuit: CircuitSource,
  store: ArtifactStore,
): Pick<CompiledCircuit, 'r1cs' | 'wasm' | 'sym'> {
  return pathsIn(store.folder(KIND, circuitKey(circuit)));
}

function pathsIn(folder: string): Pick<CompiledCircuit, 'r1cs' | 'wasm' | 'sym'> {
  const [r1cs, wasm, sym] = ['circuit.r1cs', 'circuit.wasm', 'circuit.sym'].map((name) => join(folder, name));
  return { r1cs: r1cs!, wasm: wasm!, sym: sym! };
}

/** Address of a circuit: compiler, flags, format, and every source, comments excepted. */
export function circuitKey({ source }: Pick<CircuitSource, 'source'>): string {
  compilerVersion ??= readVersion();
  return contentKey(compilerVersion, FLAGS.join(' '), FORMAT, bareSource(source), ...bareSources(source).flat());
}

let compilerVersion: string | undefined;

function readVersion(): string {
  const manifest = readFileSync(join(packageFolder('circom2'), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/**
 * Copies the main circuit and all that it includes into a folder of its own, runs circom there, and gathers its files in `folder`. circom2 sees
 * only what lies below or above the folder that it runs in, so it works on copies: this package may lie anywhere and be read-only.
 */
async function compile(
  { name, source }: CircuitSource,
  folder: string,
  write: Parameters<Parameters<ArtifactStore['build']>[2]>[1],
): Promise<void> {
  const work = join(folder, 'work');
  const main = `${GENERATED}/main.circom`;
  // Includes go through `circuits/chips/` also where no chip of it is included.
  await mkdir(join(work, 'circuits', 'chips'), { recursive: true });
  await mkdir(join(work, 'out'));
  for (const [path, text] of [[main, source] as const, ...includedSources(source)]) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await write(join(work, path), [Buffer.from(text)]);
  }
  await runCompiler(work, [main, ...FLAGS, '-o', 'out'], name);
  await rename(join(work, 'out', 'main.r1cs'), join(folder, 'circuit.r1cs'));
  await rename(join(work, 'out', 'main.sym'), join(folder, 'circuit.sym'));
  await rename(join(work, 'out', 'main_js', 'main.wasm'), join(folder, 'circuit.wasm'));
  await rm(work, { recursive: true });
}

/** Runs circom in a folder, on paths relative to it. */
function runCompiler(cwd: string, args: readonly string[], name: string): Promise<void> {
  const includes = INCLUDE_FOLDERS.flatMap((folder) => ['-l', folder]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageFolder('circom2'), 'cli.js'), ...args, ...includes], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    let messages = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        messages = (messages + chunk.toString()).slice(-LAST_MESSAGES);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', stop);
      if (code === 0) resolve();
      else
        reject(
          new CircuitError('CIRCUIT_COMPILE', `circom fails on "${name}" (${signal ?? `exit ${code}`}):\n${messages}`),
        );
    });
  });
}
