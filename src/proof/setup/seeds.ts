import { createHash } from 'node:crypto';
import { mod } from '../../bus/field.js';

/** Raised whenever development keys must change although circuits did not. */
export const KEY_VERSION = 1;

/** The trapdoors of a development set-up. Their seeds are PUBLIC: anybody can forge proofs under such keys. */
export interface Trapdoors {
  /** Shared by all shapes, as in keys from one powers-of-tau file. */
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  /** Own per shape and role: a known ratio of two of these is as bad as their equality. */
  readonly delta: bigint;
  readonly gamma2: bigint;
}

/** Trapdoors of a shape; `shape` names it uniquely (key set, shape, hash of its r1cs). */
export function developmentTrapdoors(shape: string): Trapdoors {
  return {
    tau: scalar('tau'),
    alpha: scalar('alpha'),
    beta: scalar('beta'),
    delta: scalar(`delta ${shape}`),
    gamma2: scalar(`gamma2 ${shape}`),
  };
}

/** A scalar from 512 bits of hash, so that its bias is negligible. Never 0 in practice (2^-254). */
function scalar(role: string): bigint {
  const hash = createHash('sha512').update(`deltaproof development key ${KEY_VERSION}: ${role}`).digest('hex');
  return mod(BigInt(`0x${hash}`));
}
