import { type Hex, keccak256 } from 'viem';
import type { Log } from '../../src/evm/run.js';
import type { BatchRecord } from '../../src/state/record.js';

/** A transaction that a batch executed. In JSON-RPC a block consists of these alone, and they are counted by themselves. */
export interface ExecutedTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
  readonly gasUsed: bigint;
  /** Place among the executed ones, from 0. */
  readonly index: number;
  /** Gas of the batch up to here, this one included. */
  readonly cumulativeGas: bigint;
  /** Status 1. */
  readonly success: boolean;
  readonly logs: readonly Log[];
  /** Number of its first event in the batch. */
  readonly firstLog: number;
}

/** The executed transactions of a batch, in order. */
export function executedOf({ batch, results }: BatchRecord): ExecutedTransaction[] {
  const executed: ExecutedTransaction[] = [];
  for (const [i, raw] of batch.txs.entries()) {
    const result = results[i];
    if (result?.kind !== 'executed') continue;
    const last = executed.at(-1);
    const { gasUsed, run = { end: 'ok', logs: [] } } = result;
    executed.push({
      raw,
      hash: keccak256(raw),
      gasUsed,
      index: executed.length,
      cumulativeGas: (last?.cumulativeGas ?? 0n) + gasUsed,
      success: run.end === 'ok',
      logs: run.logs,
      firstLog: last === undefined ? 0 : last.firstLog + last.logs.length,
    });
  }
  return executed;
}
