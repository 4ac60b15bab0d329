import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../build/package-root.js';
import { KeyError } from '../errors/proof.js';
import { KEY_VERSION } from './setup/seeds.js';
import type { SharedKey, VerifyingKey } from './types.js';

/** What is known of a shape that nobody has built on this machine: its circuit's sizes and the key that verifies its proofs. */
export interface CommittedShape extends VerifyingKey {
  /** Content address of the circuit: compiler and every source. */
  readonly circuit: string;
  /** sha256 of the r1cs that it compiles to. */
  readonly r1cs: string;
  readonly constraints: number;
  readonly wires: number;
  readonly committed: number;
  readonly domain: number;
}

/** `circuits/development.json`: development verifying keys of the bulk shapes, by owner (key set and shape). */
export interface DevelopmentKeys extends SharedKey {
  readonly version: number;
  readonly shapes: Readonly<Record<string, CommittedShape>>;
}

const bytes = (count: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * count}}$`));
const [g1, g2, hash] = [bytes(64), bytes(128), z.string().regex(/^[0-9a-f]{64}$/)];
const count = z.int().positive();
const fileSchema = z.strictObject({
  ...{ version: z.int(), alpha1: g1, beta2: g2 },
  shapes: z.record(
    z.string(),
    z.strictObject({
      ...{ circuit: hash, r1cs: hash, constraints: count, wires: count, committed: count, domain: count },
      ...{ ic: z.tuple([g1, g1, g1, g1]), gamma2: g2, delta: g2 },
    }),
  ),
});

/** Where the committed keys stand. */
export function developmentPath(): string {
  return join(packageRoot(), 'circuits', 'development.json');
}

/**
 * The committed keys; none when there is no file.
 * @throws KeyError `KEY_FORMAT` when it is not what "npm run shapes" writes
 */
export function readDevelopment(path: string = developmentPath()): DevelopmentKeys | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) as DevelopmentKeys;
  } catch (cause) {
    throw new KeyError('KEY_FORMAT', `${path} does not hold the keys of bulk shapes.`, {
      hint: 'It is a file of the repository: check it out again, or make it anew with "npm run shapes".',
      cause,
    });
  }
}

/**
 * The committed key of a bulk shape, which nobody has to build before a batch needs it.
 * @param circuit content address of the shape's circuit as the sources are now
 * @throws KeyError `KEY_NOT_COMMITTED` when there is none, or it is of other sources
 */
export function committedShape(
  keys: DevelopmentKeys | undefined,
  owner: string,
  circuit: string,
): CommittedShape & SharedKey {
  const shape = keys?.shapes[owner];
  const stale = shape !== undefined && (shape.circuit !== circuit || keys?.version !== KEY_VERSION);
  if (keys === undefined || shape === undefined || stale) {
    const what = stale ? 'is of other circuits' : 'has no key for it';
    throw new KeyError('KEY_NOT_COMMITTED', `Bulk shape ${owner}: circuits/development.json ${what}.`, {
      hint: 'Whoever changes circuits or shapes makes it anew with "npm run shapes" and commits it.',
    });
  }
  return { ...shape, alpha1: keys.alpha1, beta2: keys.beta2 };
}
