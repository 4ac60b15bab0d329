import { challengeable, liveClaims, type Model, proofKey, Refusal, slotKey, stakeOf, statusOf } from './model.js';
import { type Move, make } from './moves.js';
import { outcomeOf, positionOf } from './position.js';
import { type Truth, trueValue } from './random-moves.js';

/** The honest strategy: states and proves the truth, agrees with nothing else, settles and records; claims each root, or challenges. */
export class Honest {
  constructor(
    readonly account: number,
    readonly truth: Truth,
    /** Whether it claims; otherwise it challenges what is false. */
    readonly claims: boolean,
  ) {}

  /** All that is due. */
  play(m: Model): void {
    if (this.claims) this.claim(m);
    else this.challenge(m);
    // One round of a game each: a statement, an answer, a proof may follow each other.
    for (let round = 0; round < 3; round++) this.move(m);
    for (const c of m.claims.slice(1)) {
      if (c.recorded === undefined && statusOf(m, c) !== 'open')
        this.do(m, { type: 'resolve', by: this.account, claims: [c.id] });
    }
  }

  private claim(m: Model): void {
    const by = this.account;
    if (stakeOf(m, by) === 0) this.do(m, { type: 'stake', by });
    const stake = stakeOf(m, by);
    for (let number = m.p.rootEvery; number <= m.latest; number += m.p.rootEvery) {
      const key = slotKey('root', number);
      const own = m.claims.slice(1).some((c) => c.stake === stake && c.kind === 'root' && c.number === number);
      const closed = liveClaims(m, 'root', number).length > 0 && m.time >= m.slots.get(key)!.entryEnd;
      if (m.finals.has(key) || own || closed) continue;
      this.do(m, { type: 'claim', by, kind: 'root', number, value: this.truth.roots[Number(number)]! });
    }
  }

  private challenge(m: Model): void {
    for (const c of m.claims.slice(1)) {
      const mine = m.games.slice(1).some((g) => g.claim === c.id && g.challenger === this.account);
      if (mine || statusOf(m, c) !== 'open' || !challengeable(m, c)) continue;
      if (c.value === trueValue(this.truth, c.kind, c.number)) continue;
      const preRoot = this.truth.roots[Number(c.number) - 1]!;
      this.do(m, { type: 'challenge', by: this.account, claim: c.id, preRoot });
    }
  }

  private move(m: Model): void {
    const by = this.account;
    for (const g of m.games.slice(1)) {
      if (g.outcome !== 'none') continue;
      const c = m.claims[g.claim]!;
      const claimant = m.stakes[c.stake]!.owner === by;
      if (!claimant && g.challenger !== by) continue;
      const p = positionOf(m, g);
      const truth = this.truth.roots[Number(p.index)]!;
      if (outcomeOf(m, g, statusOf(m, c), p) !== 'none') this.do(m, { type: 'settle', by, game: g.id });
      else if (p.phase === 'claimantStates' && claimant) {
        this.do(m, { type: 'state', by, claim: c.id, indices: [p.index], roots: [truth] });
      } else if (p.phase === 'challengerAnswers' && !claimant) {
        this.do(m, { type: 'answer', by, game: g.id, agree: p.root === truth });
      } else if (p.phase === 'prove' && !claimant && !m.proofs.has(proofKey(p.index, p.agreed, p.mode))) {
        this.do(m, { type: 'prove', by, games: [g.id], number: p.index, preRoot: p.agreed, mode: p.mode, payee: by });
      }
    }
  }

  /** A move that must go well. */
  private do(m: Model, move: Move): void {
    try {
      make(m, move, 1_000n);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Error(
        `the honest account ${this.account} is refused: ${error.message}, ${JSON.stringify(move, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`,
      );
    }
  }
}
