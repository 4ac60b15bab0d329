import { Bloom } from '@ethereumjs/vm';
import type { Address, Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import type { Log } from '../../src/evm/run.js';
import type { BatchRecord } from '../../src/state/record.js';
import { type ExecutedTransaction, executedOf } from './executed.js';
import { quantity } from './quantity.js';

/** The 2048-bit filter of these events. */
export function bloomOf(logs: readonly Log[]): Hex {
  const bloom = new Bloom();
  for (const { address, topics } of logs) for (const part of [address, ...topics]) bloom.add(fromHex(part));
  return toHex(bloom.bitvector);
}

/** Which events are asked for, in any block. */
export interface LogCriteria {
  /** Of any account when absent. */
  readonly addresses: readonly Address[] | undefined;
  /** By place: one of these, or anything when absent. */
  readonly topics: readonly (readonly Hex[] | undefined)[];
}

/** An event as JSON-RPC has it. */
export interface LogJson extends Log {
  readonly logIndex: Hex;
  readonly transactionIndex: Hex;
  readonly transactionHash: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  /** Whether its block was taken back. */
  readonly removed: boolean;
}

/** The events of one executed transaction as JSON-RPC has them, counted through its block. */
export function logsOf({ batch, batchHash }: BatchRecord, executed: ExecutedTransaction): LogJson[] {
  return executed.logs.map((log, i) => ({
    ...log,
    logIndex: quantity(executed.firstLog + i),
    transactionIndex: quantity(executed.index),
    transactionHash: executed.hash,
    blockNumber: quantity(batch.header.number),
    blockHash: batchHash,
    removed: false,
  }));
}

/** The events of a batch that a filter asks for. */
export function matchingLogs(record: BatchRecord, criteria: LogCriteria): LogJson[] {
  return selected(
    executedOf(record).flatMap((executed) => logsOf(record, executed)),
    criteria,
  );
}

/** Those of `logs` that are asked for. */
export function selected(logs: readonly LogJson[], { addresses, topics }: LogCriteria): LogJson[] {
  return logs
    .filter((log) => addresses === undefined || addresses.includes(log.address))
    .filter((log) => topics.length <= log.topics.length)
    .filter((log) => topics.every((wanted, i) => wanted === undefined || wanted.includes(log.topics[i]!)));
}
