import { type Address, isAddress } from 'viem';
import { z } from 'zod';
import { DEFAULT_PARAMETERS, type Parameters } from '../../src/dispute/parameters.js';
import { UsageError } from '../../src/errors/usage.js';
import { readJsonFile } from './files.js';

/** What each parameter means, for people who choose it: wei, seconds, batches. */
export const PARAMETER_WORDS: { readonly [K in keyof Parameters]: string } = {
  stake: 'wei that a stake locks, which backs all claims of an account',
  bond: 'wei that every challenge locks',
  reward: 'wei for the challenger that strikes a stake',
  proofPurse: 'wei of a struck stake that wait for the costs of proofs',
  proofPay: 'wei for who proves, beside the cost; once per stake',
  movePurse: 'wei of a struck stake that wait for the costs of moves',
  moveFee: 'wei for the claimant for each move that a losing challenger asked for',
  maxPrice: 'wei per gas above which nothing is paid back',
  rootWindow: 'seconds in which a root claim can be challenged',
  diffWindow: 'seconds in which a diff claim can be challenged',
  clock: 'seconds of each player in a game',
  extension: 'seconds that a player has at least when its turn begins',
  proofWindow: 'seconds for the proof, beside what is left of the clock',
  quiet: 'seconds in which a claim whose rival fell can still be challenged',
  maxPause: 'seconds that pauses may take in all, beside the time that has run meanwhile',
  rootEvery: 'roots are claimed at multiples of this batch number',
  maxAhead: 'batches that a claim may be beyond the last final root',
  guardian: 'who may pause; can neither move money nor decide a game',
};

const NAMES = Object.keys(DEFAULT_PARAMETERS) as (keyof Parameters)[];
const number = z
  .union([z.string().regex(/^\d{1,78}$/, 'write a whole number'), z.number().int().nonnegative()])
  .transform(BigInt);
const account = z
  .string()
  .refine((it) => isAddress(it, { strict: false }), 'write 0x and 40 hex digits')
  .transform((it) => it as Address);
const parametersFile = z.strictObject(
  Object.fromEntries(NAMES.map((name) => [name, (name === 'guardian' ? account : number).optional()])),
);

/**
 * Reads a parameters file: one JSON object with some of the names of {@link PARAMETER_WORDS}; the others keep their values in `base`.
 * Whether they fit together is for `checkParameters` to say.
 * @throws UsageError `USAGE_DEPLOYMENT`
 */
export function readParameters(path: string, base: Parameters): Parameters {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError('USAGE_DEPLOYMENT', `${path} holds no parameters: ${why}.`, {
      hint: `It is one JSON object with some of: ${NAMES.join(', ')}.`,
      cause,
    });
  };
  const parsed = parametersFile.safeParse(readJsonFile(path, refuse));
  if (!parsed.success) {
    return refuse(parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '));
  }
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(given) as Partial<Parameters>) };
}
