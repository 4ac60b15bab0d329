import type { ClaimStatus, Outcome } from '../../../src/dispute/types.js';
import type { Mode } from '../../../src/proof/types.js';
import { type Claim, type Game, type Model, type Position, proofKey, slotKey } from './model.js';

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Where a game stands by itself, whatever has become of its claim. */
export function positionOf(m: Model, g: Game): Position {
  const c = m.claims[g.claim]!;
  const p: Position = {
    ...{ phase: 'claimantStates', outcome: 'none', index: 0n, root: 0n, mode: 'diff', agreed: 0n, target: 0n },
    ...{ deadline: 0n, turn: g.movedAt, moves: g.answers, key: undefined, byProof: false },
  };
  if (c.kind === 'diff') {
    const before = c.number - 1n;
    if (g.base === before) return proving(m, p, g, 'diff', c.number, rootAt(m, g, c, before), c.value);
    if (!stated(m, p, g, c, before)) return p;
    if (p.root === g.preRoot) return proving(m, p, g, 'diff', c.number, p.root, c.value);
  }
  if (g.hi - g.lo === 1n) return proving(m, p, g, 'root', g.hi, rootAt(m, g, c, g.lo), rootAt(m, g, c, g.hi));
  if (!stated(m, p, g, c, (g.lo + g.hi) / 2n) || late(p, g)) return p;
  p.phase = 'challengerAnswers';
  return runOut(m, p, g.challengerClock, 'claimantWins');
}

/** The outcome that settling would have (rule 10). */
export function outcomeOf(m: Model, g: Game, status: ClaimStatus, p: Position): Outcome {
  if (status === 'open') return p.outcome;
  if (status === 'final') return 'claimantWins';
  const c = m.claims[g.claim]!;
  const value = m.finals.get(slotKey(c.kind, c.number));
  return status === 'refuted' && value !== undefined && value !== c.value ? 'challengerWins' : 'claimFell';
}

function stated(m: Model, p: Position, g: Game, c: Claim, index: bigint): boolean {
  const statement = c.statements.get(index);
  p.index = index;
  if (statement === undefined) {
    Object.assign(p, { phase: 'claimantStates', root: 0n, turn: g.movedAt });
    runOut(m, p, g.claimantClock, 'challengerWins');
    return false;
  }
  Object.assign(p, { root: statement.root, moves: p.moves + 1n, turn: max(p.turn, statement.time) });
  return true;
}

function late(p: Position, g: Game): boolean {
  if (p.turn < g.movedAt + g.claimantClock) return false;
  Object.assign(p, { phase: 'decided', outcome: 'challengerWins' });
  return true;
}

function proving(m: Model, p: Position, g: Game, mode: Mode, x: bigint, agreed: bigint, target: bigint): Position {
  if (late(p, g)) return p;
  Object.assign(p, { phase: 'prove', mode, index: x, root: 0n, agreed, target, key: proofKey(x, agreed, mode) });
  runOut(m, p, m.p.proofWindow + g.challengerClock, 'claimantWins');
  const proof = m.proofs.get(p.key!);
  if (proof !== undefined && proof.storedAt < p.deadline) {
    const outcome = proof.value === target ? 'claimantWins' : 'challengerWins';
    Object.assign(p, { phase: 'decided', byProof: true, outcome });
  }
  return p;
}

function runOut(m: Model, p: Position, left: bigint, outcome: Outcome): Position {
  p.deadline = p.turn + left;
  if (m.time >= p.deadline) Object.assign(p, { phase: 'decided', outcome });
  return p;
}

function rootAt(m: Model, g: Game, c: Claim, index: bigint): bigint {
  if (index === c.number) return c.value;
  if (index === g.base) return m.finals.get(slotKey('root', index))!;
  return c.statements.get(index)?.root ?? 0n;
}
