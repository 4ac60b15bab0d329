import { type Hex, size, slice } from 'viem';
import { z } from 'zod';
import { rulesHash } from '../batch/rules.js';
import type { Rules } from '../batch/types.js';
import { KeyError } from '../errors/proof.js';
import { assertSound, G1, G2, HEAD, keySetHash, SHAPE } from './keys.js';
import type { KeySet } from './keyset.js';
import { decodeG1, decodeG2, negateG2 } from './points.js';
import type { VerifyingKey } from './types.js';

const FORMAT = 'deltaproof/keys/1';

/** The verifying keys of a key set and the rules that they are for: all that deploys a `ProofVerifier` or verifies off-chain. */
export interface VerifyingKeyFile {
  /** Name of the key set. */
  readonly name: string;
  /** Made from public seeds: anybody can forge. */
  readonly development: boolean;
  readonly rules: Rules;
  readonly rulesHash: Hex;
  readonly alpha1: Hex;
  readonly beta2: Hex;
  /** A shape's number is its place. */
  readonly shapes: readonly { readonly name: string; readonly key: VerifyingKey }[];
  /** FORMATS.md, "Key set". */
  readonly blob: Hex;
  readonly hash: Hex;
}

const hex = z.string().regex(/^0x([0-9a-f]{2})+$/);
const integer = z.string().regex(/^(0|[1-9][0-9]{0,77})$/);
const [wide, count] = [integer.transform(BigInt), integer.transform(Number)];
const rulesField = z.strictObject({
  ...{ version: wide, chainId: wide, baseFee: wide, gasLimit: wide, maxItems: count, maxBytes: count },
  ...{ w0: wide, w1: wide, w2: wide, wAccess: wide, wCode: wide, workBudget: wide },
});
const schema = z.strictObject({
  format: z.literal(FORMAT),
  keySet: z.string(),
  development: z.boolean(),
  rules: rulesField,
  shapes: z.array(z.string()),
  hash: hex,
  blob: hex,
});

/** FORMATS.md, "Key file": the verifying keys of a key set that is for these rules. */
export function encodeKeys(
  keySet: Pick<KeySet, 'name' | 'development' | 'shapes' | 'hash' | 'blob'>,
  rules: Rules,
): string {
  const { name, development, shapes, hash, blob } = keySet;
  const file = {
    ...{ format: FORMAT, keySet: name, development },
    rules: Object.fromEntries(Object.keys(rulesField.shape).map((field) => [field, `${rules[field as keyof Rules]}`])),
    ...{ shapes: shapes.map(({ spec }) => spec.name), hash, blob },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads a key file and checks it as L1 checks keys: points of the curve, none degenerate, hash and rules those of the blob.
 * @throws KeyError `KEY_FORMAT`, `KEY_DEGENERATE`
 */
export async function parseKeys(text: string): Promise<VerifyingKeyFile> {
  const { keySet: name, development, rules, shapes: names, hash, blob } = parse(text);
  assertSound(blob, names);
  if (keySetHash(blob) !== hash) refuse(`hash is ${hash}, that of its keys ${keySetHash(blob)}`);
  if (names.length !== (size(blob) - HEAD) / SHAPE) refuse(`it names ${names.length} shapes, and has keys of others`);
  const named = slice(blob, HEAD - 32, HEAD);
  if (rulesHash(rules) !== named) refuse(`its keys are for rules ${named}, it states ${rulesHash(rules)}`);
  const reader = new Points(blob);
  const shared = { alpha1: reader.g1(0), beta2: reader.minusG2(G1) };
  const shapes = names.map((shape, i) => {
    const at = HEAD + i * SHAPE;
    const ic = [0, 1, 2, 3].map((k) => reader.g1(at + k * G1)) as [Hex, Hex, Hex, Hex];
    return { name: shape, key: { ic, gamma2: reader.minusG2(at + 4 * G1), delta: reader.minusG2(at + 4 * G1 + G2) } };
  });
  return { name, development, rules, rulesHash: named, ...shared, shapes, blob, hash };
}

function parse(text: string) {
  try {
    const file = schema.parse(JSON.parse(text));
    return { ...file, hash: file.hash as Hex, blob: file.blob as Hex };
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const why = issue === undefined ? 'it is not JSON' : `field ${issue.path.join('.') || '(all)'}: ${issue.message}`;
    return refuse(why, cause);
  }
}

/** Points in a blob, on the curve and in the group. */
class Points {
  readonly #blob: Hex;

  constructor(blob: Hex) {
    this.#blob = blob;
  }

  g1(at: number): Hex {
    const point = slice(this.#blob, at, at + G1);
    return decodeG1(point) === undefined ? refuse(`there is no point at byte ${at} of its blob`) : point;
  }

  /** Minus the point there: the blob has them negated. */
  minusG2(at: number): Hex {
    const point = slice(this.#blob, at, at + G2);
    if (decodeG2(point) === undefined) refuse(`there is no point at byte ${at} of its blob`);
    return negateG2(point);
  }
}

function refuse(why: string, cause?: unknown): never {
  throw new KeyError('KEY_FORMAT', `This is no key file: ${why}.`, {
    hint: 'Make one with "deltaproof export keys".',
    cause,
  });
}
