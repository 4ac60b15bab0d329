import {
  type Address,
  createPublicClient,
  getAbiItem,
  type Hex,
  isAddressEqual,
  type PublicClient,
  toFunctionSelector,
} from 'viem';
import { foundry } from 'viem/chains';
import { Dispute } from '../../contracts/generated/artifacts.js';
import { lower } from '../../src/batch/extremes.js';
import { challengeableClaims } from '../../src/dispute/claims.js';
import { DEFAULT_PARAMETERS, LOCAL_PARAMETERS } from '../../src/dispute/parameters.js';
import { challengesDue } from '../../src/dispute/strategy.js';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import { createDisputeClient, type DisputeClient } from '../../src/l1/dispute-client.js';
import { inParallel } from '../../src/l1/in-parallel.js';
import { l1Transport } from '../../src/l1/limits.js';
import { createRollupClient, type RollupClient } from '../../src/l1/rollup-client.js';
import type { Mode } from '../../src/proof/types.js';
import type { L1Account } from '../agents/l1-account.js';

/** Roots are claimed at multiples of it. */
const ROOT_EVERY = 4n;
/** Where burned ether goes (Bonds.sol). */
const BURNED: Address = '0x000000000000000000000000000000000000dEaD';
/** Requests at the same time. */
const WIDTH = 16;
const { abi } = Dispute;
/** Moves of money, which somebody may well make twice. */
const REPEATED = (['deposit', 'withdraw'] as const).map((name) => toFunctionSelector(getAbiItem({ abi, name })));

/** What of a soak's end follows from L1 alone. Money in wei. */
export interface Audit {
  readonly honestBondsLost: number;
  readonly honestClaimsLost: number;
  /** Calls of an honest account that L1 has twice, at least one of them carried out. */
  readonly movesTwice: number;
  /** Ether that came with calls of the contracts. */
  readonly moneyIn: bigint;
  /** Ether that was withdrawn or burned, or that the contract says is somebody's or locked. */
  readonly moneyOut: bigint;
  readonly finalFalseValues: number;
}

/** Who says what is true: a node that nobody disturbs. */
export interface Truth {
  value(kind: Mode, number: bigint): Promise<bigint>;
}

/** All that a soak knows of the contracts' rules: what a cheater may do, when the honest owe a move, and who has lost what in the end. */
export class Contracts {
  readonly reader: PublicClient;
  readonly dispute: DisputeClient;
  readonly rollup: RollupClient;
  readonly #deployed: DeployedContracts;
  readonly #honest: readonly Address[];

  /** @param url L1 itself, past all that makes it bad */
  constructor(url: string, deployed: DeployedContracts, honest: readonly Address[]) {
    this.reader = createPublicClient({ chain: foundry, transport: l1Transport(url), cacheTime: 0 });
    this.dispute = createDisputeClient(this.reader, deployed.dispute);
    this.rollup = createRollupClient(this.reader, deployed.rollup);
    this.#deployed = deployed;
    this.#honest = honest;
  }

  /** The local times and many roots with the default money, as `deploy --parameters` reads them. */
  static parametersText(guardian: Address): string {
    const differing = Object.entries({ ...LOCAL_PARAMETERS, rootEvery: ROOT_EVERY }).filter(
      ([name, value]) => DEFAULT_PARAMETERS[name as keyof typeof DEFAULT_PARAMETERS] !== value,
    );
    return JSON.stringify({ ...Object.fromEntries(differing), guardian }, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
  }

  // ---------------------------------------------------------------- what a cheater may do

  /** The first batch from `from` on about which L1 takes claims. */
  static slot(kind: Mode, from: bigint): bigint {
    return kind === 'diff' ? from : ((from + ROOT_EVERY - 1n) / ROOT_EVERY) * ROOT_EVERY;
  }

  /** Claims on the account's stake; it stakes when it has none. */
  async claim(l1: L1Account, kind: Mode, number: bigint, value: bigint): Promise<void> {
    const hash = await this.rollup.batchHash(number);
    if ((await this.dispute.stakeOf(l1.account.address)) === undefined) {
      const { stake } = await this.dispute.parameters();
      await l1.send('stake', l1.calls.stake(stake));
    }
    await l1.send('claim', l1.calls.claim(kind, number, hash, value));
  }

  /** Disputes with a bond that is paid along. */
  async challenge(l1: L1Account, { id, claimHash }: ClaimView, preRoot: bigint): Promise<void> {
    const { bond } = await this.dispute.parameters();
    await l1.send('challenge', l1.calls.challenge(id, claimHash, preRoot, bond));
  }

  async state(l1: L1Account, { id, claimHash }: ClaimView, index: bigint, root: bigint): Promise<void> {
    await l1.send('state', l1.calls.state(id, claimHash, [index], [root]));
  }

  // ---------------------------------------------------------------- where things stand

  async view(): Promise<DisputeView & { readonly latest: bigint }> {
    const { block, latest } = await this.rollup.view();
    return { ...(await this.dispute.view({ blockHash: block.hash })), latest };
  }

  /** Whether the honest owe a move, so that their clocks must not be moved on faster than they can look. */
  isOwed(view: DisputeView): boolean {
    const claims = new Map(view.claims.map((claim) => [claim.id, claim]));
    const isOwing = (game: GameView) => {
      const claimant = this.isHonest(claims.get(game.claimId)!.claimant);
      const challenger = this.isHonest(game.challenger);
      if (game.phase === 'decided') return claimant || challenger;
      if (game.phase === 'claimantStates') return claimant;
      return (game.phase === 'challengerAnswers' || game.phase === 'prove') && challenger;
    };
    return view.games.some(isOwing) || this.#isUnanswered(view);
  }

  /** Whether there is a false claim, all claims of cheaters are, that each of the honest should dispute now. */
  #isUnanswered(view: DisputeView): boolean {
    const baseOf = (number: bigint) => lower(view.lastFinalRoot, number - 1n);
    const due = this.#honest.map((account) => {
      const open = challengeableClaims(view, account).filter(({ claimant }) => !this.isHonest(claimant));
      return new Set(challengesDue(view, account, open, LOCAL_PARAMETERS, baseOf).map(({ id }) => id));
    });
    return view.claims.some(({ id }) => due.every((claims) => claims.has(id)));
  }

  /** Whether all that was claimed and disputed is decided. */
  isOver(view: DisputeView): boolean {
    const isRunning = ({ phase }: GameView) => phase !== 'closed' && phase !== 'decided';
    return !view.claims.some(({ status }) => status === 'open') && !view.games.some(isRunning);
  }

  /** Whether everything that the account has claimed or disputed has ended against it, and there was something. */
  hasLost(view: DisputeView, account: Address): boolean {
    const claims = view.claims.filter(({ claimant }) => isAddressEqual(claimant, account));
    const games = view.games.filter(({ challenger }) => isAddressEqual(challenger, account));
    const isGone = ({ status }: ClaimView) => status === 'refuted' || status === 'void';
    const isLost = ({ phase, outcome }: GameView) => phase === 'closed' && outcome === 'claimantWins';
    return claims.length + games.length > 0 && claims.every(isGone) && games.every(isLost);
  }

  // ---------------------------------------------------------------- the end

  /** Reads all of L1 and counts. */
  async audit(truth: Truth): Promise<Audit> {
    const view = await this.view();
    const bonds = view.games.filter(
      ({ challenger, outcome }) => this.isHonest(challenger) && outcome === 'claimantWins',
    );
    const fallen = view.claims.filter(
      ({ claimant, status }) => this.isHonest(claimant) && (status === 'void' || status === 'refuted'),
    );
    const calls = await this.#calls();
    return {
      honestBondsLost: bonds.length,
      honestClaimsLost: fallen.length,
      movesTwice: this.#twice(calls),
      moneyIn: calls.reduce((sum, { value, isDone }) => (isDone ? sum + value : sum), 0n),
      moneyOut: await this.#moneyOut(),
      finalFalseValues: await this.#falseFinals(view, truth),
    };
  }

  async #falseFinals(view: DisputeView & { readonly latest: bigint }, truth: Truth): Promise<number> {
    const slots = Array.from({ length: Number(view.latest) }, (_, i) => BigInt(i + 1)).flatMap((number) =>
      (['diff', 'root'] as const).map((kind) => ({ kind, number })),
    );
    const isFalse = await inParallel(slots, WIDTH, async ({ kind, number }) => {
      const recorded = await this.dispute.finalValue(kind, number, { blockHash: view.block.hash });
      const unrecorded = view.claims.find(
        (claim) => claim.kind === kind && claim.number === number && claim.status === 'final',
      );
      const finals = [recorded, unrecorded?.value].filter((value) => value !== undefined);
      if (finals.length === 0) return false;
      const own = await truth.value(kind, number);
      return finals.some((value) => value !== own);
    });
    return isFalse.filter(Boolean).length;
  }

  async #moneyOut(): Promise<bigint> {
    const { dispute: address } = this.#deployed;
    const [{ credit, locked, burned }, sent, withdrawn] = await Promise.all([
      this.dispute.money(),
      this.reader.getBalance({ address: BURNED }),
      this.reader.getContractEvents({ address, abi, eventName: 'Withdrawn', strict: true, fromBlock: 0n }),
    ]);
    return credit + locked + burned + sent + withdrawn.reduce((sum, { args }) => sum + args.amount, 0n);
  }

  /** All calls of the contracts that L1 has. */
  async #calls() {
    const head = await this.reader.getBlockNumber();
    const contracts = [this.#deployed.dispute, this.#deployed.rollup, this.#deployed.verifier];
    const numbers = Array.from({ length: Number(head) + 1 }, (_, i) => BigInt(i));
    const found = await inParallel(numbers, WIDTH, async (blockNumber) => {
      const { transactions } = await this.reader.getBlock({ blockNumber, includeTransactions: true });
      const ours = transactions.filter(({ to }) => to !== null && contracts.some((one) => isAddressEqual(one, to)));
      return Promise.all(
        ours.map(async ({ hash, from, to, input, value }) => {
          const { status } = await this.reader.getTransactionReceipt({ hash });
          return { from, to: to!, input, value, isDone: status === 'success' };
        }),
      );
    });
    return found.flat();
  }

  #twice(calls: readonly { from: Address; to: Address; input: Hex; isDone: boolean }[]): number {
    const seen = new Map<string, { count: number; done: boolean }>();
    for (const { from, to, input, isDone } of calls) {
      if (!this.isHonest(from) || REPEATED.includes(input.slice(0, 10) as Hex)) continue;
      const key = `${from} ${to} ${input}`;
      const { count = 0, done = false } = seen.get(key) ?? {};
      seen.set(key, { count: count + 1, done: done || isDone });
    }
    return [...seen.values()].reduce((sum, { count, done }) => (done ? sum + count - 1 : sum), 0);
  }

  /** Whether it is an account of one of the services. */
  isHonest(account: Address): boolean {
    return this.#honest.some((one) => isAddressEqual(one, account));
  }
}
