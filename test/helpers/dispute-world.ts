import { join } from 'node:path';
import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeAbiParameters,
  type Hex,
  keccak256,
  type PublicClient,
  type TransactionReceipt,
  zeroHash,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { batchHash, sealBatch } from '../../src/batch/header.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Batch, Header, Rules } from '../../src/batch/types.js';
import { compileContracts, soliditySources } from '../../src/build/compile-contracts.js';
import { packageRoot } from '../../src/build/package-root.js';
import { R } from '../../src/bus/field.js';
import { DEFAULT_PARAMETERS, type Parameters } from '../../src/dispute/parameters.js';
import type { ClaimView, DisputeView, GameView, StakeView } from '../../src/dispute/types.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import type { BundleCalldata } from '../../src/l1/bundle-calldata.js';
import { deployContracts } from '../../src/l1/deploy.js';
import { createDisputeClient, type DisputeClient, disputeCalls } from '../../src/l1/dispute-client.js';
import { l1Transport } from '../../src/l1/limits.js';
import { createRollupClient, type RollupClient, rollupCalls } from '../../src/l1/rollup-client.js';
import {
  contractError,
  type L1Call,
  type SendOptions,
  sendCall,
  type Wallet,
  waitForReceipt,
} from '../../src/l1/send-call.js';
import { MODE_NUMBER } from '../../src/proof/transcript.js';
import type { Mode } from '../../src/proof/types.js';

const MNEMONIC = 'test test test test test test test test test test test junk';

/** The default money, roots at every number, and short times that still keep all relations. */
const TEST_PARAMETERS: Parameters = {
  ...DEFAULT_PARAMETERS,
  rootWindow: 1_000n,
  diffWindow: 2_000n,
  clock: 200n,
  extension: 20n,
  proofWindow: 150n,
  quiet: 100n,
  maxPause: 500n,
  rootEvery: 1n,
  maxAhead: 4_096n,
};

/** A diff hash that no batch has. */
const FALSE_DIFF = 555n;

/** f of the fake verifier: the diff hash or post root of a batch on a pre-root. */
export function f(hash: Hex, preRoot: bigint, mode: Mode): bigint {
  const types = [{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint8' }] as const;
  const value = BigInt(keccak256(encodeAbiParameters(types, [hash, preRoot, MODE_NUMBER[mode]])));
  return mode === 'root' ? value % R : value;
}

/** The contracts on a private L1, with players, the truth, and short names for what tests do all the time. */
export interface DisputeWorld {
  readonly l1: LocalL1;
  readonly reader: PublicClient;
  readonly parameters: Parameters;
  readonly dispute: DisputeClient;
  readonly rollup: RollupClient;
  readonly calls: ReturnType<typeof disputeCalls>;
  readonly posts: ReturnType<typeof rollupCalls>;
  readonly verifier: Address;
  /** Posts batches. */
  readonly sequencer: Wallet;
  readonly guardian: Wallet;
  /** Further accounts, all rich; the first four have names. */
  readonly players: readonly Wallet[];
  readonly alice: Wallet;
  readonly bob: Wallet;
  readonly carol: Wallet;
  readonly dave: Wallet;
  /** Posted batches; batches[0] is batch 1. */
  readonly batches: Batch[];
  /** The true root after batch n; roots[0] is genesis. */
  readonly roots: bigint[];
  /** The true diff hash of batch n. */
  readonly diffs: bigint[];
  hash(number: bigint): Hex;
  send(wallet: Wallet, call: L1Call, options?: SendOptions): Promise<TransactionReceipt>;
  /** A header that L1 accepts now, with `changes`. */
  nextBatch(txs?: readonly Hex[], changes?: Partial<Header>): Promise<Batch>;
  /** Posts `count` batches and records the truth. */
  post(count?: number): Promise<void>;
  view(): Promise<DisputeView>;
  /** The wallet's stake that stands; it stakes when there is none. */
  stake(wallet: Wallet): Promise<bigint>;
  /** Claims the truth, or `value`, on the wallet's stake. */
  claim(wallet: Wallet, kind: Mode, number: bigint, value?: bigint): Promise<ClaimView>;
  challenge(wallet: Wallet, claimId: bigint, preRoot?: bigint): Promise<GameView>;
  state(claimId: bigint, index: bigint, root?: bigint): Promise<void>;
  answer(gameId: bigint, agree: boolean): Promise<void>;
  /** Proves the truth about batch `number` on `preRoot`. */
  prove(wallet: Wallet, number: bigint, preRoot: bigint, mode: Mode, games?: readonly bigint[]): Promise<void>;
  /** Strikes the stake of `liar`, who claims a false diff of batch 1: `winner` wins the game by proof from the genesis root. */
  strike(liar: Wallet, winner: Wallet): Promise<void>;
  /** Records what has become of claims. */
  resolve(...claimIds: bigint[]): Promise<void>;
  stakeView(id: bigint): Promise<StakeView>;
  claimView(id: bigint): Promise<ClaimView>;
  game(id: bigint): Promise<GameView>;
  credit(wallet: Wallet): Promise<bigint>;
  /** Asks L1's node itself, past any proxy. */
  request<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Mines a block `seconds` later. */
  advance(seconds: bigint): Promise<void>;
  /** Mines a block at this protocol time, which is not over yet and not paused. */
  goTo(time: bigint): Promise<void>;
  /** Sends a call in a block at this protocol time, which is not over yet and not paused. */
  sendAt(time: bigint, wallet: Wallet, call: L1Call): Promise<TransactionReceipt>;
  /** How a call would end in the newest block: `accepted`, or the contract's error by name. */
  outcome(wallet: Wallet, call: L1Call): Promise<string>;
  /** Runs a test and puts everything back, L1 and truth. */
  isolated(test: () => Promise<void>): Promise<void>;
}

/** Compiles test contracts (and what they import of contracts/) by name. */
export function compileTestContracts() {
  const root = packageRoot();
  const all = soliditySources(join(root, 'contracts'), 'contracts');
  const needed = Object.entries(all).filter(([path]) =>
    /\/(lib\/(Bus|Formats|Meter|Parts|Types)|interfaces\/I\w+)\.sol$/.test(path),
  );
  const layout = Object.entries(all).filter(([path]) => path.endsWith('generated/Layout.sol'));
  const own = soliditySources(join(root, 'test/contracts/sol'), 'test/contracts/sol');
  const mine = Object.entries(own).filter(([path]) => /(FakeVerifier|Stranger|Troupe)\.sol$/.test(path));
  return compileContracts(Object.fromEntries([...needed, ...layout, ...mine]));
}

/** The L2 that a world's Rollup begins with; roots and rules that mean nothing by default, as the verifier is a fake. */
export interface WorldStart {
  readonly genesisRoot?: bigint;
  readonly rules?: Rules;
  /** Seconds between the timestamps of two batches. */
  readonly minInterval?: bigint;
}

/** Deploys everything on a fresh anvil. Stop `world.l1` at the end. */
export async function createDisputeWorld(
  changes: Partial<Parameters> = {},
  start: WorldStart = {},
): Promise<DisputeWorld> {
  const l1 = await startAnvil({
    args: ['--accounts', '16', '--balance', '1000000', '--mnemonic', MNEMONIC],
  });
  try {
    return await createWorldOn(l1, changes, start);
  } catch (error) {
    await l1.stop();
    throw error;
  }
}

async function createWorldOn(
  l1: LocalL1,
  changes: Partial<Parameters>,
  { genesisRoot = 12_345n, rules = RULES_V2, minInterval = 1n }: WorldStart,
): Promise<DisputeWorld> {
  const transport = l1Transport(l1.url);
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 5, cacheTime: 0 });
  const test = createTestClient({ chain: foundry, mode: 'anvil', transport });
  const wallets: readonly Wallet[] = Array.from({ length: 12 }, (_, addressIndex) =>
    createWalletClient({ chain: foundry, transport, account: mnemonicToAccount(MNEMONIC, { addressIndex }) }),
  );
  const [deployer, sequencer, guardian] = [wallets[0]!, wallets[1]!, wallets[2]!];
  const players = wallets.slice(3);
  const { abi, bytecode } = compileTestContracts().FakeVerifier!;
  const made = await deployer.deployContract({ abi, bytecode, args: [rulesHash(rules)], chain: foundry });
  const deployed = await waitForReceipt(reader, made);
  const verifier = deployed.contractAddress!;
  const parameters = { ...TEST_PARAMETERS, guardian: guardian.account.address, ...changes };
  const at = await deployContracts({
    wallet: deployer,
    reader,
    rules,
    verifier,
    sequencer: sequencer.account.address,
    genesisRoot,
    parameters,
    maxTimestampLag: 1_000_000n,
    minInterval,
  });
  const dispute = createDisputeClient(reader, at.dispute);
  const rollup = createRollupClient(reader, at.rollup);
  const calls = disputeCalls(at.dispute);
  const posts = rollupCalls(at.rollup);
  const batches: Batch[] = [];
  const roots = [genesisRoot];
  const diffs = [0n];
  const owner = new Map(wallets.map((wallet) => [wallet.account.address.toLowerCase(), wallet]));
  const send: DisputeWorld['send'] = (wallet, call, options) => sendCall(wallet, reader, call, options);
  const view = () => dispute.view();
  const nextAt = async (time: bigint) => {
    const now = await view();
    await test.setNextBlockTimestamp({ timestamp: now.block.timestamp + time - now.time });
  };

  const world: DisputeWorld = {
    l1,
    reader,
    parameters,
    dispute,
    rollup,
    calls,
    posts,
    verifier,
    sequencer,
    guardian,
    players,
    alice: players[0]!,
    bob: players[1]!,
    carol: players[2]!,
    dave: players[3]!,
    batches,
    roots,
    diffs,
    send,
    view,
    hash: (number) => (number === 0n ? zeroHash : batchHash(batches[Number(number) - 1]!.header)),
    async nextBatch(txs = [], changed = {}) {
      await world.advance(minInterval); // so that the timestamp can be above the parent's
      const { latest, latestHash } = await rollup.view();
      const origin = await reader.getBlock();
      const environment = {
        version: rules.version,
        number: latest + 1n,
        parent: latestHash,
        timestamp: origin.timestamp,
        originNumber: origin.number,
        originHash: origin.hash,
        feeRecipient: sequencer.account.address,
        gasLimit: rules.gasLimit,
        baseFee: rules.baseFee,
        chainId: rules.chainId,
      };
      const batch = sealBatch(environment, txs);
      return { header: { ...batch.header, ...changed }, txs };
    },
    async post(count = 1) {
      for (let i = 0; i < count; i++) {
        const batch = await world.nextBatch(['0x1234']);
        await send(sequencer, posts.submitBatch(batch));
        recordTruth(batch, batches, roots, diffs);
      }
    },
    async claim(wallet, kind, number, value = kind === 'root' ? roots[Number(number)]! : diffs[Number(number)]!) {
      await world.stake(wallet);
      await send(wallet, calls.claim(kind, number, world.hash(number), value));
      return (await view()).claims.at(-1)!;
    },
    async stake(wallet) {
      const standing = await dispute.stakeOf(wallet.account.address);
      if (standing !== undefined) return standing;
      await send(wallet, calls.stake(parameters.stake));
      return (await dispute.stakeOf(wallet.account.address))!;
    },
    async challenge(wallet, claimId, preRoot) {
      const { claimHash, number } = await world.claimView(claimId);
      const own = preRoot ?? roots[Number(number) - 1]!;
      await send(wallet, calls.challenge(claimId, claimHash, own, parameters.bond));
      return (await view()).games.at(-1)!;
    },
    async state(claimId, index, root = roots[Number(index)]!) {
      const { claimHash, claimant } = await world.claimView(claimId);
      await send(owner.get(claimant.toLowerCase())!, calls.state(claimId, claimHash, [index], [root]));
    },
    async answer(gameId, agree) {
      const { stateHash, challenger } = await world.game(gameId);
      await send(owner.get(challenger.toLowerCase())!, calls.answer(gameId, stateHash, agree));
    },
    async prove(wallet, number, preRoot, mode, games = []) {
      const value = f(world.hash(number), preRoot, mode);
      await send(wallet, calls.prove(fakeBundle(world, number, preRoot, mode, value, wallet.account.address), games));
    },
    async strike(liar, winner) {
      const claim = await world.claim(liar, 'diff', 1n, FALSE_DIFF);
      const game = await world.challenge(winner, claim.id);
      await world.prove(winner, 1n, roots[0]!, 'diff', [game.id]);
    },
    async resolve(...claimIds) {
      await send(deployer, calls.resolve(claimIds));
    },
    stakeView: async (id) => (await view()).stakes[Number(id) - 1]!,
    claimView: async (id) => (await view()).claims[Number(id) - 1]!,
    game: async (id) => (await view()).games[Number(id) - 1]!,
    credit: (wallet) => dispute.credit(wallet.account.address),
    request: (method, params = []) => reader.request({ method, params } as never),
    async advance(seconds) {
      await test.increaseTime({ seconds: Number(seconds) });
      await test.mine({ blocks: 1 });
    },
    async goTo(time) {
      await nextAt(time);
      await test.mine({ blocks: 1 });
    },
    async sendAt(time, wallet, call) {
      await nextAt(time);
      return send(wallet, call, { gas: 1_000_000n }); // an estimate would be one for another time
    },
    outcome: (wallet, call) =>
      reader.call({ ...call, account: wallet.account }).then(
        () => 'accepted',
        (error: unknown) => contractError(error)?.name ?? String(error),
      ),
    async isolated(run) {
      const id = await test.snapshot();
      const length = batches.length;
      try {
        await run();
      } finally {
        await test.revert({ id });
        batches.length = length;
        roots.length = length + 1;
        diffs.length = length + 1;
      }
    },
  };
  return world;
}

/** A bundle as the fake verifier wants it. */
export function fakeBundle(
  world: Pick<DisputeWorld, 'batches'>,
  number: bigint,
  preRoot: bigint,
  mode: Mode,
  value: bigint,
  beneficiary: Address,
): BundleCalldata {
  const { header } = world.batches[Number(number) - 1]!;
  return { statement: { header, preRoot, mode: MODE_NUMBER[mode], value, beneficiary }, parts: [] };
}

/** Extends the truth by a posted batch. */
export function recordTruth(batch: Batch, batches: Batch[], roots: bigint[], diffs: bigint[]): void {
  const hash = batchHash(batch.header);
  const root = roots.at(-1)!;
  batches.push(batch);
  diffs.push(f(hash, root, 'diff'));
  roots.push(f(hash, root, 'root'));
}
