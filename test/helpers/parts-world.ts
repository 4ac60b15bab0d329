import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, concat, createPublicClient, createTestClient, createWalletClient, type Hex, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { L1Account } from '../../prover/agents/l1-account.js';
import { L2Node } from '../../prover/node/node.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction } from '../../src/batch/sign.js';
import { LOCAL_INTERVAL, LOCAL_PARAMETERS } from '../../src/dispute/parameters.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { type DeployedContracts, deployContracts } from '../../src/l1/deploy.js';
import { l1Transport } from '../../src/l1/limits.js';
import { buildKeySet } from '../../src/proof/keyset.js';
import { addressOf, sampleGenesis } from '../../src/samples/accounts.js';

/** Anvil's own, published phrase; it guards nothing. */
const MNEMONIC = 'test test test test test test test test test test test junk';
/** Indices of accounts. */
const [DEPLOYER, SEQUENCER, CHALLENGER, GUARDIAN, FIRST_CLAIMANT] = [0, 1, 2, 3, 4];
const KEY_SET = 'test-parts';
/** Private keys of accounts that play no role. */
export const KEYS = { stranger: '0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6' } as const;

/** A contract that hashes its memory so many times, from so many bytes on, each time a word less: as many inputs for L1. */
export interface Hasher {
  readonly hashes: number;
  /** Whole words, below 64 KiB. */
  readonly bytes: number;
}

function codeOf({ hashes, bytes }: Hasher): Hex {
  const rounds = Array.from({ length: hashes }, (_, i): Hex => {
    const length = toHex(bytes - 32 * i, { size: 2 }).slice(2);
    return `0x61${length}5f2050`; // PUSH2 length PUSH0 KECCAK256 POP
  });
  return concat([...rounds, '0x00']);
}

/** A rollup on a private L1, with keys of many small shapes and contracts that hash much: its bundles need parts. */
export class PartsWorld {
  readonly folder: string;
  readonly l1: LocalL1;
  readonly contracts: DeployedContracts;
  readonly node: L2Node;
  readonly #signer: Hex;
  #nonce: bigint;

  private constructor(
    folder: string,
    l1: LocalL1,
    contracts: DeployedContracts,
    node: L2Node,
    signer: Hex,
    nonce: bigint,
  ) {
    this.folder = folder;
    this.l1 = l1;
    this.contracts = contracts;
    this.node = node;
    this.#signer = signer;
    this.#nonce = nonce;
  }

  static async open(hashers: readonly Hasher[]): Promise<PartsWorld> {
    const keys = await buildKeySet(KEY_SET);
    const folder = mkdtempSync(join(tmpdir(), 'deltaproof-parts-'));
    const plain = sampleGenesis('parts', 8, 4);
    const state: GenesisState = new Map([
      ...plain.state,
      ...hashers.map(
        (one) => [addressOfHasher(one), { nonce: 1n, balance: 0n, code: codeOf(one), storage: new Map() }] as const,
      ),
    ]);
    const signer = plain.signers[0]!;
    const genesis = await L2Node.open({ path: join(folder, 'genesis'), rules: RULES_V2, genesis: state });
    const genesisRoot = await genesis.rootAfter(0n);
    await genesis.close();
    const l1 = await startAnvil();
    try {
      const clients = { chain: foundry, transport: l1Transport(l1.url) };
      const contracts = await deployContracts({
        wallet: createWalletClient({ ...clients, account: account(DEPLOYER) }),
        reader: createPublicClient({ ...clients, pollingInterval: 50 }),
        rules: RULES_V2,
        verifier: keys,
        sequencer: account(SEQUENCER).address,
        genesisRoot,
        parameters: { ...LOCAL_PARAMETERS, guardian: account(GUARDIAN).address },
        minInterval: LOCAL_INTERVAL,
      });
      const world = {
        ...{ url: l1.url, version: RULES_V2.version.toString(), mnemonic: MNEMONIC, account: CHALLENGER },
        contracts: { ...contracts, block: contracts.block.toString() },
        keys: { keySet: keys.name, keySetHash: keys.hash },
      };
      writeFileSync(join(folder, 'world.json'), JSON.stringify(world));
      const node = await L2Node.open({ path: join(folder, 'sequencer'), rules: RULES_V2, genesis: state });
      return new PartsWorld(folder, l1, contracts, node, signer.privateKey, state.get(signer.address)!.nonce);
    } catch (error) {
      await l1.stop();
      throw error;
    }
  }

  /** The account with this index on L1. */
  account(index: number): L1Account {
    return new L1Account({
      ...{ url: this.l1.url, chain: foundry, account: account(index), contracts: this.contracts },
    });
  }

  /** A signed call of a hasher. */
  async call(hasher: Hasher): Promise<Hex> {
    const { chainId, baseFee: cap } = RULES_V2;
    const to = addressOfHasher(hasher);
    const words = BigInt(hasher.bytes / 32);
    const gasLimit = 30_000n + 3n * words + words ** 2n / 512n + (60n + 6n * words) * BigInt(hasher.hashes);
    const fees = { tip: 0n, cap, gasLimit };
    const fields = {
      type: 2,
      chainId,
      nonce: this.#nonce++,
      ...fees,
      to,
      value: 0n,
      data: '0x',
      accessList: [],
    } as const;
    return signTransaction(fields, this.#signer);
  }

  /** Posts a batch, without a claim. */
  async post(txs: readonly Hex[]): Promise<void> {
    const l1 = this.account(SEQUENCER);
    const test = createTestClient({ chain: foundry, mode: 'anvil', transport: l1Transport(this.l1.url) });
    await test.increaseTime({ seconds: 12 });
    await test.mine({ blocks: 1 });
    const { block } = await l1.rollup.view();
    const { version, gasLimit, baseFee, chainId } = RULES_V2;
    const { head, state } = this.node;
    const batch = sealBatch(
      {
        ...{ version, gasLimit, baseFee, chainId, number: head + 1n, parent: await state.batchHash(head) },
        ...{ timestamp: block.timestamp, originNumber: block.number, originHash: block.hash },
        feeRecipient: addressOf('parts fee recipient'),
      },
      txs,
    );
    await this.node.apply(batch);
    await l1.send('submitBatch', l1.calls.submitBatch(batch));
  }

  /** A claimant of its own claims a false diff of batch `number`. */
  async claimFalsely(number: bigint): Promise<void> {
    const l1 = this.account(FIRST_CLAIMANT + Number(number));
    const [{ stake }, value] = [await l1.dispute.parameters(), await this.node.value('diff', number)];
    const hash = await this.node.state.batchHash(number);
    await l1.send('stake', l1.calls.stake(stake));
    await l1.send('claim', l1.calls.claim('diff', number, hash, value + 1n));
  }

  /** The claimants, who lie about diffs alone, state the true roots that the games ask for. */
  async stateRoots(): Promise<void> {
    const { claims, games } = await this.account(DEPLOYER).dispute.view();
    for (const { phase, claimId, index } of games) {
      const { number, claimHash } = claims.find(({ id }) => id === claimId)!;
      if (phase !== 'claimantStates') continue;
      const l1 = this.account(FIRST_CLAIMANT + Number(number));
      await l1.send('state', l1.calls.state(claimId, claimHash, [index], [await this.node.rootAfter(index)]));
    }
  }

  async close(): Promise<void> {
    await this.node.close();
    await this.l1.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function account(addressIndex: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex });
}

function addressOfHasher({ hashes, bytes }: Hasher): Address {
  return addressOf(`hasher ${hashes} ${bytes}`);
}
