import { resolve } from 'node:path';
import { isAddress } from 'viem';
import { UsageError } from '../../src/errors/usage.js';
import { DEFAULT_ENGINE, ENGINE_NAMES, type EngineName } from '../../src/proof/engines.js';
import { DEFAULT_COST, type PackingCost } from '../../src/trace/pack.js';

/** Flag, else environment variable, else default; an empty string counts as not given. */
export function setting(flag: string | undefined, variable: string, fallback: string): string {
  return flag || process.env[variable] || fallback;
}

/** The folder of jobs and artifacts: `--data`, `DELTAPROOF_DATA`, else `.deltaproof` in the working folder. */
export function dataFolder(flag: string | undefined): string {
  return resolve(setting(flag, 'DELTAPROOF_DATA', '.deltaproof'));
}

/** `--redis`, `DELTAPROOF_REDIS`, else none. @throws UsageError `USAGE_REDIS` when it is no redis:// URL */
export function redisUrl(flag: string | undefined): string | undefined {
  const url = setting(flag, 'DELTAPROOF_REDIS', '');
  if (url === '') return undefined;
  if (/^rediss?:\/\/[^/]/.test(url)) return url;
  throw new UsageError('USAGE_REDIS', `"${withoutPassword(url)}" is no Redis URL.`, {
    hint: 'Write redis://host:port.',
  });
}

/** A URL, or a list of them, without passwords, for people to read. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//***@');
}

/** What makes roots final by proofs, of every command that runs a sequencer. */
export const FAST_FINALITY = [
  '--fast-finality',
  'prove the root of every batch, so that it is final without its window; nobody pays that back',
] as const;

/** An option's integer in [min, max]. @throws UsageError `USAGE_INTEGER` */
export function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError('USAGE_INTEGER', `--${name} is "${text}", not an integer from ${min} to ${max}.`);
}

/** An option's address, lower case. @throws UsageError `USAGE_ADDRESS` */
export function address(name: string, text: string): `0x${string}` {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as `0x${string}`;
  throw new UsageError('USAGE_ADDRESS', `--${name} is "${text}", not an address.`);
}

/** One of the allowed words. @throws UsageError `USAGE_CHOICE` */
export function choice<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError('USAGE_CHOICE', `--${name} is "${text}", not one of ${allowed.join(', ')}.`);
}

const ENGINE = 'DELTAPROOF_ENGINE';

/** Help of `--engine`. */
export const ENGINE_OPTION = [
  `--engine <${ENGINE_NAMES.join('|')}>`,
  `what proves (${ENGINE}, default ${DEFAULT_ENGINE}); rapidsnark: its program "prover" on the PATH`,
] as const;

/** The engine: `--engine`, `DELTAPROOF_ENGINE`, else the default. @throws UsageError `USAGE_CHOICE` */
export function engineChoice(flag?: string): EngineName {
  return choice('engine', setting(flag, ENGINE, DEFAULT_ENGINE), ENGINE_NAMES);
}

/** {@link engineChoice}, which the processes that this one starts are to make too. */
export function chooseEngine(flag: string | undefined): void {
  process.env[ENGINE] = engineChoice(flag);
}

/**
 * The weights that shapes are chosen by: `--packing`, `DELTAPROOF_PACKING`, else none, which leaves the choice to `DEFAULT_COST`.
 * @throws UsageError `USAGE_PACKING`
 */
export function packingCost(flag: string | undefined): PackingCost | undefined {
  const text = setting(flag, 'DELTAPROOF_PACKING', '');
  if (text === '') return undefined;
  const weights = text.split(',');
  const { perProof, perShape, perCell } = DEFAULT_COST;
  if (weights.length === 3 && weights.every((weight) => /^\d+(\.\d+)?$/.test(weight))) {
    const [proof, shape, cell] = weights.map(Number) as [number, number, number];
    return { perProof: proof, perShape: shape, perCell: cell };
  }
  throw new UsageError('USAGE_PACKING', `"${text}" are no three weights of a packing.`, {
    hint: `Write what a proof, a kind of shape and a committed cell are worth: ${perProof},${perShape},${perCell} by default.`,
  });
}
