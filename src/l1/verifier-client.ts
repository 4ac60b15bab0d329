import { type Address, encodeFunctionData, type Hex, type PublicClient } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { ZERO_WORD } from '../batch/header.js';
import { PART_KINDS, type PartKind } from '../proof/parts.js';
import type { BundleCalldata, StatementCalldata } from './bundle-calldata.js';
import type { AtBlock } from './dispute-client.js';
import type { BlockRange } from './log-ranges.js';
import type { L1Call } from './send-call.js';

const { abi } = ProofVerifier;

/** Where an upload stands on L1 (Solidity's `Session`). */
export interface SessionView {
  /** Link to the part that is due; 0 when there is none left. */
  readonly rest: Hex;
  readonly num: bigint;
  readonly den: bigint;
  readonly kind: PartKind;
  readonly next: bigint;
}

/** Typed reads of one ProofVerifier; without a block it is the newest. */
export interface VerifierClient {
  readonly address: Address;
  /** The session with this seed; undefined when nobody has begun it. */
  session(seed: Hex, at?: AtBlock): Promise<SessionView | undefined>;
  /** What the calls of a session have cost, as purses pay it: gas, and wei at the price of each call (base fee + 1 gwei at most). */
  cost(seed: Hex, at?: AtBlock): Promise<{ readonly gas: bigint; readonly cost: bigint }>;
  /** The sessions that were begun in some blocks, whatever has become of them. */
  begun(range: BlockRange): Promise<readonly { readonly seed: Hex; readonly transaction: Hex }[]>;
  rulesHash(at?: AtBlock): Promise<Hex>;
  keySetHash(at?: AtBlock): Promise<Hex>;
  /** The batch hash of a statement that all its parts have proven. @throws viem's error with the contract's own inside */
  result(statement: StatementCalldata, frozen: Hex, at?: AtBlock): Promise<Hex>;
}

/** A {@link VerifierClient} on the contract at `address`. */
export function createVerifierClient(client: PublicClient, address: Address): VerifierClient {
  const on = (at?: AtBlock) => ({ address, abi, ...at }) as const;
  return {
    address,
    async session(seed, at) {
      const read = await client.readContract({ ...on(at), functionName: 'session', args: [seed] });
      if (!read.begun) return undefined;
      const { rest, num, den, kind, next } = read;
      return { rest, num, den, next, kind: PART_KINDS[kind]! };
    },
    async begun(range) {
      const logs = await client.getLogs({ address, ...range });
      return logs.map(({ topics, transactionHash }) => ({ seed: topics[0]!, transaction: transactionHash }));
    },
    rulesHash: (at) => client.readContract({ ...on(at), functionName: 'rulesHash' }),
    keySetHash: (at) => client.readContract({ ...on(at), functionName: 'KEY_SET_HASH' }),
    async result(statement, frozen, at) {
      return (await client.readContract({ ...on(at), functionName: 'result', args: [statement, frozen] }))[0];
    },
    async cost(seed, at) {
      const [gas, cost] = await client.readContract({ ...on(at), functionName: 'cost', args: [seed] });
      return { gas, cost };
    },
  };
}

/** The calls of the ProofVerifier at `to`: `verify` takes a whole bundle and is a view; of an upload's, `rest` links to the parts behind those given. */
export function verifierCalls(to: Address) {
  const call = (data: Hex): L1Call => ({ to, data, value: 0n });
  return {
    verify: ({ statement, parts }: BundleCalldata) =>
      call(encodeFunctionData({ abi, functionName: 'verify', args: [statement, parts] })),
    begin: ({ statement, parts }: BundleCalldata, rest: Hex = ZERO_WORD) =>
      call(encodeFunctionData({ abi, functionName: 'begin', args: [statement, parts, rest] })),
    feed: (seed: Hex, parts: readonly Hex[], rest: Hex = ZERO_WORD) =>
      call(encodeFunctionData({ abi, functionName: 'feed', args: [seed, parts, rest] })),
  };
}
