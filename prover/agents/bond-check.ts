import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import { DomainError, messageOf } from '../../src/errors/base.js';
import { inParallel } from '../../src/l1/in-parallel.js';
import type { Mode } from '../../src/proof/types.js';
import type { AgreedRoot } from '../node/claim-check.js';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/** An alarm: the own node is wrong, so that nothing more is staked on what it says until it is started again. */
export interface NodeWrong {
  readonly type: 'nodeWrong';
  /** Absent where none was made. */
  readonly claimId?: bigint;
  readonly own: bigint;
  readonly why: string;
}

/**
 * What L1 holds against what the own node says of a claim and the roots behind `base`. Asked after a game that the own account has lost as
 * claimant, and before it claims.
 * @returns undefined when there is nothing: a game was then lost by the clock, or by a puppet that agreed to anything
 */
export async function provenAgainst(
  node: L2Node,
  l1: Pick<L1Account, 'dispute'>,
  { base }: Pick<GameView, 'base'>,
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

/** When the own stores were found to hold what speaks against a claim, by its hash, in milliseconds: an execution that is not repeated at each look. */
export type Checked = Map<string, number>;

/** Milliseconds for which that counts. */
const CHECKED_FOR = 600_000;

/**
 * What speaks against an own result, asked before money is staked on it: L1, where a proof may have said what is true; a second execution of
 * the batch, which is compared with the own stores; and the way from the last root that is final on L1 to the batch, by these stores.
 * @param checked remembers the claims that the stores were checked for; they are asked again only minutes later
 * @returns why the own node is wrong; undefined when nothing speaks against it
 * @throws what kept it from being asked, which says nothing about the node
 */
export async function whyWrong(
  node: L2Node,
  l1: Pick<L1Account, 'dispute'>,
  { kind, number, value, claimHash }: ClaimView,
  own: bigint,
  { block }: Pick<DisputeView, 'block'>,
  checked: Checked = new Map(),
): Promise<string | undefined> {
  const at = { blockHash: block.hash };
  const final = await l1.dispute.finalValue(kind, number, at);
  if (final === value) return `on L1 ${value} is final`;
  const preRoot = await node.rootAfter(number - 1n);
  const proven = await l1.dispute.proven(await node.state.batchHash(number), preRoot, kind, at);
  if (proven !== undefined) return proven.value === own ? undefined : `on L1 ${proven.value} is proven`;
  if (Date.now() < (checked.get(claimHash) ?? 0) + CHECKED_FOR) return undefined;
  const base = await l1.dispute.baseOf(number, at);
  const root = await l1.dispute.finalValue('root', base, at);
  try {
    await checkFrom(node, kind, number, root === undefined ? undefined : { number: base, root });
    checked.set(claimHash, Date.now());
    return undefined;
  } catch (error) {
    if (!saysWrong(error)) throw error;
    return messageOf(error);
  }
}

/** Whether an error of {@link L2Node.checkClaim} says that the own stores contradict each other; all else may be the disk, or an old state. */
export function saysWrong(error: unknown): boolean {
  return error instanceof DomainError && DAMAGED.has(error.code);
}

/** {@link L2Node.checkClaim} from an agreed root, or from the state before the batch where the node keeps no older one. */
async function checkFrom(node: L2Node, kind: Mode, number: bigint, agreed: AgreedRoot | undefined): Promise<void> {
  try {
    await node.checkClaim(kind, number, agreed);
  } catch (error) {
    const isPruned = error instanceof DomainError && PRUNED.has(error.code);
    if (agreed === undefined || !isPruned) throw error;
    await node.checkClaim(kind, number);
  }
}

const DAMAGED: ReadonlySet<string> = new Set(['STATE_CORRUPT', 'TRIE_STORE_DAMAGED']);
const PRUNED: ReadonlySet<string> = new Set(['TRIE_ROOT_MISSING', 'STATE_PRUNED']);
