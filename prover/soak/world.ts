import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address, LocalAccount } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { genesisFileText } from '../../src/batch/batch-file.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { LOCAL_INTERVAL } from '../../src/dispute/parameters.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { type SampleGenesis, sampleGenesis } from '../../src/samples/accounts.js';
import { Follower } from '../agents/sync.js';
import { type DeploymentFile, readDeployment } from '../config/deployment.js';
import { ANVIL_MNEMONIC, accountOf } from '../demo/world.js';
import { L2Node } from '../node/node.js';
import { ProofService } from '../proving/service.js';
import type { CheatWorld } from './cheats.js';
import { Contracts } from './contracts.js';
import { freePort } from './free-port.js';
import { BadL1 } from './l1-proxy.js';
import { SERVICES, type ServiceName } from './plan.js';
import { runVerb, Service } from './services.js';

/** Accounts of L2's genesis, and those of them that sign. */
const [ACCOUNTS, SIGNERS] = [100, 20];
/** Accounts of L1; those of {@link SERVICES} and who deploys are among the first ten. */
const L1_ACCOUNTS = 64;
/** Ether that services may bond: more than they need. */
const MAX_BOND = '500000';
/** How bad each service's node of L1 is. */
const BAD = { dropped: 8, logRange: 64, lag: 3 } as const;

/** What a soak's world is made of. */
export interface SoakWorldOptions {
  readonly keySet: KeySet;
  /** New, for stores, keys and logs. */
  readonly folder: string;
  readonly seed: string;
  readonly tell: (text: string) => void;
}

/** L1 with the contracts, the services that use it as separate processes through bad nodes, and a node that nobody disturbs, which says what is true. */
export class SoakWorld {
  readonly options: SoakWorldOptions;
  readonly l1: LocalL1;
  readonly deployed: DeploymentFile;
  readonly genesis: SampleGenesis;
  readonly contracts: Contracts;
  readonly truth: L2Node;
  readonly follower: Follower;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly bad: Readonly<Record<ServiceName, BadL1>>;
  /** The sequencer's door. */
  readonly door: string;
  readonly #rpcPort: number;
  readonly #closers: (() => Promise<unknown>)[];
  #accounts = 10;

  private constructor(
    options: SoakWorldOptions,
    made: Pick<SoakWorld, 'l1' | 'deployed' | 'genesis' | 'contracts' | 'truth' | 'bad'>,
    rpcPort: number,
    closers: (() => Promise<unknown>)[],
  ) {
    this.options = options;
    ({
      l1: this.l1,
      deployed: this.deployed,
      genesis: this.genesis,
      contracts: this.contracts,
      truth: this.truth,
      bad: this.bad,
    } = made);
    const { reader, rollup } = this.contracts;
    this.follower = new Follower(this.truth, { reader, rollup, contracts: this.deployed });
    this.#rpcPort = rpcPort;
    this.door = `http://127.0.0.1:${rpcPort}`;
    this.#closers = closers;
    const service = (name: ServiceName) => new Service(name, this.#argsOf(name), options.folder);
    this.services = { sequencer: service('sequencer'), challenger: service('challenger'), other: service('other') };
  }

  /** Starts L1, deploys by the command line, and opens all that is no service. */
  static async open(options: SoakWorldOptions): Promise<SoakWorld> {
    const { folder, seed, keySet } = options;
    const closers: (() => Promise<unknown>)[] = [];
    try {
      const genesis = sampleGenesis(`soak ${seed}`, ACCOUNTS, SIGNERS);
      writeFiles(folder, genesis);
      const ether = ['--accounts', `${L1_ACCOUNTS}`, '--balance', '1000000'];
      const l1 = await startAnvil({ args: ['--block-time', '1', '--mixed-mining', ...ether] });
      closers.push(() => l1.stop());
      const files = ['--genesis', 'genesis.json', '--parameters', 'parameters.json', '--out', 'deployment.json'];
      const by = ['--sequencer', accountOf('sequencer').address, '--private-key-file', 'deployer.key'];
      const interval = ['--min-interval', `${LOCAL_INTERVAL}`];
      await runVerb(['deploy', '--l1', l1.url, '--key-set', keySet.name, ...files, ...interval, ...by], folder);
      const deployed = readDeployment(join(folder, 'deployment.json'));
      const bad = {} as Record<ServiceName, BadL1>;
      for (const name of SERVICES) {
        bad[name] = await BadL1.start(l1.url, { ...BAD, seed: `${seed} ${name}` });
        closers.push(() => bad[name].close());
      }
      const truth = await L2Node.open({
        path: join(folder, 'truth'),
        rules: RULES_V2,
        genesis: genesis.state,
        merkle: { mode: 'after', workers: 0 },
      });
      closers.push(() => truth.close());
      const contracts = new Contracts(
        l1.url,
        deployed,
        SERVICES.map((name) => accountOf(name).address),
      );
      return new SoakWorld(options, { l1, deployed, genesis, contracts, truth, bad }, await freePort(), closers);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  /** What cheaters need. */
  async cheats(): Promise<CheatWorld> {
    const { folder, seed, keySet, tell } = this.options;
    const proofs = await ProofService.open({ path: join(folder, 'cheats', 'proofs') });
    this.#closers.push(() => proofs.close());
    return {
      url: this.l1.url,
      contracts: this.contracts,
      deployed: this.deployed,
      genesis: this.genesis.state,
      folder,
      proofs,
      keys: { keySet: keySet.name, keySetHash: keySet.hash },
      seed,
      account: () => this.#newAccount(),
      tell,
    };
  }

  /** Ends all services in order. @returns those that did not end with 0 */
  async stopServices(): Promise<ServiceName[]> {
    const codes = await Promise.all(SERVICES.map((name) => this.services[name].stop()));
    return SERVICES.filter((_, i) => codes[i] !== 0);
  }

  /** The stake of each service that has one, and what it has to its credit, go back to it. */
  async takeAll(): Promise<void> {
    const { folder } = this.options;
    for (const name of SERVICES) {
      const where = ['--l1', this.l1.url, '--deployment', 'deployment.json', '--private-key-file', `${name}.key`];
      const isStaked = (await this.contracts.dispute.stakeOf(accountOf(name).address)) !== undefined;
      if (isStaked) await runVerb(['account', 'unstake', ...where], folder);
      const { credit } = (await runVerb(['account', 'show', ...where], folder)) as { credit: string };
      if (credit !== '0') await runVerb(['account', 'withdraw', ...where], folder);
    }
  }

  async close(): Promise<void> {
    await this.stopServices();
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  #newAccount(): LocalAccount {
    return mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: this.#accounts++ });
  }

  #argsOf(name: ServiceName): readonly string[] {
    const common = ['--l1', this.bad[name].url, '--deployment', 'deployment.json', '--genesis', 'genesis.json'];
    const own = [
      '--store',
      name,
      '--data',
      `${name}-jobs`,
      '--private-key-file',
      `${name}.key`,
      '--max-bond',
      MAX_BOND,
    ];
    const all = [...common, ...own, '--look', '1', '--merkle-workers', '0'];
    if (name === 'sequencer') {
      const door = ['--rpc-port', `${this.#rpcPort}`, '--slot', '1'];
      return ['sequencer', ...all, ...door];
    }
    // One is told what batches touch, the other is not.
    return ['challenger', ...all, ...(name === 'challenger' ? ['--announcements', this.door] : [])];
  }
}

function writeFiles(folder: string, genesis: SampleGenesis): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'genesis.json'), genesisFileText(genesis.state));
  const guardian: Address = accountOf('guardian').address;
  writeFileSync(join(folder, 'parameters.json'), Contracts.parametersText(guardian));
  for (const role of ['deployer', ...SERVICES] as const) {
    const key = Buffer.from(accountOf(role).getHdKey().privateKey!).toString('hex');
    writeFileSync(join(folder, `${role}.key`), `0x${key}\n`, { mode: 0o600 });
  }
}
