import { type PrivateKeyAccount, parseEther, type TransactionReceipt } from 'viem';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import { DisputeError } from '../../src/errors/dispute.js';
import { UsageError } from '../../src/errors/usage.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { L1Account } from '../agents/l1-account.js';
import { Follower } from '../agents/sync.js';
import { KEY_SETTINGS } from '../config/keys.js';
import type { L2Node } from '../node/node.js';
import type { Log } from '../services/log.js';
import { type ConnectedL1, failed } from './l1.js';
import { type ConnectedRollup, connectRollup, openNode, ROLLUP_SETTINGS } from './rollup.js';
import { settingsOf, signer } from './settings.js';

/** The settings of a command that sends one transaction. */
export const HAND_SETTINGS = [...ROLLUP_SETTINGS, ...KEY_SETTINGS] as const;
/** The settings of one that asks an own node first. */
export const NODE_SETTINGS = ['store', 'genesis'] as const;

/** Somebody who makes a move by hand. Its account must not be that of a running node: nonces are nobody else's. */
export interface Hand {
  readonly connected: ConnectedRollup;
  readonly l1: ConnectedL1;
  readonly account: L1Account;
  /** Sends a call and waits for it. @throws L1Error as `L1Account.send`, and `L1_UNREACHABLE`, `L1_REFUSED` */
  send(what: string, call: L1Call): Promise<Sent>;
}

/** A transaction that L1 has, for output. */
export interface Sent {
  readonly transaction: TransactionReceipt['transactionHash'];
  readonly block: bigint;
  readonly gas: bigint;
}

/** Connects and unlocks the account. With a ceiling (`maxBond`) nothing is sent that bonds more. */
export async function openHand(flags: object, { ceiling = false } = {}): Promise<Hand> {
  const settings = settingsOf(HAND_SETTINGS, flags);
  const mostBonded = ceiling ? { mostBonded: parseEther(settingsOf(['maxBond'], flags).maxBond) } : {};
  const key: PrivateKeyAccount = await signer(flags);
  const connected = await connectRollup(settings);
  const { l1, deployment: contracts } = connected;
  const account = new L1Account({ url: settings.l1, chain: l1.chain, account: key, contracts, ...mostBonded });
  const send = async (what: string, call: L1Call) => {
    const receipt = await account.send(what, call).catch((error: unknown) => failed(l1.url, error));
    return { transaction: receipt.transactionHash, block: receipt.blockNumber, gas: receipt.gasUsed };
  };
  return { connected, l1, account, send };
}

/** Opens the own node, brings it to L1's newest batch, and closes it behind the work. */
export async function withNode<T>({ connected, l1, account }: Hand, flags: object, work: (node: L2Node) => Promise<T>) {
  const node = await openNode(connected, settingsOf(NODE_SETTINGS, flags), QUIET);
  try {
    const { block } = await account.rollup.view().catch((error: unknown) => failed(l1.url, error));
    await new Follower(node, account).follow(block);
    return await work(node);
  } finally {
    await node.close();
  }
}

/** A root that a command needs is made while it waits. */
const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The number of a claim, game or batch on the command line. @throws UsageError `USAGE_GAME` */
export function numberOf(what: 'claim' | 'game' | 'batch', text: string): bigint {
  if (/^[1-9]\d{0,15}$/.test(text)) return BigInt(text);
  throw new UsageError('USAGE_GAME', `"${text}" is not the number of a ${what}.`);
}

/** @throws DisputeError `DISPUTE_NO_CLAIM` */
export function claimOf({ claims }: DisputeView, id: bigint): ClaimView {
  const found = claims.find((claim) => claim.id === id);
  if (found !== undefined) return found;
  throw new DisputeError('DISPUTE_NO_CLAIM', `There is no claim ${id}; there are ${claims.length}.`, {
    hint: '"deltaproof claims list --all" shows them.',
  });
}

/** @throws DisputeError `DISPUTE_NO_GAME` */
export function gameOf({ games }: DisputeView, id: bigint): GameView {
  const found = games.find((game) => game.id === id);
  if (found !== undefined) return found;
  throw new DisputeError('DISPUTE_NO_GAME', `There is no game ${id}; there are ${games.length}.`, {
    hint: '"deltaproof disputes list --all" shows them.',
  });
}
