import { MOVE_GAS } from '../../../src/dispute/move-gas.js';
import type { ClaimStatus } from '../../../src/dispute/types.js';
import {
  type Claim,
  type Game,
  type Model,
  openGames,
  type Position,
  proofKey,
  Refusal,
  rivals,
  type Stake,
  slotKey,
  statusOf,
} from './model.js';
import { outcomeOf, positionOf } from './position.js';

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const GWEI = 10n ** 9n;

export function lock(m: Model, account: number, amount: bigint): void {
  if (m.credit[account]! < amount) throw new Refusal('InsufficientCredit');
  m.credit[account]! -= amount;
  m.locked += amount;
}

export function pay(m: Model, account: number, amount: bigint): void {
  m.locked -= amount;
  m.credit[account]! += amount;
}

export const pursesUntil = (m: Model, s: Stake): bigint => s.struckAt! + m.p.clock + m.p.proofWindow;
const pursesOpen = (m: Model, s: Stake): boolean => s.struckAt !== undefined && m.time < pursesUntil(m, s);

/** Out of a struck stake. */
function payOf(m: Model, s: Stake, account: number, amount: bigint): void {
  s.paid += amount;
  pay(m, account, amount);
}

/** Records what has become of a claim, if anything has (rules 4, 6, 7, 10). */
export function sync(m: Model, c: Claim): ClaimStatus {
  const status = statusOf(m, c);
  if (c.recorded !== undefined || status === 'open') return status;
  const key = slotKey(c.kind, c.number);
  if (status === 'final' && !m.finals.has(key)) m.finals.set(key, c.value);
  if (status !== 'refuted') {
    record(m, c, status);
    return status;
  }
  const strikes = refute(m, c);
  const root = m.finals.get(slotKey('root', c.number - 1n)) ?? 0n;
  const proof = m.proofs.get(proofKey(c.number, root, c.kind));
  if (strikes && openGames(m, c).length === 0 && proof !== undefined) reward(m, m.stakes[c.stake]!, proof.payee);
  return status;
}

function record(m: Model, c: Claim, status: ClaimStatus): void {
  if (rivals(m, c).length > 0) m.slots.get(slotKey(c.kind, c.number))!.quietUntil = m.time + m.p.quiet;
  c.recorded = status;
}

function refute(m: Model, c: Claim): boolean {
  record(m, c, 'refuted');
  const s = m.stakes[c.stake]!;
  if (s.struckAt !== undefined) return false;
  const { stake, reward: r, proofPurse, movePurse } = m.p;
  Object.assign(s, { struckAt: m.time, proofPurse, movePurse, rewardLeft: true, payLeft: true });
  const burned = stake - r - proofPurse - movePurse;
  m.locked -= burned;
  m.burned += burned;
  return true;
}

function reward(m: Model, s: Stake, winner: number): void {
  if (!s.rewardLeft || !pursesOpen(m, s)) return;
  s.rewardLeft = false;
  payOf(m, s, winner, m.p.reward);
}

/** Closes a decided game; false when it is not decided. */
export function settleGame(m: Model, g: Game, by: number): boolean {
  const c = m.claims[g.claim]!;
  const status = sync(m, c);
  const p = positionOf(m, g);
  const outcome = outcomeOf(m, g, status, p);
  if (outcome === 'none') return false;
  g.outcome = outcome;
  const s = m.stakes[c.stake]!;
  if (outcome === 'claimantWins') {
    takeBond(m, s.owner, p);
    return true;
  }
  if (status === 'open') refute(m, c);
  pay(m, g.challenger, m.p.bond);
  if (outcome === 'challengerWins') reward(m, s, g.challenger);
  const spent = g.spent * GWEI + (by === g.challenger ? MOVE_GAS.settle * m.price : 0n);
  if (pursesOpen(m, s)) {
    const amount = min(spent, s.movePurse);
    s.movePurse -= amount;
    payOf(m, s, g.challenger, amount);
  }
  repayProof(m, g, p);
  return true;
}

function takeBond(m: Model, claimant: number, p: Position): void {
  const most = m.p.bond / 2n;
  let paid = min(p.moves * m.p.moveFee, most);
  const proof = p.key === undefined ? undefined : m.proofs.get(p.key);
  if (p.byProof && proof!.payee === claimant) {
    const part = min(proof!.owed, most - paid);
    proof!.owed -= part;
    paid += part;
  }
  pay(m, claimant, paid);
  m.locked -= m.p.bond - paid;
  m.burned += m.p.bond - paid;
}

/** F pays for the proof that a game against a struck stake came down to (rule 11); whether it paid. */
export function repayProof(m: Model, g: Game, p: Position): boolean {
  const s = m.stakes[m.claims[g.claim]!.stake]!;
  const proof = p.key === undefined ? undefined : m.proofs.get(p.key);
  if (proof === undefined || proof.storedAt < g.openedAt || proof.storedAt >= p.deadline) return false;
  if (proof.value === p.target || !pursesOpen(m, s) || proof.owed === 0n || s.proofPurse === 0n) return false;
  const paid = min(proof.owed, s.proofPurse);
  const extra = s.payLeft ? min(m.p.proofPay, s.proofPurse - paid) : 0n;
  s.payLeft = false;
  s.proofPurse -= paid + extra;
  proof.owed -= paid;
  payOf(m, s, proof.payee, paid + extra);
  return paid > 0n;
}
