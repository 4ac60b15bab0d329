import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { ArtifactError } from '../../../src/errors/artifact.js';
import { buildCircuits, buildKeySet, buildShapes, loadKeySet } from '../../../src/proof/keyset.js';
import { shapesOf } from '../../../src/proof/shapes.js';
import { keyProgress, keySetName } from '../keys.js';
import { Output } from '../output.js';

interface CircuitOptions {
  readonly keySet: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `circuits build | setup | info`. */
export function circuitsCommand(): Command {
  const circuits = new Command('circuits').description('circuits and keys of a key set');
  const verb = (name: string, description: string, action: (options: CircuitOptions) => Promise<void>) =>
    circuits
      .command(name)
      .description(description)
      .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
      .option('--json', 'one JSON object on stdout')
      .action(action);
  const all = ['--all', 'the bulk shapes too, minutes each; else a proof builds the one that it needs'] as const;
  verb('build', 'compile the chips, link the circuits of the shapes', build).option(...all);
  verb('setup', 'the circuits, then development keys', setup).option(...all);
  verb('info', 'shapes, constraints, keys in the cache', info);
  return circuits;
}

async function build({ keySet, json, all }: CircuitOptions): Promise<void> {
  const output = new Output(json === true);
  const wanted = shapesOf(keySetName(keySet)).filter(({ bulk }) => all === true || bulk !== true);
  const names = new Set(wanted.map(({ name }) => name));
  const shapes = await buildCircuits(keySet, (name) => names.has(name), { onProgress: keyProgress(output) });
  output.result({ keySet, shapes }, [`linked: ${shapes.length} shapes of key set ${keySet}`]);
}

async function setup({ keySet, json, all }: CircuitOptions): Promise<void> {
  const output = new Output(json === true);
  output.step(`Circuits and development keys of key set ${keySet}`);
  const options = { onProgress: keyProgress(output) };
  const { hash, development, shapes } = await buildKeySet(keySetName(keySet), options);
  if (all === true) {
    // One after the other: each finished one is kept, and memory is that of one.
    for (const { id } of shapes) await buildShapes(keySet, [id], options);
  }
  output.result({ keySet, hash, development }, [
    `key set ${keySet}: ${hash} (development keys, for local chains only)`,
  ]);
}

async function info({ keySet, json }: CircuitOptions): Promise<void> {
  const output = new Output(json === true);
  const specs = shapesOf(keySetName(keySet));
  let problem = '';
  const keys = await loadKeySet(keySet).catch((error: unknown) => {
    if (!(error instanceof ArtifactError)) throw error;
    problem = error.message;
    return undefined;
  });
  const shapes = specs.map(({ name, chips }, id) => {
    const keyed = keys?.shapes[id];
    if (keyed === undefined) return { id, name, chips };
    const { constraints, domain, committed, zkey } = keyed;
    const zkeyMiB = existsSync(zkey) ? Math.round(statSync(zkey).size / 2 ** 20) : undefined;
    return { id, name, chips, constraints, domain, committed, zkeyMiB };
  });
  const state =
    keys === undefined ? `not built. ${problem}` : `hash ${keys.hash}${keys.development ? ', development keys' : ''}`;
  const built =
    keys === undefined ? { built: false, problem } : { built: true, hash: keys.hash, development: keys.development };
  output.result({ keySet, ...built, shapes }, [
    `key set ${keySet}: ${state}`,
    ...shapes.flatMap(({ id, name, chips, ...rest }) => [
      `  shape ${id} ${name}${'constraints' in rest ? `: ${rest.constraints} constraints of ${rest.domain}, ${rest.committed} committed cells${rest.zkeyMiB === undefined ? ', built when a batch needs it' : ''}` : ''}`,
      `    ${Object.entries(chips)
        .map(([chip, rows]) => `${chip} ${rows}`)
        .join(', ')}`,
    ]),
  ]);
}
