import { existsSync } from 'node:fs';
import type { Hex } from 'viem';
import type { Rules } from '../../../src/batch/types.js';
import { StateError } from '../../../src/errors/state.js';
import { UsageError } from '../../../src/errors/usage.js';
import { L2Node } from '../../node/node.js';
import { storesOf } from '../../node/stores.js';

/** The batch that stores are asked about. */
export interface AskedBatch {
  readonly number: bigint;
  readonly hash: Hex;
  readonly rules: Rules;
}

/**
 * Opens an agent's store (`NodeOptions.path`), which must have the batch.
 * @throws UsageError `USAGE_STORE`; StateError `STATE_LOCKED`, `STATE_UNKNOWN_BATCH`, `STATE_OTHER_BATCH`
 */
export async function openStore(path: string, { number, hash, rules }: AskedBatch): Promise<L2Node> {
  assertStore(path);
  const node = await L2Node.open({ path, rules, merkle: { mode: 'off' } });
  try {
    if (node.head < number) {
      throw new StateError(
        'STATE_UNKNOWN_BATCH',
        `The store ${path} has no batch ${number}; its latest is ${node.head}.`,
        {
          hint: 'Let its agent follow L1 first.',
        },
      );
    }
    const own = await node.state.batchHash(number);
    if (own === hash) return node;
    throw new StateError(
      'STATE_OTHER_BATCH',
      `Batch ${number} of the store ${path} is ${own}, and ${hash} is asked for.`,
      {
        hint: 'It is the store of another rollup, or L1 was reorganised since: let its agent follow L1 first.',
      },
    );
  } catch (error) {
    await node.close();
    throw error;
  }
}

/** Refuses a folder without a node's store, in which opening would make a new one. @throws UsageError `USAGE_STORE` */
export function assertStore(path: string): void {
  if (existsSync(storesOf(path).state)) return;
  throw new UsageError('USAGE_STORE', `There is no node's store in ${path}.`, {
    hint: 'Give the folder of an agent, in which "state" and "trie" stand.',
  });
}
