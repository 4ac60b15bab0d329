import { type Address, encodeFunctionData, type Hex, type PublicClient } from 'viem';
import { Dispute } from '../../contracts/generated/artifacts.js';
import type { Parameters } from '../dispute/parameters.js';
import type { ClaimStatus, ClaimView, DisputeView, GameView, Outcome, Phase } from '../dispute/types.js';
import { MODE_NUMBER } from '../proof/transcript.js';
import type { Mode } from '../proof/types.js';
import type { BundleCalldata, StatementCalldata } from './bundle-calldata.js';
import type { L1Call } from './send-call.js';

const { abi } = Dispute;
const MODES: readonly Mode[] = ['diff', 'root'];
const STATUSES: readonly ClaimStatus[] = ['none', 'open', 'final', 'void', 'refuted'];
const PHASES: readonly Phase[] = ['claimantStates', 'challengerAnswers', 'prove', 'decided', 'closed'];
const OUTCOMES: readonly Outcome[] = ['none', 'claimantWins', 'challengerWins', 'claimFell'];
/** Claims or games in one call: well below what nodes allow an eth_call. */
const PAGE = 500n;

/** The block a read is about. */
export interface AtBlock {
  readonly blockHash: Hex;
}

/** A value of (kind, number), or undefined. */
type Known = bigint | undefined;

/** Typed reads of one Dispute contract. All take the block they are about; without one it is the newest. */
export interface DisputeClient {
  readonly address: Address;
  /** Claims, games, time and pause at one block. */
  view(at?: AtBlock): Promise<DisputeView>;
  /** One claim. */
  claim(id: bigint, at?: AtBlock): Promise<ClaimView>;
  /** Wei that `account` can withdraw or stake. */
  credit(account: Address, at?: AtBlock): Promise<bigint>;
  parameters(at?: AtBlock): Promise<Parameters>;
  /** The contracts that it works with. */
  contracts(at?: AtBlock): Promise<{ rollup: Address; verifier: Address }>;
  finalValue(kind: Mode, number: bigint, at?: AtBlock): Promise<Known>;
  /** The greatest recorded final root up to number - 1. */
  baseOf(number: bigint, at?: AtBlock): Promise<bigint>;
  /** The claimant's root at `index`. */
  statement(claimId: bigint, index: bigint, at?: AtBlock): Promise<Known>;
  /** What was proven, and who is paid for it. */
  proven(
    batchHash: Hex,
    preRoot: bigint,
    mode: Mode,
    at?: AtBlock,
  ): Promise<{ value: bigint; payee: Address } | undefined>;
  /** Wei by state; `held` is the contract's balance. */
  money(at?: AtBlock): Promise<{ held: bigint; credit: bigint; locked: bigint; burned: bigint }>;
}

/** A {@link DisputeClient} on the contract at `address`. */
export function createDisputeClient(client: PublicClient, address: Address): DisputeClient {
  const on = (at?: AtBlock) => ({ address, abi, ...at }) as const;
  return {
    address,
    async view(at) {
      const { number, hash, timestamp } = await client.getBlock(at ?? {});
      const one = on({ blockHash: hash });
      const [time, paused, lastFinalRoot, claimCount, gameCount] = await Promise.all([
        client.readContract({ ...one, functionName: 'time' }),
        client.readContract({ ...one, functionName: 'paused' }),
        client.readContract({ ...one, functionName: 'lastFinalRoot' }),
        client.readContract({ ...one, functionName: 'claimCount' }),
        client.readContract({ ...one, functionName: 'gameCount' }),
      ]);
      const [claims, games] = await Promise.all([
        paged(claimCount, (args) => client.readContract({ ...one, functionName: 'getClaims', args })),
        paged(gameCount, (args) => client.readContract({ ...one, functionName: 'getGames', args })),
      ]);
      return {
        block: { number, hash, timestamp },
        // A call is executed with its block's timestamp, so this is the protocol time of that block.
        time,
        paused,
        lastFinalRoot,
        claims: claims.map(toClaim),
        games: games.map(toGame),
      };
    },
    async claim(id, at) {
      const [raw] = await client.readContract({ ...on(at), functionName: 'getClaims', args: [id, id] });
      return toClaim(raw!);
    },
    credit: (account, at) => client.readContract({ ...on(at), functionName: 'credit', args: [account] }),
    parameters: (at) => client.readContract({ ...on(at), functionName: 'parameters' }),
    async contracts(at) {
      const [rollup, verifier] = await Promise.all([
        client.readContract({ ...on(at), functionName: 'rollup' }),
        client.readContract({ ...on(at), functionName: 'verifier' }),
      ]);
      return { rollup, verifier };
    },
    async finalValue(kind, number, at) {
      const args = [MODE_NUMBER[kind], number] as const;
      const [known, value] = await client.readContract({ ...on(at), functionName: 'finalValue', args });
      return known ? value : undefined;
    },
    baseOf: (number, at) => client.readContract({ ...on(at), functionName: 'baseOf', args: [number] }),
    async statement(claimId, index, at) {
      const args = [claimId, index] as const;
      const [known, root] = await client.readContract({ ...on(at), functionName: 'statement', args });
      return known ? root : undefined;
    },
    async proven(batchHash, preRoot, mode, at) {
      const args = [batchHash, preRoot, MODE_NUMBER[mode]] as const;
      const { known, value, payee } = await client.readContract({ ...on(at), functionName: 'proven', args });
      return known ? { value, payee } : undefined;
    },
    async money(at) {
      const [held, credit, locked, burned] = await Promise.all([
        client.getBalance({ address, ...at }),
        client.readContract({ ...on(at), functionName: 'totalCredit' }),
        client.readContract({ ...on(at), functionName: 'totalLocked' }),
        client.readContract({ ...on(at), functionName: 'totalBurned' }),
      ]);
      return { held, credit, locked, burned };
    },
  };
}

/** The moves on the Dispute contract at `to`, as transactions to send. `value` is wei, added to the sender's credit. */
export function disputeCalls(to: Address) {
  const call = (data: Hex, value = 0n): L1Call => ({ to, data, value });
  return {
    deposit: (value: bigint) => call(encodeFunctionData({ abi, functionName: 'deposit' }), value),
    withdraw: (receiver: Address, amount: bigint) =>
      call(encodeFunctionData({ abi, functionName: 'withdraw', args: [receiver, amount] })),
    sendBurned: () => call(encodeFunctionData({ abi, functionName: 'sendBurned' })),
    claim: (kind: Mode, number: bigint, batchHash: Hex, claimed: bigint, value = 0n) =>
      call(
        encodeFunctionData({ abi, functionName: 'claim', args: [MODE_NUMBER[kind], number, batchHash, claimed] }),
        value,
      ),
    resolve: (claimId: bigint) => call(encodeFunctionData({ abi, functionName: 'resolve', args: [claimId] })),
    state: (claimId: bigint, claimHash: Hex, index: bigint, root: bigint) =>
      call(encodeFunctionData({ abi, functionName: 'state', args: [claimId, claimHash, index, root] })),
    challenge: (claimId: bigint, claimHash: Hex, preRoot: bigint, value = 0n) =>
      call(encodeFunctionData({ abi, functionName: 'challenge', args: [claimId, claimHash, preRoot] }), value),
    answer: (gameId: bigint, stateHash: Hex, agree: boolean) =>
      call(encodeFunctionData({ abi, functionName: 'answer', args: [gameId, stateHash, agree] })),
    settle: (gameId: bigint) => call(encodeFunctionData({ abi, functionName: 'settle', args: [gameId] })),
    prove: ({ statement, parts }: BundleCalldata, gameIds: readonly bigint[]) =>
      call(encodeFunctionData({ abi, functionName: 'prove', args: [gameIds, statement, parts] })),
    proveUploaded: (statement: StatementCalldata, frozen: Hex, gameIds: readonly bigint[]) =>
      call(encodeFunctionData({ abi, functionName: 'proveUploaded', args: [gameIds, statement, frozen] })),
    finalizeProven: (kind: Mode, number: bigint) =>
      call(encodeFunctionData({ abi, functionName: 'finalizeProven', args: [MODE_NUMBER[kind], number] })),
    pause: () => call(encodeFunctionData({ abi, functionName: 'pause' })),
    unpause: () => call(encodeFunctionData({ abi, functionName: 'unpause' })),
  };
}

async function paged<T>(
  count: bigint,
  read: (range: readonly [bigint, bigint]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const pages: Promise<readonly T[]>[] = [];
  for (let from = 1n; from <= count; from += PAGE) {
    const to = from + PAGE - 1n;
    pages.push(read([from, to < count ? to : count]));
  }
  return (await Promise.all(pages)).flat();
}

/** viem's form of the Solidity structs: enums are numbers. */
type RawClaim = Omit<ClaimView, 'kind' | 'status'> & { kind: number; status: number };
type RawGame = Omit<GameView, 'phase' | 'outcome' | 'mode'> & { phase: number; outcome: number; mode: number };

function toClaim(raw: RawClaim): ClaimView {
  return { ...raw, kind: MODES[raw.kind]!, status: STATUSES[raw.status]! };
}

function toGame(raw: RawGame): GameView {
  return { ...raw, phase: PHASES[raw.phase]!, outcome: OUTCOMES[raw.outcome]!, mode: MODES[raw.mode]! };
}
