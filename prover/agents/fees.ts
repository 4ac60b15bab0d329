import { type Chain, type PublicClient, parseGwei, type Transport } from 'viem';
import { higher, lower } from '../../src/batch/extremes.js';

/** What an account pays for its transactions, and when it pays more. */
export interface FeePolicy {
  /** Wei a gas: never more, base fee and tip together. */
  readonly ceiling: bigint;
  /** L1 blocks that a transaction may wait before it is sent again with a higher fee. */
  readonly patience: bigint;
}

/** 500 gwei is 2.5 times the price at which stakes and bonds are sized (`DEFAULT_PARAMETERS`); three blocks are 36 seconds. */
export const DEFAULT_FEES: FeePolicy = { ceiling: parseGwei('500'), patience: 3n };

/** Wei a gas. */
export interface Fees {
  readonly maxFee: bigint;
  readonly tip: bigint;
}

/** Where nodes do not say what tip is usual. */
const USUAL_TIP = parseGwei('1');

/** Fees for a transaction sent now: L1 may double its base fee before it has to be sent again. */
export async function usualFees(reader: PublicClient<Transport, Chain | undefined>, baseFee: bigint): Promise<Fees> {
  const tip = await reader.estimateMaxPriorityFeePerGas().catch(() => USUAL_TIP);
  return { maxFee: 2n * baseFee + tip, tip };
}

/** No more than the ceiling. */
export function capped({ maxFee, tip }: Fees, ceiling: bigint): Fees {
  return { maxFee: lower(maxFee, ceiling), tip: lower(tip, ceiling) };
}

/**
 * Fees with which nodes take a transaction in the place of one with `old`: both an eighth higher (geth and others ask for a tenth), or
 * what is usual now if that is more. Undefined when the ceiling does not allow an eighth.
 */
export function raised(old: Fees, usual: Fees, ceiling: bigint): Fees | undefined {
  const least = { maxFee: eighthMore(old.maxFee), tip: eighthMore(old.tip) };
  if (least.maxFee > ceiling) return undefined;
  const maxFee = lower(higher(least.maxFee, usual.maxFee), ceiling);
  return { maxFee, tip: lower(higher(least.tip, usual.tip), maxFee) };
}

function eighthMore(wei: bigint): bigint {
  return (wei * 9n + 7n) / 8n + 1n;
}
