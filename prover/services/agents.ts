import type { Address } from 'viem';
import type { AnnouncementSigner } from '../../src/batch/announcement.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { announcerInto } from '../agents/announcements.js';
import { Challenger, type ChallengerOptions } from '../agents/challenger.js';
import type { L1Account } from '../agents/l1-account.js';
import { Sequencer } from '../agents/sequencer.js';
import { Treasury } from '../agents/treasury.js';
import type { AnnouncementFolder } from '../node/announcement-folder.js';
import type { L2Node } from '../node/node.js';
import type { ProofService } from '../proving/service.js';
import { checkProvable } from '../stages/pack-request.js';
import type { AgentEvent } from './facts.js';

/** What every agent is made of. */
export interface AgentParts {
  readonly node: L2Node;
  /** Closed with the agent. */
  readonly l1: L1Account;
  readonly proofs: ProofService;
  readonly tell: (event: AgentEvent) => void;
}

/** What a sequencer is made of. */
export interface SequencerParts extends AgentParts {
  /** Of the deployed verifier: it says what a proof can hold. */
  readonly keySet: KeySet;
  /** Signs announcements: the sequencer's own account. */
  readonly signer: AnnouncementSigner;
  readonly announced: AnnouncementFolder;
  /** Hears why a batch was not announced. */
  readonly onUnannounced: (error: unknown) => void;
  readonly feeRecipient: Address;
  /** It is told to lie, and its node with it (`Tamper`). */
  readonly lies?: boolean;
  /** Proves the roots of its batches one after another. */
  readonly fastFinality?: boolean;
}

/** The sequencer of the services: it posts what can be proven, announces it, and keeps ether for gas. */
export function makeSequencer({ keySet, signer, announced, onUnannounced, ...parts }: SequencerParts) {
  const { l1, tell } = parts;
  const shapes = keySet.shapes.map(({ spec }) => spec);
  return new Sequencer({
    ...parts,
    keys: { keySet: keySet.name, keySetHash: keySet.hash },
    announcer: announcerInto(announced, signer, onUnannounced),
    treasury: new Treasury(l1, { tell }),
    checkFits: (request) => checkProvable(request, shapes),
    onEvent: tell,
  });
}

/** The challenger of the services. */
export function makeChallenger(parts: AgentParts & Omit<ChallengerOptions, 'tell' | 'onEvent' | 'treasury'>) {
  const { l1, tell } = parts;
  return new Challenger({ ...parts, treasury: new Treasury(l1, { tell }), onEvent: tell });
}
