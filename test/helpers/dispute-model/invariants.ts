import type { ClaimStatus } from '../../../src/dispute/types.js';
import { challengeable, liveClaims, liveOfStake, type Model, openGames, rivals, slotKey, statusOf } from './model.js';

const broken = (what: string): never => {
  throw new Error(`invariant broken: ${what}`);
};

/** What holds after every move (H2, H3, H5, H6): throws when it does not. */
export function checkInvariants(m: Model): void {
  let locked = 0n;
  for (const [id, s] of m.stakes.entries()) {
    if (id === 0) continue;
    if (s.struckAt === undefined) locked += s.released ? 0n : m.p.stake;
    else locked += s.proofPurse + s.movePurse + (s.rewardLeft ? m.p.reward : 0n);
    const most = m.p.proofPurse + m.p.movePurse + m.p.reward;
    if (s.paid > most || s.paid > m.p.stake) broken(`stake ${id} paid ${s.paid}`);
    if (s.released && liveOfStake(m, id).length > 0) broken(`stake ${id} was given back with live claims`);
  }
  for (const g of m.games.slice(1)) if (g.outcome === 'none') locked += m.p.bond;
  if (locked !== m.locked) broken(`locked ${m.locked}, for stakes and games ${locked}`);
  for (const [key, proof] of m.proofs)
    if (proof.owed < 0n || proof.owed > proof.cost) broken(`proof ${key} is owed ${proof.owed}`);
  for (const c of m.claims.slice(1)) {
    const status = statusOf(m, c);
    if (c.recorded !== undefined || status !== 'final') continue;
    const early = m.time < c.deadline || m.time < m.slots.get(slotKey(c.kind, c.number))!.quietUntil;
    const byProof = m.finals.has(slotKey(c.kind, c.number));
    if (!byProof && (early || rivals(m, c).length > 0 || openGames(m, c).length > 0))
      broken(`claim ${c.id} is final too early`);
    const others = liveClaims(m, c.kind, c.number).filter((o) => statusOf(m, o) === 'final' && o.value !== c.value);
    if (others.length > 0) broken(`claims ${c.id} and ${others[0]!.id} are both final`);
    if (!byProof && challengeable(m, c)) broken(`final claim ${c.id} can be challenged`);
  }
}

/** What became of claims never turns into something better: what is recorded stays, what fell never stands again (H4). */
export function checkHistory(m: Model, before: readonly ClaimStatus[]): ClaimStatus[] {
  const now = m.claims.map((c) => (c === undefined ? 'none' : statusOf(m, c)));
  for (const [id, was] of before.entries()) {
    const is = now[id]!;
    const allowed: Record<ClaimStatus, readonly ClaimStatus[]> = {
      none: ['none'],
      open: ['open', 'final', 'void', 'refuted'],
      // Final by time alone, and not recorded, it may still be proven false.
      final: ['final', 'refuted'],
      void: ['void'],
      refuted: ['refuted', 'void'],
    };
    const c = m.claims[id]!;
    // Final as its value is, by proof or by an equal claim, before its own time: its stake's fall comes first, unless it is recorded.
    const byValue = was === 'final' && is === 'void' && m.finals.get(slotKey(c.kind, c.number)) === c.value;
    if (!allowed[was].includes(is) && !(byValue && m.stakes[c.stake]!.struckAt !== undefined))
      broken(`claim ${id} was ${was} and is ${is}`);
  }
  return now;
}
