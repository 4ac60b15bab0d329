import { Command, Option } from 'commander';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { UsageError } from '../../../src/errors/usage.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../../src/l1/plan-parts.js';
import { uploadOf, uploadSteps } from '../../../src/l1/upload.js';
import { verifierCalls } from '../../../src/l1/verifier-client.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import { encodeKeys, parseKeys } from '../../../src/proof/keys-file.js';
import { type SnarkjsKey, snarkjsKey } from '../../../src/proof/vkey.js';
import { readTextFile } from '../../config/files.js';
import { checkWritable, writeResult } from '../files.js';
import { readyKeySet } from '../keys.js';
import { Output, toJson } from '../output.js';

interface ExportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

interface KeyOptions extends ExportOptions {
  readonly keySet: string;
  readonly keys?: string;
}

interface CalldataOptions extends ExportOptions {
  readonly upload?: boolean;
}

/** `export vkey | keys | calldata`: what contracts and other programs take. */
export function exportCommand(): Command {
  const command = new Command('export').description('verifying keys and calldata, for contracts and other programs');
  const keySet = ['--key-set <name>', 'key set of circuits/shapes.json', 'default'] as const;
  const out = ['--out <file>', 'where it goes (default: stdout)'] as const;
  const json = ['--json', 'one JSON object on stdout'] as const;
  command
    .command('vkey')
    .description("a shape's verifying key as JSON, in the form of snarkjs")
    .argument('[shape]', 'name of the shape (default: all shapes by name)')
    .option(...keySet)
    .addOption(new Option('--keys <file>', 'key file that has it; no circuits are needed').conflicts('keySet'))
    .option(...out)
    .option(...json)
    .action(exportKey);
  command
    .command('keys')
    .description('all verifying keys of a key set in one file, for "verify --keys" and ProofVerifier')
    .option(...keySet)
    .option(...out)
    .option(...json)
    .action(exportKeys);
  command
    .command('calldata')
    .description(
      'what ProofVerifier.verify is called with for a bundle, in hex; with --json also its arguments and parts',
    )
    .argument('<bundle>', 'bundle file (FORMATS.md)')
    .option('--upload', 'the calls of an upload in parts (begin, feed), one a line')
    .option(...out)
    .option(...json)
    .action(exportCalldata);
  return command;
}

async function exportKey(shape: string | undefined, options: KeyOptions): Promise<void> {
  const output = ready(options);
  const { alpha1, beta2, shapes } =
    options.keys === undefined ? await ofKeySet(options.keySet, output) : await parseKeys(readTextFile(options.keys));
  const all: Record<string, SnarkjsKey> = {};
  for (const { name, key } of shapes) all[name] = await snarkjsKey({ alpha1, beta2 }, key);
  if (shape !== undefined && !Object.hasOwn(all, shape)) {
    throw new UsageError('USAGE_SHAPE', `There is no shape "${shape}".`, {
      hint: `The key set has: ${Object.keys(all).join(', ')}.`,
    });
  }
  const found = shape === undefined ? all : all[shape];
  await give(found, `${toJson(found, 2)}\n`, options, output);
}

async function ofKeySet(name: string, output: Output) {
  const { alpha1, beta2, shapes } = await readyKeySet(name, output);
  return { alpha1, beta2, shapes: shapes.map(({ spec, key }) => ({ name: spec.name, key })) };
}

async function exportKeys(options: KeyOptions): Promise<void> {
  const output = ready(options);
  const keySet = await readyKeySet(options.keySet, output);
  const text = encodeKeys(keySet, RULES_V2);
  await give(JSON.parse(text), text, options, output);
}

async function exportCalldata(path: string, options: CalldataOptions): Promise<void> {
  const output = ready(options);
  const bundle = parseBundle(readTextFile(path));
  const { verifier, l1ChainId } = bundle;
  const calldata = bundleCalldata(bundle);
  const verify = verifierCalls(verifier).verify(calldata).data;
  const upload = uploadOf(bundle);
  const calls = uploadSteps(upload, 0).map(({ what, call }) => ({ what, data: call.data }));
  const oneTransaction = fitsOneTransaction(bundle.parts);
  if (!oneTransaction && options.upload !== true)
    output.detail('too large for one transaction: --upload has the calls');
  const lines = options.upload === true ? calls.map(({ data }) => data) : [verify];
  const { seed, frozen } = upload;
  const value = { verifier, l1ChainId, oneTransaction, verify, upload: calls, seed, frozen, ...calldata };
  await give(value, `${lines.join('\n')}\n`, options, output);
}

function ready({ out, json }: ExportOptions): Output {
  if (out !== undefined) checkWritable(out);
  return new Output(json === true);
}

/** Into the file when there is one, else on stdout. */
async function give(value: unknown, text: string, { out, json }: ExportOptions, output: Output): Promise<void> {
  if (out === undefined) return output.result(value, [text.trimEnd()]);
  await writeResult(out, json === true ? `${toJson(value)}\n` : text, '');
  output.result({ out }, [out]);
}
