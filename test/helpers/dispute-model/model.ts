import type { Parameters } from '../../../src/dispute/parameters.js';
import type { ClaimStatus, Outcome, Phase } from '../../../src/dispute/types.js';
import type { Mode } from '../../../src/proof/types.js';

/** The rules of docs/DISPUTES.md as plain data, without L1: sums are made anew each time they are asked for. Accounts are numbers. */
export interface Model {
  readonly p: Parameters;
  /** The value of batch `n` on a pre-root. */
  readonly f: (n: bigint, preRoot: bigint, mode: Mode) => bigint;
  time: bigint;
  /** Wei per gas that is paid back. */
  price: bigint;
  /** Number of the newest batch. */
  latest: bigint;
  readonly credit: bigint[];
  locked: bigint;
  burned: bigint;
  /** Entry 0 is not used in these three, so that indices are L1's numbers. */
  readonly stakes: Stake[];
  readonly claims: Claim[];
  readonly games: Game[];
  readonly slots: Map<string, Slot>;
  readonly finals: Map<string, bigint>;
  readonly proofs: Map<string, Proof>;
}

export interface Stake {
  readonly owner: number;
  released: boolean;
  struckAt: bigint | undefined;
  proofPurse: bigint;
  movePurse: bigint;
  rewardLeft: boolean;
  payLeft: boolean;
  /** Wei that was paid out of it. */
  paid: bigint;
}

export interface Claim {
  readonly id: number;
  readonly stake: number;
  readonly kind: Mode;
  readonly number: bigint;
  readonly value: bigint;
  readonly deadline: bigint;
  recorded: ClaimStatus | undefined;
  readonly statements: Map<bigint, { root: bigint; time: bigint }>;
}

export interface Game {
  readonly id: number;
  readonly claim: number;
  readonly challenger: number;
  readonly base: bigint;
  readonly preRoot: bigint;
  readonly openedAt: bigint;
  lo: bigint;
  hi: bigint;
  movedAt: bigint;
  claimantClock: bigint;
  challengerClock: bigint;
  answers: bigint;
  /** Gwei. */
  spent: bigint;
  outcome: Outcome;
}

export interface Slot {
  entryEnd: bigint;
  quietUntil: bigint;
}

export interface Proof {
  readonly payee: number;
  readonly storedAt: bigint;
  readonly cost: bigint;
  readonly value: bigint;
  owed: bigint;
}

/** Where a game stands. */
export interface Position {
  phase: Phase;
  outcome: Outcome;
  index: bigint;
  root: bigint;
  mode: Mode;
  agreed: bigint;
  target: bigint;
  deadline: bigint;
  turn: bigint;
  moves: bigint;
  key: string | undefined;
  byProof: boolean;
}

/** A move that L1 refuses, by the name of its error. */
export class Refusal extends Error {}

export const slotKey = (kind: Mode, number: bigint): string => `${kind} ${number}`;
export const proofKey = (number: bigint, preRoot: bigint, mode: Mode): string => `${number} ${preRoot} ${mode}`;

/** A model after genesis, with accounts that have `credit` each. */
export function createModel(
  p: Parameters,
  f: Model['f'],
  { genesis, time, accounts, credit }: { genesis: bigint; time: bigint; accounts: number; credit: bigint },
): Model {
  return {
    ...{ p, f, time, price: 10n ** 9n, latest: 0n, locked: 0n, burned: 0n },
    credit: Array.from({ length: accounts }, () => credit),
    ...{ stakes: [undefined as never], claims: [undefined as never], games: [undefined as never] },
    ...{ slots: new Map(), proofs: new Map() },
    finals: new Map([[slotKey('root', 0n), genesis]]),
  };
}

/** A copy that shares nothing that changes. */
export function copyOf(m: Model): Model {
  const { p, f, ...state } = m;
  return { p, f, ...structuredClone(state) };
}

export const liveClaims = (m: Model, kind: Mode, number: bigint): Claim[] =>
  m.claims.slice(1).filter((c) => c.kind === kind && c.number === number && c.recorded === undefined);

/** Live claims of another value. */
export const rivals = (m: Model, c: Claim): Claim[] =>
  liveClaims(m, c.kind, c.number).filter(({ value }) => value !== c.value);

export const openGames = (m: Model, c: Claim): Game[] =>
  m.games.slice(1).filter((g) => g.claim === c.id && g.outcome === 'none');

export const stakeOf = (m: Model, account: number): number =>
  Math.max(
    0,
    m.stakes.findLastIndex((s, i) => i > 0 && s.owner === account && s.struckAt === undefined && !s.released),
  );

export const liveOfStake = (m: Model, stake: number): Claim[] =>
  m.claims.slice(1).filter((c) => c.stake === stake && c.recorded === undefined);

/** What has become of a claim (rules 4, 7). */
export function statusOf(m: Model, c: Claim): ClaimStatus {
  if (c.recorded !== undefined) return c.recorded;
  const { struckAt } = m.stakes[c.stake]!;
  const at = struckAt ?? m.time;
  const slot = m.slots.get(slotKey(c.kind, c.number))!;
  const inTime = openGames(m, c).length === 0 && rivals(m, c).length === 0;
  const final = inTime && at >= c.deadline && at >= slot.quietUntil;
  if (struckAt !== undefined && !final) return 'void';
  const value = m.finals.get(slotKey(c.kind, c.number));
  if (value !== undefined) return value === c.value ? 'final' : 'refuted';
  return final ? 'final' : 'open';
}

/** Whether it can be challenged (rule 5), when it is open. */
export function challengeable(m: Model, c: Claim): boolean {
  const { quietUntil } = m.slots.get(slotKey(c.kind, c.number))!;
  return m.time < c.deadline || rivals(m, c).length > 0 || m.time < quietUntil;
}

export function lastFinalRoot(m: Model): bigint {
  return [...m.finals.keys()].reduce((last, key) => {
    const number = key.startsWith('root ') ? BigInt(key.slice(5)) : 0n;
    return number > last ? number : last;
  }, 0n);
}

export function baseOf(m: Model, number: bigint): bigint {
  let base = number - 1n;
  while (!m.finals.has(slotKey('root', base))) base -= 1n;
  return base;
}
