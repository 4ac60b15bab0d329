import { parseEther } from 'viem';
import { lower } from '../../src/batch/extremes.js';
import type { L1Account } from './l1-account.js';

/** An alarm: an account cannot pay for many more moves. `credit` is what it may still withdraw. */
export interface LowBalance {
  readonly type: 'lowBalance';
  readonly balance: bigint;
  readonly credit: bigint;
}

/** When a treasury does something: wei. */
export interface TreasuryOptions {
  /** Below it credit is withdrawn, and the alarm is given when that is not enough. 0.5 by default: a game of moves at 200 gwei. */
  readonly low?: bigint;
  readonly tell?: (event: LowBalance) => void;
}

/**
 * Keeps ether for gas: an account that plays has its money in the contract, as bonds and what it has won, but its moves are paid from
 * outside. It withdraws while it can still pay for that.
 */
export class Treasury {
  readonly #l1: L1Account;
  readonly #low: bigint;
  readonly #tell: (event: LowBalance) => void;
  #alarmed = false;

  constructor(l1: L1Account, { low = parseEther('0.5'), tell = () => {} }: TreasuryOptions = {}) {
    this.#l1 = l1;
    this.#low = low;
    this.#tell = tell;
  }

  /** Withdraws what is missing, as far as there is credit. @returns whether anything was sent */
  async look(block: { readonly number: bigint; readonly hash: `0x${string}` }): Promise<boolean> {
    const { reader, dispute, calls, account } = this.#l1;
    const at = { blockHash: block.hash };
    const [balance, credit] = await Promise.all([
      reader.getBalance({ address: account.address, ...at }),
      dispute.credit(account.address, at),
    ]);
    if (balance >= this.#low) {
      this.#alarmed = false;
      return false;
    }
    // Twice what is missing, so that it does not begin again at once.
    const wanted = lower(credit, 2n * this.#low - balance);
    if (balance + wanted < this.#low && !this.#alarmed) {
      this.#alarmed = true;
      this.#tell({ type: 'lowBalance', balance, credit });
    }
    if (wanted === 0n) return false;
    await this.#l1.send('withdraw', calls.withdraw(account.address, wanted), { seen: block.number });
    return true;
  }
}
