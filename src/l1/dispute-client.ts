import { type Address, encodeFunctionData, type Hex, type PublicClient } from 'viem';
import { Dispute } from '../../contracts/generated/artifacts.js';
import type { Parameters } from '../dispute/parameters.js';
import type {
  ClaimStatus,
  ClaimView,
  DisputeView,
  GameView,
  Outcome,
  Phase,
  ProvenView,
  SlotView,
  StakeView,
} from '../dispute/types.js';
import { MODE_NUMBER } from '../proof/transcript.js';
import type { Mode } from '../proof/types.js';
import type { BundleCalldata, StatementCalldata } from './bundle-calldata.js';
import { inParallel } from './in-parallel.js';
import type { L1Call } from './send-call.js';

const { abi } = Dispute;
const MODES: readonly Mode[] = ['diff', 'root'];
const STATUSES: readonly ClaimStatus[] = ['none', 'open', 'final', 'void', 'refuted'];
const PHASES: readonly Phase[] = ['claimantStates', 'challengerAnswers', 'prove', 'decided', 'closed'];
const OUTCOMES: readonly Outcome[] = ['none', 'claimantWins', 'challengerWins', 'claimFell'];
/** Entries in one call: well below what nodes allow an eth_call. */
const PAGE = 500n;
/** Known entries that are read again rather than to begin another request. */
const GAP = 20n;
/** Requests at the same time. */
const WIDTH = 8;

/** The block a read is about. */
export interface AtBlock {
  readonly blockHash: Hex;
}

/** Stakes, claims and games by id that have ended for good, as they were read. */
export interface EndedEntries {
  readonly stakes: ReadonlyMap<bigint, StakeView>;
  readonly claims: ReadonlyMap<bigint, ClaimView>;
  readonly games: ReadonlyMap<bigint, GameView>;
}

/** A value of (kind, number), or undefined. */
type Known = bigint | undefined;

/** Typed reads of one Dispute contract. All take the block they are about; without one it is the newest. */
export interface DisputeClient {
  readonly address: Address;
  /**
   * Stakes, claims, games, time and pause at one block.
   * @param ended what cannot change any more: it is not read again
   */
  view(at?: AtBlock, ended?: EndedEntries): Promise<DisputeView>;
  /** One claim. */
  claim(id: bigint, at?: AtBlock): Promise<ClaimView>;
  /** Wei that `account` can withdraw, stake or bond. */
  credit(account: Address, at?: AtBlock): Promise<bigint>;
  /** The stake that backs the next claims of `account`; undefined when there is none. */
  stakeOf(account: Address, at?: AtBlock): Promise<bigint | undefined>;
  /** The claims of (kind, number) together. */
  slot(kind: Mode, number: bigint, at?: AtBlock): Promise<SlotView>;
  parameters(at?: AtBlock): Promise<Parameters>;
  /** The contracts that it works with. */
  contracts(at?: AtBlock): Promise<{ rollup: Address; verifier: Address }>;
  finalValue(kind: Mode, number: bigint, at?: AtBlock): Promise<Known>;
  /** The greatest recorded final root up to number - 1. */
  baseOf(number: bigint, at?: AtBlock): Promise<bigint>;
  /** The claimant's root at `index`. */
  statement(claimId: bigint, index: bigint, at?: AtBlock): Promise<Known>;
  /** What was proven, and who is paid for it. */
  proven(batchHash: Hex, preRoot: bigint, mode: Mode, at?: AtBlock): Promise<ProvenView | undefined>;
  /** Wei by state; `held` is the contract's balance. */
  money(at?: AtBlock): Promise<{ held: bigint; credit: bigint; locked: bigint; burned: bigint }>;
}

/** A {@link DisputeClient} on the contract at `address`. */
export function createDisputeClient(client: PublicClient, address: Address): DisputeClient {
  const on = (at?: AtBlock) => ({ address, abi, ...at }) as const;
  return {
    address,
    async view(at, ended = NONE_ENDED) {
      const { number, hash, timestamp } = await client.getBlock(at ?? {});
      const one = on({ blockHash: hash });
      const [time, paused, lastFinalRoot, stakeCount, claimCount, gameCount] = await Promise.all([
        client.readContract({ ...one, functionName: 'time' }),
        client.readContract({ ...one, functionName: 'paused' }),
        client.readContract({ ...one, functionName: 'lastFinalRoot' }),
        client.readContract({ ...one, functionName: 'stakeCount' }),
        client.readContract({ ...one, functionName: 'claimCount' }),
        client.readContract({ ...one, functionName: 'gameCount' }),
      ]);
      const [stakes, claims, games] = await Promise.all([
        entries(stakeCount, ended.stakes, (args) => client.readContract({ ...one, functionName: 'getStakes', args })),
        entries(claimCount, ended.claims, async (args) =>
          (await client.readContract({ ...one, functionName: 'getClaims', args })).map(toClaim),
        ),
        entries(gameCount, ended.games, async (args) =>
          (await client.readContract({ ...one, functionName: 'getGames', args })).map(toGame),
        ),
      ]);
      return {
        block: { number, hash, timestamp },
        // A call is executed with its block's timestamp, so this is the protocol time of that block.
        time,
        paused,
        lastFinalRoot,
        stakes,
        claims,
        games,
      };
    },
    async claim(id, at) {
      const [raw] = await client.readContract({ ...on(at), functionName: 'getClaims', args: [id, id] });
      return toClaim(raw!);
    },
    credit: (account, at) => client.readContract({ ...on(at), functionName: 'credit', args: [account] }),
    async stakeOf(account, at) {
      const id = await client.readContract({ ...on(at), functionName: 'stakeOf', args: [account] });
      return id === 0n ? undefined : id;
    },
    slot: (kind, number, at) =>
      client.readContract({ ...on(at), functionName: 'slot', args: [MODE_NUMBER[kind], number] }),
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
      const { known, ...rest } = await client.readContract({ ...on(at), functionName: 'proven', args });
      return known ? rest : undefined;
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
    stake: (value = 0n) => call(encodeFunctionData({ abi, functionName: 'stake' }), value),
    unstake: () => call(encodeFunctionData({ abi, functionName: 'unstake' })),
    closePurses: (stakeId: bigint) => call(encodeFunctionData({ abi, functionName: 'closePurses', args: [stakeId] })),
    claim: (kind: Mode, number: bigint, batchHash: Hex, claimed: bigint) =>
      call(encodeFunctionData({ abi, functionName: 'claim', args: [MODE_NUMBER[kind], number, batchHash, claimed] })),
    resolve: (claimIds: readonly bigint[]) =>
      call(encodeFunctionData({ abi, functionName: 'resolve', args: [claimIds] })),
    state: (claimId: bigint, claimHash: Hex, indices: readonly bigint[], roots: readonly bigint[]) =>
      call(encodeFunctionData({ abi, functionName: 'state', args: [claimId, claimHash, indices, roots] })),
    challenge: (claimId: bigint, claimHash: Hex, preRoot: bigint, value = 0n) =>
      call(encodeFunctionData({ abi, functionName: 'challenge', args: [claimId, claimHash, preRoot] }), value),
    answer: (gameId: bigint, stateHash: Hex, agree: boolean) =>
      call(encodeFunctionData({ abi, functionName: 'answer', args: [gameId, stateHash, agree] })),
    reimburse: (gameId: bigint) => call(encodeFunctionData({ abi, functionName: 'reimburse', args: [gameId] })),
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

const NONE_ENDED: EndedEntries = { stakes: new Map(), claims: new Map(), games: new Map() };

/** Entries 1 to `count` by their ids: those that are known from there, the others read in ranges. */
async function entries<T extends { readonly id: bigint }>(
  count: bigint,
  known: ReadonlyMap<bigint, T>,
  read: (range: readonly [bigint, bigint]) => Promise<readonly T[]>,
): Promise<T[]> {
  const ranges: [bigint, bigint][] = [];
  for (let id = 1n; id <= count; id++) {
    if (known.has(id)) continue;
    const last = ranges.at(-1);
    // A few that are known in between cost less than another request.
    if (last !== undefined && id - last[1] <= GAP && id - last[0] < PAGE) last[1] = id;
    else ranges.push([id, id]);
  }
  const found = new Map((await inParallel(ranges, WIDTH, read)).flat().map((entry) => [entry.id, entry]));
  return Array.from({ length: Number(count) }, (_, i) => (found.get(BigInt(i + 1)) ?? known.get(BigInt(i + 1)))!);
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
