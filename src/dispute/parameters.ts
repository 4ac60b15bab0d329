import { type Address, parseEther, parseGwei, zeroAddress } from 'viem';
import { WORST_BATCH, WORST_CHARGES, WORST_LIMITS } from '../../contracts/generated/worst.js';
import type { Rules } from '../batch/types.js';
import { DisputeError } from '../errors/dispute.js';
import { MOVE_GAS } from './move-gas.js';

/** Money, times and bounds of the dispute game (IDispute.sol, `Parameters`): wei, seconds, batches. */
export interface Parameters {
  /** S: locked by a stake, whatever number of claims it backs. */
  readonly stake: bigint;
  /** b: locked by every challenge. */
  readonly bond: bigint;
  /** R: to the challenger that strikes a stake. */
  readonly reward: bigint;
  /** F: of a struck stake, reserved for the costs of proofs. */
  readonly proofPurse: bigint;
  /** q: to the payee of a proof, beside its cost; once per stake. */
  readonly proofPay: bigint;
  /** M: of a struck stake, reserved for the costs of moves. */
  readonly movePurse: bigint;
  /** To the claimant for each move that a losing challenger asked for. */
  readonly moveFee: bigint;
  /** Wei per gas above which nothing is paid back. */
  readonly maxPrice: bigint;
  /** W: a root claim can be challenged for this long. */
  readonly rootWindow: bigint;
  /** V: a diff claim can be challenged for this long. */
  readonly diffWindow: bigint;
  /** C: each player's clock of a game. */
  readonly clock: bigint;
  /** E: a player whose turn begins has at least this long. */
  readonly extension: bigint;
  /** P: time for the proof, beside what is left of the challenger's clock. */
  readonly proofWindow: bigint;
  /** Q: a claim whose rival fell can be challenged for this long after. */
  readonly quiet: bigint;
  /** Pauses take this in all, and as much more as time has run meanwhile: then anybody may end one. */
  readonly maxPause: bigint;
  /** K: roots are claimed at multiples of it. */
  readonly rootEvery: bigint;
  /** N_max: a claim is at most this many batches beyond the last final root. */
  readonly maxAhead: bigint;
  /** May pause; can neither move money nor decide a game. */
  readonly guardian: Address;
}

const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** Seconds between the timestamps of two batches, at least, with {@link DEFAULT_PARAMETERS}: N_max of them are 30 days. */
export const DEFAULT_INTERVAL = 40n;
/** The same with {@link LOCAL_PARAMETERS}. */
export const LOCAL_INTERVAL = 1n;

/**
 * Defaults for a public L1, at a stressed gas price of 200 gwei. The guardian has to be named: see {@link checkParameters}.
 * What follows from them, and what it costs to delay or to lie, is in docs/DISPUTES.md.
 */
export const DEFAULT_PARAMETERS: Parameters = {
  // F, M, R and q are 41; 59 are burned at least, which is what delays cost.
  stake: parseEther('100'),
  // 17 moves at moveFee are 0.34 of the half that a claimant can get of it; the other 0.26 is a proof of 1.3M gas at 200 gwei.
  bond: parseEther('1.2'),
  // Profit over what is paid back: for the capital that a challenger ties up, and for its watch.
  reward: parseEther('1'),
  // The bundle of the worst batch (npm run worst: 152M gas) is 30.4 at 200 gwei; a tenth for what L1 may reprice, and q.
  proofPurse: parseEther('35'),
  // 2,191 proofs are 3.3 hours of two cores (npm run worst).
  proofPay: parseEther('1'),
  // Whole games for their challengers, 0.36M gas each as they are paid: 55 at 200 gwei.
  movePurse: parseEther('4'),
  // One statement is below 100,000 gas.
  moveFee: parseEther('0.02'),
  // A price that L1 has kept up for hours, not days: above it provers wait.
  maxPrice: parseGwei('200'),
  // The customary week; the longest game of a prompt challenger is 6.2 days (C + 17 E + P), so it may come 0.8 days late.
  rootWindow: 7n * DAY,
  // Nothing on L1 reads diffs. One game in the window of roots then ends before any false diff of its stake is final.
  diffWindow: 14n * DAY,
  // A game of 17 rounds is minutes of work; a player may be offline, or kept out of L1, for half a window.
  clock: 3n * DAY + 12n * HOUR,
  // One move under load, with time for gas price bumps.
  extension: HOUR,
  // The worst batch's proofs take 3.3 hours on two cores, 17 with the slowest engine: these fit twice, for a restart from nothing,
  // with 20 minutes for each of their transactions on a loaded L1.
  proofWindow: 2n * DAY,
  // To see that a rival has fallen, and to challenge once.
  quiet: DAY,
  maxPause: 14n * DAY,
  // More roots make puppet games on each dearer (delay), and games shorter.
  rootEvery: 64n,
  // Worst finality is 27.4 days (2 W + 2 (C + 17 E + P) + Q), which are 36.2 s a batch; 16 halvings.
  maxAhead: 65_536n,
  guardian: zeroAddress,
};

/** Parameters for a private L1 whose time is advanced by hand: the default money, times of minutes and hours. */
export const LOCAL_PARAMETERS: Parameters = {
  ...DEFAULT_PARAMETERS,
  rootWindow: 4n * HOUR,
  diffWindow: 8n * HOUR,
  clock: HOUR,
  extension: 5n * 60n,
  proofWindow: HOUR,
  quiet: 10n * 60n,
  maxPause: DAY,
};

/** The most statements one game can ask of a claimant: the root before the batch, and one per halving of maxAhead. */
export function maxMoves(maxAhead: bigint): bigint {
  return 1n + BigInt(maxAhead <= 1n ? 0 : (maxAhead - 1n).toString(2).length);
}

/** C + m E + P: the longest game, in seconds, of a challenger that moves at once against a claimant that stalls. */
export function longestGame(p: Pick<Parameters, 'clock' | 'extension' | 'proofWindow' | 'maxAhead'>): bigint {
  return p.clock + maxMoves(p.maxAhead) * p.extension + p.proofWindow;
}

/** Times stay below this, so that no sum of them overflows. */
const MAX_TIME = 2n ** 40n;
/** A challenge reads a word of L1's storage for each 256 batches since the last final root: beyond this, more than a transaction can. */
const MAX_AHEAD = 2n ** 20n;
/** Gas by which a byte of a bundle is paid at most above its price: a zero byte costs 4 and counts 16. */
const ZERO_BYTE_GAIN = 12n;

/**
 * The relations that the constructor of Dispute enforces (`contracts/dispute/Relations.sol`), with a message that says what to change.
 * @param minInterval of the Rollup: seconds between the timestamps of two batches, at least
 * @throws DisputeError `DISPUTE_PARAMETERS`
 */
export function checkParameters(p: Parameters, minInterval: bigint): void {
  const game = longestGame(p);
  const moves = maxMoves(p.maxAhead);
  const finality = 2n * p.rootWindow + 2n * game + p.quiet;
  const proof = WORST_BATCH.gas * p.maxPrice + p.proofPay;
  const spent = (MOVE_GAS.challenge + moves * MOVE_GAS.answer + MOVE_GAS.settle) * p.maxPrice;
  const back = p.reward + p.proofPay;
  const gained = back + ZERO_BYTE_GAIN * WORST_BATCH.bytes * p.maxPrice;
  const purses = p.proofPurse + p.movePurse;
  const relations: readonly (readonly [boolean, string])[] = [
    [p.guardian !== zeroAddress, 'guardian must be an account'],
    [p.rootEvery > 0n, 'rootEvery must be at least 1'],
    [p.maxAhead >= 2n * p.rootEvery, 'maxAhead must be at least 2 * rootEvery'],
    [p.maxAhead <= MAX_AHEAD, 'maxAhead must be at most 2^20: else challenges take more gas than a transaction can'],
    [
      p.maxAhead * minInterval >= finality,
      `maxAhead must be at least ${finality} s (2 * rootWindow + 2 * game + quiet) / ${minInterval} s between batches`,
    ],
    [p.extension > 0n, 'extension must be above 0'],
    [p.clock >= p.extension, 'clock must be at least extension'],
    [p.proofWindow > 0n, 'proofWindow must be above 0'],
    [p.quiet >= p.extension && p.quiet < MAX_TIME, 'quiet must be at least extension, and below 2^40 s'],
    [p.rootWindow >= game, `rootWindow must be at least ${game} s (clock + ${moves} * extension + proofWindow)`],
    [
      p.diffWindow >= p.rootWindow + game && p.diffWindow < MAX_TIME,
      `diffWindow must be at least rootWindow + ${game} s, and below 2^40 s`,
    ],
    [p.maxPrice > 0n, 'maxPrice must be above 0'],
    [p.proofPurse >= proof, `proofPurse must be at least ${proof} wei (the worst batch at maxPrice, and proofPay)`],
    [p.movePurse >= 4n * spent, `movePurse must be at least ${4n * spent} wei (four games at maxPrice)`],
    [p.moveFee >= MOVE_GAS.state * p.maxPrice, `moveFee must be at least ${MOVE_GAS.state} gas at maxPrice`],
    [p.bond >= 2n * moves * p.moveFee, `bond must be at least 2 * ${moves} moves * moveFee`],
    [
      p.stake >= 10n * gained,
      `stake must be at least ${10n * gained} wei: ten times what a cheater can get back of it`,
    ],
    [p.stake >= purses + 2n * back, 'stake must be at least proofPurse + movePurse + 2 * (reward + proofPay)'],
    [
      p.stake >= purses + back + 10n * p.bond,
      'stake must be at least proofPurse + movePurse + reward + proofPay + 10 * bond',
    ],
  ];
  const broken = relations.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) {
    throw new DisputeError('DISPUTE_PARAMETERS', `The dispute parameters do not fit together: ${broken.join('; ')}.`);
  }
}

/**
 * Whether purses that keep the relations can pay for any batch of these rules, as the constructor of Dispute asks of the Rollup's.
 * @throws DisputeError `DISPUTE_PARAMETERS` when there may be a worse batch than the figures know (`npm run worst`)
 */
export function checkRules(rules: Rules): void {
  const worse = [
    ...(BigInt(rules.version) === WORST_BATCH.version ? [] : ['version']),
    ...(Object.keys(WORST_LIMITS) as (keyof typeof WORST_LIMITS)[]).filter((name) => rules[name] > WORST_LIMITS[name]),
    ...(Object.keys(WORST_CHARGES) as (keyof typeof WORST_CHARGES)[]).filter(
      (name) => rules[name] < WORST_CHARGES[name],
    ),
  ];
  if (worse.length > 0) {
    throw new DisputeError(
      'DISPUTE_PARAMETERS',
      `The rules' ${worse.join(', ')} may allow a worse batch than the purses are made for; measure theirs first (npm run worst).`,
    );
  }
}
