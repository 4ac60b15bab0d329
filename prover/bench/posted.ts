import type { Rules } from '../../src/batch/types.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { addressOf } from '../../src/samples/accounts.js';
import { type BatchKind, transfersOf } from '../../src/samples/transfers.js';
import { Sequencer } from '../agents/sequencer.js';
import { World } from '../demo/world.js';
import type { L2Node } from '../node/node.js';

/** What is measured on. */
export interface BenchOn {
  readonly keySet: KeySet;
  readonly rules: Rules;
  readonly tell: (text: string) => void;
}

/** A batch of transfers of one kind, on a genesis of so many accounts. */
export interface BenchBatch {
  readonly kind: BatchKind;
  readonly transfers: number;
  readonly accounts: number;
}

/** Runs `work` in a world of its own in which an honest sequencer has posted the batch as number 1. */
export async function withPosted<T>(
  { keySet, rules }: Pick<BenchOn, 'keySet' | 'rules'>,
  { kind, transfers, accounts }: BenchBatch,
  work: (world: World, node: L2Node) => Promise<T>,
): Promise<T> {
  const world = await World.open({ keySet, rules, seed: 'bench', accounts });
  try {
    const node = await world.node('sequencer');
    const options = { node, l1: world.account('sequencer'), proofs: await world.proofs() };
    const keys = { keySet: keySet.name, keySetHash: keySet.hash };
    const sequencer = new Sequencer({ ...options, keys, feeRecipient: addressOf('bench fee recipient') });
    await world.passTime(12n);
    await sequencer.post(await transfersOf(kind, world.genesis, node.state.view(), rules, transfers));
    return await work(world, node);
  } finally {
    await world.close();
  }
}
