import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CircuitError } from '../errors/proof.js';
import type { WriteFile } from './artifacts.js';
import { GENERATED, INCLUDE_FOLDERS, includedSources } from './circuit-sources.js';
import { packageFolder } from './package-root.js';

/** A main circuit: a name for messages and its source, includes relative to `circuits/generated/`. */
export interface CircuitSource {
  readonly name: string;
  readonly source: string;
  /** Its address, where it is known (`circuitKey`). */
  readonly key?: string;
}

/** What circom writes of a circuit: its constraints, the names of its wires, its witness program. */
export type CircomOutput = 'r1cs' | 'sym' | 'wasm';

/** Only equal signals are merged: every other linear constraint stays as it is written. */
const SIMPLIFICATION = '--O1';
const LAST_MESSAGES = 4_000;

/** The arguments that ask for these files. */
export function circomFlags(outputs: readonly CircomOutput[]): string[] {
  return [...outputs.map((output) => `--${output}`), SIMPLIFICATION];
}

/** Version of the compiler. */
export function circomVersion(): string {
  version ??= readVersion();
  return version;
}

let version: string | undefined;

function readVersion(): string {
  const text = readFileSync(join(packageFolder('circom2'), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Copies the main circuit and all that it includes into a folder of its own, runs circom there, and gathers its files as `circuit.<output>`
 * in `folder`. circom2 sees only what lies below or above the folder that it runs in, so it works on copies: this package may lie
 * anywhere and be read-only.
 * @throws CircuitError `CIRCUIT_COMPILE` with the compiler's messages, `CIRCUIT_INCLUDE`
 */
export async function runCircom(
  { name, source }: CircuitSource,
  outputs: readonly CircomOutput[],
  folder: string,
  write: WriteFile,
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
  await runCompiler(work, [main, ...circomFlags(outputs), '-o', 'out'], name);
  for (const output of outputs) {
    const made = output === 'wasm' ? join('main_js', 'main.wasm') : `main.${output}`;
    await rename(join(work, 'out', made), join(folder, `circuit.${output}`));
  }
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
