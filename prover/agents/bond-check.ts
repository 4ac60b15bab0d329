import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import { messageOf } from '../../src/errors/base.js';
import { inParallel } from '../../src/l1/in-parallel.js';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/** An alarm: the own node is wrong, so that nothing more is staked on what it says until it is started again. */
export interface NodeWrong {
  readonly type: 'nodeWrong';
  readonly claimId: bigint;
  readonly own: bigint;
  readonly why: string;
}

/**
 * What L1 holds, after a game that the own account has lost as claimant, against what the own node says of the batches that it was about.
 * @returns undefined when it was lost otherwise, by the clock or by a puppet that agreed to anything
 */
export async function provenAgainst(
  node: L2Node,
  l1: Pick<L1Account, 'dispute'>,
  { base }: GameView,
  claim: Pick<ClaimView, 'kind' | 'number'>,
  { block }: Pick<DisputeView, 'block'>,
): Promise<string | undefined> {
  const at = { blockHash: block.hash };
  const asked = [{ kind: claim.kind, number: claim.number }];
  for (let number = base + 1n; number <= claim.number; number++) asked.push({ kind: 'root', number });
  const words = await inParallel(asked, WIDTH, async ({ kind, number }) => {
    const preRoot = await node.rootAfter(number - 1n);
    const proven = await l1.dispute.proven(await node.state.batchHash(number), preRoot, kind, at);
    if (proven === undefined || proven.value === (await node.value(kind, number))) return undefined;
    return `on L1 ${kind} ${proven.value} is proven of batch ${number}`;
  });
  return words.find((word) => word !== undefined);
}

/** Requests at the same time. */
const WIDTH = 8;

/**
 * What speaks against an own result, asked before money is staked on it: L1, where a proof may have said what is true, and a second
 * execution of the batch on the state before it, which is compared with its trie.
 * @returns why the own node is wrong; undefined when nothing speaks against it
 */
export async function whyWrong(
  node: L2Node,
  l1: Pick<L1Account, 'dispute'>,
  { kind, number, value }: ClaimView,
  own: bigint,
  { block }: Pick<DisputeView, 'block'>,
): Promise<string | undefined> {
  const at = { blockHash: block.hash };
  const final = await l1.dispute.finalValue(kind, number, at);
  if (final === value) return `on L1 ${value} is final`;
  const preRoot = await node.rootAfter(number - 1n);
  const proven = await l1.dispute.proven(await node.state.batchHash(number), preRoot, kind, at);
  if (proven !== undefined) return proven.value === own ? undefined : `on L1 ${proven.value} is proven`;
  try {
    const { value: again } = await node.truth(number, kind);
    return again === own ? undefined : `executed again, the batch makes ${again}`;
  } catch (error) {
    return messageOf(error);
  }
}
