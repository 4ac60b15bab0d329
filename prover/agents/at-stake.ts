import { type Address, isAddressEqual } from 'viem';
import { lower } from '../../src/batch/extremes.js';
import { standingStake } from '../../src/dispute/claims.js';
import type { StakeView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import type { AtBlock, DisputeClient } from '../../src/l1/dispute-client.js';
import type { L1Call } from '../../src/l1/send-call.js';
import type { Intent } from './intents.js';

/** Wei that an account has in the Dispute contract at one L1 block. */
export interface AtStake {
  readonly block: bigint;
  readonly credit: bigint;
  /** What backs its claims. */
  readonly stake: StakeView | undefined;
  /** What its stake and its open games lock. */
  readonly locked: bigint;
  /** The stakes and bonds that it has lost, as they were locked. */
  readonly lost: bigint;
}

/** What an account has at stake, at L1's newest block. */
export async function atStake(dispute: DisputeClient, account: Address): Promise<AtStake> {
  const view = await dispute.view();
  const at = { blockHash: view.block.hash };
  const [parameters, credit] = await Promise.all([dispute.parameters(at), dispute.credit(account, at)]);
  const wei = (stakes: number, bonds: number) => BigInt(stakes) * parameters.stake + BigInt(bonds) * parameters.bond;
  const games = view.games.filter(({ challenger }) => isAddressEqual(challenger, account));
  const open = games.filter(({ phase }) => phase !== 'closed');
  const lostGames = games.filter(({ phase, outcome }) => phase === 'closed' && outcome === 'claimantWins');
  const lostStakes = view.stakes.filter(({ owner, struck }) => struck && isAddressEqual(owner, account));
  const stake = standingStake(view, account);
  return {
    block: view.block.number,
    credit,
    stake,
    locked: wei(stake === undefined ? 0 : 1, open.length),
    lost: wei(lostStakes.length, lostGames.length),
  };
}

/** Wei to send along with each of some calls that lock `amount` each, one after another, as far as the credit does not cover them. */
export class Pocket {
  readonly #amount: bigint;
  #credit: bigint;

  private constructor(amount: bigint, credit: bigint) {
    this.#amount = amount;
    this.#credit = credit;
  }

  /** The pocket of an account for its stake, or for bonds. */
  static async of(dispute: DisputeClient, account: Address, what: 'stake' | 'bond', at?: AtBlock): Promise<Pocket> {
    const [parameters, credit] = await Promise.all([dispute.parameters(at), dispute.credit(account, at)]);
    return new Pocket(parameters[what], credit);
  }

  /** Wei to send along with the next call. */
  next(): bigint {
    const covered = lower(this.#credit, this.#amount);
    this.#credit -= covered;
    return this.#amount - covered;
  }
}

/** What {@link checkCeiling} takes. */
export interface BondCeiling {
  readonly dispute: DisputeClient;
  readonly account: Address;
  /** Wei: credit, what is locked, and what was lost before, together. */
  readonly most: bigint;
}

/**
 * Refuses a call that takes more ether to the contract than its owner allows, whatever the games ask for. What is on its way counts, and what is
 * lost: else who loses stake after stake would pay the same sum again and again.
 * @throws L1Error `L1_BOND_CEILING`
 */
export async function checkCeiling(
  { dispute, account, most }: BondCeiling,
  what: string,
  call: L1Call,
  unseen: (block: bigint) => readonly Intent[],
): Promise<void> {
  const { block, credit, locked, lost } = await atStake(dispute, account);
  const after = unseen(block).reduce((sum, { value }) => sum + value, credit + locked + lost + call.value);
  if (after <= most) return;
  const message = `${what} would bring what ${account} has staked, bonded and lost to ${after} wei, and ${most} are allowed.`;
  const hint = 'It was not sent. Raise --max-bond, or withdraw credit that is not needed.';
  throw new L1Error('L1_BOND_CEILING', message, { hint, details: { what, after: `${after}` } });
}
