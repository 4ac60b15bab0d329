import type { Mode } from '../../../src/proof/types.js';
import type { SeededRandom } from '../../../src/samples/random.js';
import { type Model, statusOf } from './model.js';
import type { Move } from './moves.js';
import { positionOf } from './position.js';

/** The true values of a chain: roots[n] and diffs[n] after batch n. */
export interface Truth {
  readonly roots: readonly bigint[];
  readonly diffs: readonly bigint[];
}

export const trueValue = (truth: Truth, kind: Mode, number: bigint): bigint =>
  (kind === 'root' ? truth.roots : truth.diffs)[Number(number)]!;

/** What anybody may try, by what there is: mostly what L1 takes, sometimes what it must refuse. */
export function randomMove(m: Model, random: SeededRandom, truth: Truth, actors: readonly number[]): Move {
  const by = random.pick(actors);
  const number = 1n + BigInt(random.below(Number(m.latest)));
  const kind: Mode = random.pick(['diff', 'root', 'root']);
  const anyClaim = random.below(m.claims.length + 1);
  const anyGame = random.below(m.games.length + 1);
  const root = (n: bigint): bigint => random.pick([truth.roots[Number(n)]!, truth.roots[Number(n)]!, 7_000n + n]);
  switch (random.below(16)) {
    case 0:
      return { type: 'stake', by };
    case 1:
    case 2:
    case 3: {
      const value = random.pick([trueValue(truth, kind, number), 500n + BigInt(random.below(3))]);
      return { type: 'claim', by, kind, number, value };
    }
    case 4:
    case 5: {
      const open = m.claims.slice(1).filter((c) => c.recorded === undefined && statusOf(m, c) === 'open');
      const c = open.length > 0 ? random.pick(open) : undefined;
      const stale = random.below(30) === 0;
      return { type: 'challenge', by, claim: c?.id ?? anyClaim, preRoot: root(c ? c.number - 1n : 1n), stale };
    }
    case 6:
    case 7:
    case 8:
    case 9:
      return gameMove(m, random, actors, root) ?? { type: 'settle', by, game: anyGame };
    case 10: {
      const decided = m.games.slice(1).filter((g) => g.outcome === 'none' && positionOf(m, g).outcome !== 'none');
      return { type: 'settle', by, game: decided.length > 0 ? random.pick(decided).id : anyGame };
    }
    case 11: {
      const ended = m.claims.slice(1).filter((c) => c.recorded === undefined && statusOf(m, c) !== 'open');
      const some = ended.filter(() => random.below(2) === 0).map(({ id }) => id);
      return { type: 'resolve', by, claims: some.length > 0 ? some : [anyClaim] };
    }
    case 12: {
      const game = m.games[anyGame];
      const at = game === undefined || anyGame === 0 ? undefined : positionOf(m, game);
      const payee = random.pick(actors);
      const games = random.below(2) === 0 ? [] : [anyGame, random.below(m.games.length + 1)];
      if (at?.phase !== 'prove') {
        return { type: 'prove', by, games, number, preRoot: root(number - 1n), mode: kind, payee };
      }
      return { type: 'prove', by, games, number: at.index, preRoot: at.agreed, mode: at.mode, payee };
    }
    case 13: {
      const fallen = m.games.slice(1).filter((g) => {
        const { key } = positionOf(m, g);
        const owed = key === undefined ? 0n : (m.proofs.get(key)?.owed ?? 0n);
        return m.stakes[m.claims[g.claim]!.stake]!.struckAt !== undefined && owed > 0n;
      });
      return { type: 'reimburse', by, game: fallen.length > 0 ? random.pick(fallen).id : anyGame };
    }
    case 14:
      return random.pick<Move>([
        { type: 'closePurses', by, stake: random.below(m.stakes.length + 1) },
        { type: 'finalizeProven', by, kind, number },
        { type: 'sendBurned', by },
      ]);
    default:
      return random.pick<Move>([
        { type: 'unstake', by },
        { type: 'withdraw', by, amount: BigInt(random.below(1_000)) },
        { type: 'deposit', by, amount: BigInt(random.below(1_000)) },
      ]);
  }
}

/** A move that some game waits for, as the one who must make it. */
function gameMove(
  m: Model,
  random: SeededRandom,
  actors: readonly number[],
  root: (n: bigint) => bigint,
): Move | undefined {
  const open = m.games.slice(1).filter((g) => g.outcome === 'none');
  if (open.length === 0) return undefined;
  const g = random.pick(open);
  const p = positionOf(m, g);
  const c = m.claims[g.claim]!;
  const claimant = m.stakes[c.stake]!.owner;
  if (p.phase === 'claimantStates' && actors.includes(claimant)) {
    const more = p.index + 1n < c.number ? [p.index, p.index + 1n] : [p.index];
    const indices = random.below(4) === 0 ? more : [p.index];
    const concurs = p.index === c.number - 1n && g.preRoot !== 0n && random.below(2) === 0;
    const roots = indices.map((index) => (concurs && index === p.index ? g.preRoot : root(index)));
    return { type: 'state', by: claimant, claim: c.id, indices, roots, stale: random.below(30) === 0 };
  }
  if (!actors.includes(g.challenger)) return undefined;
  if (p.phase === 'challengerAnswers') {
    const agree = random.below(2) === 0;
    return { type: 'answer', by: g.challenger, game: g.id, agree, stale: random.below(30) === 0 };
  }
  if (p.phase !== 'prove') return undefined;
  const { index: number, agreed: preRoot, mode } = p;
  const games = random.below(2) === 0 ? [g.id] : [];
  return { type: 'prove', by: g.challenger, games, number, preRoot, mode, payee: g.challenger };
}
