import type { Mode } from '../proof/types.js';
import type { ClaimView, GameView } from './types.js';

/** What decides a game: what f makes of one batch, from the root that both players agree on. */
export interface Subject {
  readonly number: bigint;
  readonly mode: Mode;
  /** The root before the batch. */
  readonly agreed: bigint;
  /** Why it is agreed: it is final; the claimant concurs with the challenger (case A); bisection ended there (case B). */
  readonly by: 'final' | 'concurred' | 'bisection';
  /** The claimant wins exactly when f makes this of the batch. */
  readonly target: bigint;
}

/** Roots by batch number that a game can stand on: the final one at its base, and those that the claimant has stated. */
export type KnownRoots = ReadonlyMap<bigint, bigint>;

/** The batch numbers whose roots {@link subjectOf} asks for. */
export function rootsAsked({ base, lo, hi }: GameView, { number }: ClaimView): bigint[] {
  return [...new Set([base, lo, hi, number - 1n])];
}

/**
 * What a game is about, as soon as that is certain; undefined while the players still look for it. It stays what it is when the game is
 * decided or closed, of which L1 keeps no position (the twin of `Games._position`, without clocks).
 */
export function subjectOf(game: GameView, claim: ClaimView, roots: KnownRoots): Subject | undefined {
  const { base, lo, hi, preRoot } = game;
  const { kind: mode, number, value: target } = claim;
  if (mode === 'diff') {
    const before = roots.get(number - 1n);
    if (before === undefined) return undefined;
    if (base === number - 1n) return { number, mode, agreed: before, by: 'final', target };
    if (before === preRoot) return { number, mode, agreed: before, by: 'concurred', target };
  }
  const rootAt = (index: bigint) => (mode === 'root' && index === number ? target : roots.get(index));
  const [agreed, disputed] = [rootAt(lo), rootAt(hi)];
  if (hi - lo !== 1n || agreed === undefined || disputed === undefined) return undefined;
  const by = lo === base && hi === number ? 'final' : 'bisection';
  return { number: hi, mode: 'root', agreed, by, target: disputed };
}
