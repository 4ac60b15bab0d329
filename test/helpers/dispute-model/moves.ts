import { R } from '../../../src/bus/field.js';
import { MOVE_GAS } from '../../../src/dispute/move-gas.js';
import type { Mode } from '../../../src/proof/types.js';
import {
  baseOf,
  type Claim,
  challengeable,
  type Game,
  lastFinalRoot,
  liveClaims,
  liveOfStake,
  type Model,
  proofKey,
  Refusal,
  slotKey,
  stakeOf,
  statusOf,
} from './model.js';
import { lock, pay, pursesUntil, repayProof, settleGame, sync } from './money.js';
import { positionOf } from './position.js';

/** One call by `by`. Hashes that L1 asks for are `stale` or right. */
export type Move =
  | { type: 'deposit' | 'withdraw'; by: number; amount: bigint }
  | { type: 'stake' | 'unstake' | 'sendBurned'; by: number }
  | { type: 'closePurses'; by: number; stake: number }
  | { type: 'claim'; by: number; kind: Mode; number: bigint; value: bigint }
  | { type: 'resolve'; by: number; claims: readonly number[] }
  | { type: 'state'; by: number; claim: number; indices: readonly bigint[]; roots: readonly bigint[]; stale?: boolean }
  | { type: 'challenge'; by: number; claim: number; preRoot: bigint; stale?: boolean }
  | { type: 'answer'; by: number; game: number; agree: boolean; stale?: boolean }
  | { type: 'settle' | 'reimburse'; by: number; game: number }
  | { type: 'prove'; by: number; games: readonly number[]; number: bigint; preRoot: bigint; mode: Mode; payee: number }
  | { type: 'finalizeProven'; by: number; kind: Mode; number: bigint };

const need = (holds: boolean, error: string): void => {
  if (!holds) throw new Refusal(error);
};
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Makes a move. `cost`: wei that a proof costs, as L1 measured it. @throws Refusal by the name of L1's error; then nothing has changed */
export function make(m: Model, move: Move, cost = 0n): void {
  switch (move.type) {
    case 'deposit':
      m.credit[move.by]! += move.amount;
      return;
    case 'withdraw':
      need(m.credit[move.by]! >= move.amount, 'InsufficientCredit');
      m.credit[move.by]! -= move.amount;
      return;
    case 'sendBurned':
      need(m.burned > 0n, 'NothingBurned');
      m.burned = 0n;
      return;
    case 'stake':
      need(stakeOf(m, move.by) === 0, 'AlreadyStaked');
      lock(m, move.by, m.p.stake);
      m.stakes.push({
        ...{ owner: move.by, released: false, struckAt: undefined, proofPurse: 0n, movePurse: 0n },
        ...{ rewardLeft: false, payLeft: false, paid: 0n },
      });
      return;
    case 'unstake': {
      const id = stakeOf(m, move.by);
      need(id !== 0, 'NotStaked');
      need(liveOfStake(m, id).length === 0, 'LiveClaims');
      m.stakes[id]!.released = true;
      pay(m, move.by, m.p.stake);
      return;
    }
    case 'closePurses': {
      const s = m.stakes[move.stake];
      need(s !== undefined, 'UnknownStake');
      need(s!.struckAt !== undefined, 'NotStruck');
      need(m.time >= pursesUntil(m, s!), 'PursesOpen');
      const left = s!.proofPurse + s!.movePurse + (s!.rewardLeft ? m.p.reward : 0n);
      need(left > 0n, 'NothingBurned');
      Object.assign(s!, { proofPurse: 0n, movePurse: 0n, rewardLeft: false, payLeft: false });
      m.locked -= left;
      m.burned += left;
      return;
    }
    case 'claim':
      claim(m, move);
      return;
    case 'resolve': {
      const claims = move.claims.map((id) => claimAt(m, id));
      const ended = claims.filter((c) => c.recorded === undefined && sync(m, c) !== 'open');
      need(ended.length > 0, 'NothingToResolve');
      return;
    }
    case 'state': {
      const c = claimAt(m, move.claim);
      need(m.stakes[c.stake]!.owner === move.by, 'NotClaimant');
      need(!move.stale, 'StaleMove');
      need(statusOf(m, c) === 'open', 'ClaimDecided');
      for (const [i, index] of move.indices.entries()) {
        need(index >= 1n && index < c.number, 'WrongIndex');
        need(move.roots[i]! < R, 'RootNotCanonical');
        need((c.statements.get(index)?.root ?? move.roots[i]) === move.roots[i], 'AlreadyStated');
      }
      for (const [i, index] of move.indices.entries()) {
        if (!c.statements.has(index)) c.statements.set(index, { root: move.roots[i]!, time: m.time });
      }
      return;
    }
    case 'challenge':
      challenge(m, move);
      return;
    case 'answer':
      answer(m, move);
      return;
    case 'settle': {
      const g = openGame(m, move.game);
      need(settleGame(m, g, move.by), 'NotDecided');
      return;
    }
    case 'reimburse': {
      const g = m.games[move.game];
      need(g !== undefined, 'UnknownGame');
      need(g!.outcome !== 'claimantWins' && repayProof(m, g!, positionOf(m, g!)), 'NotReimbursable');
      return;
    }
    case 'prove':
      prove(m, move, cost);
      return;
    case 'finalizeProven': {
      need(move.number >= 1n && move.number <= m.latest, 'WrongBatch');
      const root = m.finals.get(slotKey('root', move.number - 1n));
      const proof = root === undefined ? undefined : m.proofs.get(proofKey(move.number, root, move.kind));
      need(proof !== undefined, 'NotProven');
      need(!m.finals.has(slotKey(move.kind, move.number)), 'AlreadyFinal');
      m.finals.set(slotKey(move.kind, move.number), proof!.value);
      return;
    }
  }
}

function claimAt(m: Model, id: number): Claim {
  const c = id > 0 ? m.claims[id] : undefined;
  need(c !== undefined, 'UnknownClaim');
  return c!;
}

function openGame(m: Model, id: number): Game {
  const g = id > 0 ? m.games[id] : undefined;
  need(g !== undefined, 'UnknownGame');
  need(g!.outcome === 'none', 'GameIsClosed');
  return g!;
}

function claim(m: Model, { by, kind, number, value }: Extract<Move, { type: 'claim' }>): void {
  need(number >= 1n && number <= m.latest, 'WrongBatch');
  need(kind === 'diff' || value < R, 'RootNotCanonical');
  need(kind === 'diff' || number % m.p.rootEvery === 0n, 'WrongIndex');
  const stake = stakeOf(m, by);
  need(stake !== 0, 'NotStaked');
  const same = (c: Claim) => c.stake === stake && c.kind === kind && c.number === number;
  need(!m.claims.slice(1).some(same), 'AlreadyClaimed');
  const key = slotKey(kind, number);
  need(!m.finals.has(key), 'AlreadyFinal');
  need(number - lastFinalRoot(m) <= m.p.maxAhead, 'TooFarAhead');
  const deadline = m.time + (kind === 'root' ? m.p.rootWindow : m.p.diffWindow);
  const slot = m.slots.get(key);
  if (liveClaims(m, kind, number).length > 0) need(m.time < slot!.entryEnd, 'EntryClosed');
  else m.slots.set(key, { entryEnd: deadline, quietUntil: slot?.quietUntil ?? 0n });
  m.claims.push({
    id: m.claims.length,
    ...{ stake, kind, number, value, deadline, recorded: undefined, statements: new Map() },
  });
}

function challenge(m: Model, move: Extract<Move, { type: 'challenge' }>): void {
  const c = claimAt(m, move.claim);
  need(!move.stale, 'StaleMove');
  need(statusOf(m, c) === 'open', 'ClaimDecided');
  need(challengeable(m, c), 'WindowClosed');
  need(!m.games.slice(1).some((g) => g.claim === c.id && g.challenger === move.by), 'AlreadyChallenged');
  need(move.preRoot < R, 'RootNotCanonical');
  lock(m, move.by, m.p.bond);
  const base = baseOf(m, c.number);
  m.games.push({
    ...{ id: m.games.length, claim: c.id, challenger: move.by, base, lo: base },
    hi: c.kind === 'root' ? c.number : c.number - 1n,
    preRoot: c.kind === 'diff' && base + 1n < c.number ? move.preRoot : 0n,
    ...{ openedAt: m.time, movedAt: m.time, claimantClock: m.p.clock, challengerClock: m.p.clock },
    ...{ answers: 0n, outcome: 'none', spent: (MOVE_GAS.challenge * m.price) / 10n ** 9n },
  });
}

function answer(m: Model, { by, game, agree, stale }: Extract<Move, { type: 'answer' }>): void {
  const g = openGame(m, game);
  need(g.challenger === by, 'NotChallenger');
  need(!stale, 'StaleMove');
  const p = positionOf(m, g);
  need(statusOf(m, m.claims[g.claim]!) === 'open' && p.phase === 'challengerAnswers', 'WrongPhase');
  g.claimantClock = max(g.claimantClock - (p.turn - g.movedAt), m.p.extension);
  g.challengerClock = max(p.deadline - m.time, m.p.extension);
  g.movedAt = m.time;
  g.answers += 1n;
  g.spent += (MOVE_GAS.answer * m.price) / 10n ** 9n;
  if (agree) g.lo = p.index;
  else g.hi = p.index;
}

function prove(m: Model, move: Extract<Move, { type: 'prove' }>, cost: bigint): void {
  const { number, preRoot, mode, payee } = move;
  need(number >= 1n && number <= m.latest, 'WrongBatch');
  const key = proofKey(number, preRoot, mode);
  const known = m.proofs.has(key);
  if (!known) {
    const value = m.f(number, preRoot, mode);
    m.proofs.set(key, { payee, storedAt: m.time, cost, owed: cost, value });
  }
  const games = move.games.map((id) => m.games[id]).filter((g) => g !== undefined);
  let settled = games.filter((g) => g.outcome === 'none' && settleGame(m, g, move.by)).length > 0;
  const slot = slotKey(mode, number);
  if (m.finals.get(slotKey('root', number - 1n)) === preRoot && !m.finals.has(slot)) {
    m.finals.set(slot, m.proofs.get(key)!.value);
    settled = true;
  }
  need(!known || settled, 'AlreadyProven');
}
