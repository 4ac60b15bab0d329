import { type Address, parseEther, zeroAddress } from 'viem';
import { DisputeError } from '../errors/dispute.js';

/** Money, times and bounds of the dispute game (IDispute.sol, `Parameters`): wei, seconds, batches. */
export interface Parameters {
  /** Locked by every claim. */
  readonly stake: bigint;
  /** Locked by every challenge. */
  readonly bond: bigint;
  /** To the challenger that refutes a claim. */
  readonly reward: bigint;
  /** To the payee of the proof that refutes a claim. */
  readonly proverFee: bigint;
  /** To the challenger of another open game on a claim that falls. */
  readonly stipend: bigint;
  /** All stipends of one claim. */
  readonly stipendCap: bigint;
  /** To the claimant for each move that a losing challenger asked for. */
  readonly moveFee: bigint;
  /** A claim can be challenged for this long. */
  readonly window: bigint;
  /** A claim that is taken over can be challenged for at least this long again. */
  readonly minWindow: bigint;
  /** Each player's clock of a game. */
  readonly clock: bigint;
  /** A player whose turn begins has at least this long. */
  readonly extension: bigint;
  /** Time for the proof. */
  readonly proofWindow: bigint;
  /** Anybody may end a pause older than this. */
  readonly maxPause: bigint;
  /** N_max: a claim is at most this many batches beyond the last final root. */
  readonly maxAhead: bigint;
  /** May pause; can neither move money nor decide a game. */
  readonly guardian: Address;
}

const HOUR = 3_600n;
const DAY = 24n * HOUR;

/**
 * Defaults for a public L1, at a stressed gas price of 200 gwei (the measured gas is in `test/contracts/dispute-gas.test.ts`).
 * The guardian has to be named: see {@link checkParameters}.
 */
export const DEFAULT_PARAMETERS: Parameters = {
  // Twice what can be paid out of it (34 + 0.5 + 1), so at least half of a lost stake is burned: a caught cheater that
  // concedes to its own puppet gets no more than half of it back.
  stake: parseEther('71'),
  // Twice the defender's worst cost in moves (13 at 0.02), for the same reason.
  bond: parseEther('0.6'),
  // Gas of a whole game for the challenger (12 answers, challenge, settlement: 2.5M gas is 0.5) on top of its bond.
  reward: parseEther('0.5'),
  // The bundle of the worst batch (npm run worst): 30, and a tenth for computing it.
  proverFee: parseEther('34'),
  // What a challenger has spent when the claim falls otherwise: half a game.
  stipend: parseEther('0.25'),
  stipendCap: parseEther('1'),
  // One statement is below 100,000 gas.
  moveFee: parseEther('0.02'),
  // The time in which censorship of L1 and outages of all honest challengers are assumed to end: the customary week.
  window: 7n * DAY,
  // A takeover is for watchers who already know the claim; they need time to see it and to challenge once more.
  minWindow: 2n * DAY,
  // A game of 12 rounds is minutes of work; a player may be offline for half a window.
  clock: 3n * DAY + 12n * HOUR,
  // One move under load, with time for gas price bumps.
  extension: 3n * HOUR,
  // The worst batch's proofs take 3.3 hours on two cores (npm run worst), 17 with the slowest engine: these fit twice, for a restart from
  // nothing, with 20 minutes for each of their transactions on a loaded L1.
  proofWindow: 2n * DAY,
  maxPause: 14n * DAY,
  // Batches per window must stay below it (one in 2.5 minutes for a week); 12 halvings.
  maxAhead: 4_096n,
  guardian: zeroAddress,
};

/** Parameters for a private L1 whose time is advanced by hand: the default money, times of minutes. */
export const LOCAL_PARAMETERS: Parameters = {
  ...DEFAULT_PARAMETERS,
  window: 2n * HOUR,
  minWindow: HOUR,
  clock: HOUR,
  extension: 5n * 60n,
  proofWindow: HOUR,
  maxPause: DAY,
};

/** The most statements one game can ask of a claimant: the root before the batch, and one per halving of maxAhead. */
export function maxMoves(maxAhead: bigint): bigint {
  return 1n + BigInt(maxAhead <= 1n ? 0 : (maxAhead - 1n).toString(2).length);
}

/**
 * The relations that the constructor of Dispute enforces, with a message that says what to change.
 * @throws DisputeError `DISPUTE_PARAMETERS`
 */
export function checkParameters(p: Parameters): void {
  const relations: readonly (readonly [boolean, string])[] = [
    [p.guardian !== zeroAddress, 'guardian must be an account'],
    [p.maxAhead > 0n, 'maxAhead must be at least 1'],
    [p.minWindow > 0n && p.window >= p.minWindow, 'window must be at least minWindow, and that above 0'],
    [p.extension > 0n && p.clock >= p.extension, 'clock must be at least extension, and that above 0'],
    [p.proofWindow > 0n, 'proofWindow must be above 0'],
    [p.stipend <= p.stipendCap, 'stipend must be at most stipendCap'],
    [
      p.stake > 0n && p.stake >= 2n * (p.proverFee + p.reward + p.stipendCap),
      'stake must be at least 2 * (proverFee + reward + stipendCap)',
    ],
    [
      p.bond > 0n && p.bond >= 2n * maxMoves(p.maxAhead) * p.moveFee,
      `bond must be at least 2 * ${maxMoves(p.maxAhead)} moves * moveFee`,
    ],
  ];
  const broken = relations.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) {
    throw new DisputeError('DISPUTE_PARAMETERS', `The dispute parameters do not fit together: ${broken.join('; ')}.`);
  }
}
