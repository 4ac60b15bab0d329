import { existsSync } from 'node:fs';
import { isAddress } from 'viem';
import { z } from 'zod';
import { UsageError } from '../../src/errors/usage.js';
import { readJsonFile } from './files.js';
import { withoutPassword } from './options.js';

/** Where people put what they do not want to write again, when neither `--config` nor DELTAPROOF_CONFIG names another file. */
const DEFAULT_FILE = 'deltaproof.json';

const text = () => z.string().min(1);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const url = () => z.url({ protocol: /^https?$/, error: 'write http://host:port' }).meta({ value: 'url' });
const ether = () =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,9}(\.\d{1,18})?$/, 'write ether as a decimal number, like 1.5'));

/**
 * What nodes and commands about L1 are told. Names of flags (`--max-bond`), variables (`DELTAPROOF_MAX_BOND`), help and the listing
 * of `config` all follow from this schema; a key itself is none of it (`keys.ts`).
 */
export const SETTINGS = {
  l1: z
    .union([z.string().transform((it) => it.split(',')), z.array(z.string())])
    .pipe(z.array(url()).min(1))
    .describe('JSON-RPC of L1; several nodes with commas between them: the next one is asked when one does not answer')
    .meta({ value: 'urls' }),
  l1Agree: whole(1, 16)
    .default(1)
    .describe('L1 nodes that must say the same at one block before ether is bonded')
    .meta({ value: 'n' }),
  deployment: text()
    .default('deployment.json')
    .describe('file that `deploy` wrote: which contracts, on which chain')
    .meta({ value: 'file' }),
  genesis: text()
    .optional()
    .describe('genesis file (FORMATS.md); needed when the store is new')
    .meta({ value: 'file' }),
  store: text()
    .default('.deltaproof/node')
    .describe('folder of the node: its state, tries and announcements')
    .meta({ value: 'folder' }),
  keystore: text()
    .optional()
    .describe('key of the account: a keystore (V3 JSON, as geth and ethers write it)')
    .meta({ value: 'file' }),
  passwordFile: text()
    .optional()
    .describe("file with the keystore's password; asked for on a terminal when absent")
    .meta({ value: 'file' }),
  privateKeyFile: text()
    .optional()
    .describe('key of the account: a file with 0x and 64 hex digits')
    .meta({ value: 'file' }),
  maxBond: ether()
    .describe('ether that may be at stake in all: credit, the stake, bonds, and what was lost before')
    .meta({ value: 'ether' }),
  feeRecipient: z
    .string()
    .refine((it) => isAddress(it, { strict: false }), 'write 0x and 40 hex digits')
    .transform((it) => it.toLowerCase() as `0x${string}`)
    .optional()
    .describe("who gets the batches' tips; the sequencer's own account when absent")
    .meta({ value: 'address' }),
  rpcHost: text().default('127.0.0.1').describe('address on which the JSON-RPC door listens').meta({ value: 'host' }),
  rpcPort: whole(0, 65_535)
    .default(8_645)
    .describe('port of the JSON-RPC door; 0 takes a free one')
    .meta({ value: 'port' }),
  slot: whole(1, 3_600).default(12).describe('seconds between batches').meta({ value: 'seconds' }),
  look: whole(1, 3_600)
    .default(4)
    .describe('seconds between looks at L1 when nothing is due')
    .meta({ value: 'seconds' }),
  announcements: url()
    .optional()
    .describe("the sequencer's JSON-RPC door, which announces what its batches touch")
    .meta({ value: 'url' }),
  log: z
    .enum(['auto', 'text', 'json'])
    .default('auto')
    .describe('form of the log; auto: text on a terminal, else JSON')
    .meta({ value: 'form' }),
} as const;

type Schemas = typeof SETTINGS;
/** Name of a setting. */
export type SettingName = keyof Schemas;
/** Values of settings. */
export type Settings<N extends SettingName> = { readonly [K in N]: z.output<Schemas[K]> };
/** Where a value came from. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default' | 'unset';

/** A setting as `config` lists it. */
export interface ListedSetting {
  readonly name: SettingName;
  readonly flag: string;
  readonly variable: string;
  readonly source: SettingSource;
  /** Without passwords. */
  readonly value: string | undefined;
  readonly about: string;
}

const words = (name: string, between: string) => name.replace(/[A-Z]/g, (letter) => between + letter);

/** `--max-bond` of `maxBond`. */
function flagOf(name: SettingName): string {
  return `--${words(name, '-').toLowerCase()}`;
}

/** `DELTAPROOF_MAX_BOND` of `maxBond`. */
function variableOf(name: SettingName): string {
  return `DELTAPROOF_${words(name, '_').toUpperCase()}`;
}

/** A setting's flag with its value's name, and its help: what commander takes. */
export function optionOf(name: SettingName): [flag: string, help: string] {
  const schema = SETTINGS[name];
  const standard = schema.safeParse(undefined);
  const fallback = standard.success && standard.data !== undefined ? `, default ${standard.data}` : '';
  const { value } = schema.meta() as { value: string };
  return [`${flagOf(name)} <${value}>`, `${schema.description} (${variableOf(name)}${fallback})`];
}

/** Where settings are looked for, beside the defaults. */
export interface SettingSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The settings of `names`: flag, else environment variable, else configuration file, else default.
 * @throws UsageError `USAGE_SETTING` (a value is none, or one without default is not given), `USAGE_FILE` (the file cannot be read)
 */
export function readSettings<N extends SettingName>(names: readonly N[], sources: SettingSources): Settings<N> {
  const file = fileSettings(sources);
  return Object.fromEntries(names.map((name) => [name, checkedValue(name, found(name, sources, file))])) as Settings<N>;
}

/** All settings with where they come from. A setting that is missing is listed as unset. @throws what {@link readSettings} throws */
export function listSettings(sources: SettingSources): ListedSetting[] {
  const file = fileSettings(sources);
  return (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const { raw, source } = found(name, sources, file);
    const value = source === 'unset' ? undefined : checkedValue(name, { raw, source });
    const shown = value === undefined ? undefined : withoutPassword(String(value));
    const { description = '' } = SETTINGS[name];
    return { name, flag: flagOf(name), variable: variableOf(name), source, value: shown, about: description };
  });
}

/** A value before it is checked. */
interface Found {
  readonly raw: unknown;
  readonly source: SettingSource;
}

function found(name: SettingName, { flags, env }: SettingSources, file: Readonly<Record<string, unknown>>): Found {
  // An empty string counts as not given.
  if (flags[name] !== undefined && flags[name] !== '') return { raw: flags[name], source: 'flag' };
  const variable = env[variableOf(name)];
  if (variable !== undefined && variable !== '') return { raw: variable, source: 'environment' };
  if (Object.hasOwn(file, name)) return { raw: file[name], source: 'file' };
  const standard = SETTINGS[name].safeParse(undefined);
  return { raw: undefined, source: standard.success && standard.data !== undefined ? 'default' : 'unset' };
}

function checkedValue(name: SettingName, { raw, source }: Found): unknown {
  const parsed = SETTINGS[name].safeParse(raw);
  if (parsed.success) return parsed.data;
  if (source === 'unset') {
    throw new UsageError('USAGE_SETTING', `${flagOf(name)} is missing: ${SETTINGS[name].description}.`, {
      hint: `Give ${flagOf(name)}, set ${variableOf(name)}, or write "${name}" into ${DEFAULT_FILE}.`,
    });
  }
  const where = { flag: flagOf(name), environment: variableOf(name), file: `"${name}" in the configuration file` };
  const why = parsed.error.issues.map(({ message }) => message).join('; ');
  const shown = withoutPassword(String(raw));
  throw new UsageError('USAGE_SETTING', `${where[source as keyof typeof where]} is "${shown}": ${why}.`);
}

function fileSettings({ flags, env }: SettingSources): Readonly<Record<string, unknown>> {
  const named = (flags.config as string | undefined) || env.DELTAPROOF_CONFIG;
  const path = named || DEFAULT_FILE;
  if (!named && !existsSync(path)) return {};
  const content = readJsonFile(path, (why, cause) => {
    throw new UsageError('USAGE_FILE', `Cannot read the configuration ${path}: ${why}.`, {
      hint: 'It is one JSON object with the names that "deltaproof config" lists.',
      cause,
    });
  });
  const object = z.record(z.string(), z.unknown()).safeParse(content);
  const unknown = object.success
    ? Object.keys(object.data).filter((name) => !Object.hasOwn(SETTINGS, name))
    : ['(no object)'];
  if (object.success && unknown.length === 0) return object.data;
  throw new UsageError('USAGE_SETTING', `The configuration ${path} has what is no setting: ${unknown.join(', ')}.`, {
    hint: '"deltaproof config" lists them. Keys do not stand in it: give privateKeyFile or keystore.',
  });
}
