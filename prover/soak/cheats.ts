import { join } from 'node:path';
import type { Address, LocalAccount } from 'viem';
import { foundry } from 'viem/chains';
import type { GenesisState } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { DeployedContracts } from '../../src/l1/deploy.js';
import type { Mode } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { L1Account } from '../agents/l1-account.js';
import { Player, type PlayerOptions } from '../agents/player.js';
import { Follower } from '../agents/sync.js';
import { forgeBatch } from '../node/forgery.js';
import { L2Node } from '../node/node.js';
import type { ProofService } from '../proving/service.js';
import { Contracts } from './contracts.js';
import type { FaultKind } from './plan.js';

/** What a look at L1 shows. */
export type L1View = Awaited<ReturnType<Contracts['view']>>;

/** What cheaters are made of. */
export interface CheatWorld {
  /** L1 itself. */
  readonly url: string;
  readonly contracts: Contracts;
  readonly deployed: DeployedContracts;
  readonly genesis: GenesisState;
  /** For the stores of forged nodes. */
  readonly folder: string;
  /** Never used: a cheater knows better than to prove against itself. */
  readonly proofs: ProofService;
  readonly keys: PlayerOptions['keys'];
  readonly seed: string;
  /** The next account that nobody else has. */
  readonly account: () => LocalAccount;
  readonly tell: (text: string) => void;
}

/** One fault: a cheater that does what it is there for, and again where an L1 reorg has taken it back. */
export interface Cheat {
  readonly kind: FaultKind;
  readonly batch: bigint;
  /** Does what is due. */
  tick(view: L1View): Promise<void>;
  /** Whether it was there, and has lost all that it staked on it. */
  hasLost(view: DisputeView): boolean;
  /** Whether its claim or challenge is on L1. */
  isMade(view: DisputeView): boolean;
  close(): Promise<void>;
}

/** Opens the cheater of a fault about batch `batch` or one soon after. */
export async function openCheat(world: CheatWorld, kind: FaultKind, batch: bigint): Promise<Cheat> {
  const liar = await Liar.open(world, FORGED.has(kind) ? batch : undefined);
  const random = new SeededRandom(`cheat ${world.seed} ${kind} ${batch}`);
  const nonsense = () => random.bits(250);
  const common = { kind, batch, isMade: isMadeBy(liar), close: () => liar.close() };
  const hasLost = (view: DisputeView) => world.contracts.hasLost(view, liar.address);
  switch (kind) {
    case 'wrongBalance':
    case 'wrongRoot': {
      const about: Mode = kind === 'wrongRoot' ? 'root' : 'diff';
      const slot = Contracts.slot(about, batch);
      return {
        ...common,
        hasLost,
        tick: async (view) => {
          const { node } = await liar.follow(view);
          if (node.head < slot) return;
          if (liar.claims(view).length === 0) await liar.claim(about, slot, await node.value(about, slot));
          else await liar.play(view);
        },
      };
    }
    case 'silentClaimant':
    case 'rivalRoot': {
      const about: Mode = kind === 'rivalRoot' ? 'root' : 'diff';
      const [slot, value] = [Contracts.slot(about, batch), nonsense()];
      return {
        ...common,
        hasLost,
        tick: async (view) => {
          if (view.latest >= slot && liar.claims(view).length === 0) await liar.claim(about, slot, value);
        },
      };
    }
    case 'manyClaims': {
      const values = Array.from({ length: MANY }, nonsense);
      return {
        ...common,
        hasLost,
        tick: async (view) => {
          const made = new Set(liar.claims(view).map(({ number }) => number));
          for (const [i, value] of values.entries()) {
            const number = batch + BigInt(i);
            if (view.latest >= number && !made.has(number)) await liar.claim('diff', number, value);
          }
        },
      };
    }
    case 'stallingRoot': {
      const [slot, value, root] = [Contracts.slot('root', batch), nonsense(), nonsense()];
      return {
        ...common,
        hasLost,
        tick: async (view) => {
          if (view.latest < slot) return;
          const [claim] = liar.claims(view);
          if (claim === undefined) await liar.claim('root', slot, value);
          else await liar.stateOnce(view, claim, root);
        },
      };
    }
    case 'puppetPair': {
      const puppet = await Liar.open(world);
      const [value, root] = [nonsense(), nonsense()];
      return {
        ...common,
        hasLost,
        close: () => Promise.all([liar.close(), puppet.close()]).then(() => undefined),
        tick: async (view) => {
          if (view.latest < batch) return;
          const [claim] = liar.claims(view);
          if (claim === undefined) await liar.claim('diff', batch, value);
          else if (claim.status === 'open') {
            if (puppet.games(view).length === 0) await puppet.challenge(claim, root);
            else await liar.stateOnce(view, claim, root);
          }
        },
      };
    }
    case 'lyingChallenger':
    case 'silentChallenger': {
      const about: Mode = kind === 'lyingChallenger' ? 'root' : 'diff';
      const preRoot = nonsense();
      return {
        ...common,
        hasLost,
        tick: async (view) => {
          if (FORGED.has(kind)) await liar.follow(view);
          if (liar.games(view).length > 0) {
            if (FORGED.has(kind)) await liar.play(view);
            return;
          }
          const slot = Contracts.slot(about, batch);
          const claim = view.claims.find(
            ({ kind: of, number, status, deadline, claimant }) =>
              of === about &&
              number >= slot &&
              status === 'open' &&
              deadline > view.time &&
              world.contracts.isHonest(claimant),
          );
          if (claim !== undefined) await liar.challenge(claim, preRoot);
        },
      };
    }
  }
}

/** Claims that one stake backs. */
const MANY = 5;
/** Kinds whose cheater has a node of its own, with one forged batch. */
const FORGED: ReadonlySet<FaultKind> = new Set<FaultKind>(['wrongBalance', 'wrongRoot', 'lyingChallenger']);

function isMadeBy(liar: Liar): Cheat['isMade'] {
  return (view) => liar.claims(view).length + liar.games(view).length > 0;
}

/** An account without scruples, and where it needs one the node that it believes. */
class Liar {
  readonly #world: CheatWorld;
  readonly #l1: L1Account;
  readonly #believed: { readonly node: L2Node; readonly follower: Follower; readonly player: Player } | undefined;

  private constructor(world: CheatWorld, l1: L1Account, node: L2Node | undefined) {
    this.#world = world;
    this.#l1 = l1;
    const { proofs, keys } = world;
    this.#believed =
      node === undefined
        ? undefined
        : { node, follower: new Follower(node, l1), player: new Player({ node, l1, proofs, keys }) };
  }

  /** @param forged batch whose result its node forges; it has none when absent */
  static async open(world: CheatWorld, forged?: bigint): Promise<Liar> {
    const account = world.account();
    const l1 = new L1Account({
      url: world.url,
      chain: foundry,
      account,
      contracts: world.deployed,
      pollingMs: 100,
      timeout: 20_000,
    });
    if (forged === undefined) return new Liar(world, l1, undefined);
    const told = ({ truth, claimed }: { truth: string; claimed: string }) =>
      world.tell(`batch ${forged}: ${claimed} instead of ${truth}`);
    const node = await L2Node.open({
      path: join(world.folder, 'cheats', account.address),
      rules: RULES_V2,
      genesis: world.genesis,
      merkle: { mode: 'after', workers: 0 },
      tamper: forgeBatch(forged, world.seed, told, ['balance']),
    });
    return new Liar(world, l1, node);
  }

  get address(): Address {
    return this.#l1.account.address;
  }

  /** Brings its node to what L1 has. */
  async follow({ block }: L1View): Promise<{ readonly node: L2Node }> {
    await this.#believed!.follower.follow(block);
    return this.#believed!;
  }

  claims(view: DisputeView): ClaimView[] {
    return view.claims.filter(({ claimant }) => claimant === this.address);
  }

  games(view: DisputeView) {
    return view.games.filter(({ challenger }) => challenger === this.address);
  }

  claim(kind: Mode, number: bigint, value: bigint): Promise<void> {
    return this.#world.contracts.claim(this.#l1, kind, number, value);
  }

  challenge(claim: ClaimView, preRoot: bigint): Promise<void> {
    return this.#world.contracts.challenge(this.#l1, claim, preRoot);
  }

  /** Plays by what its node believes. */
  async play(view: DisputeView): Promise<void> {
    await this.#believed!.player.play(view);
  }

  /** States one root in its games, where none is stated yet, and no more. */
  async stateOnce(view: DisputeView, claim: ClaimView, root: bigint): Promise<void> {
    const asked = view.games.filter(({ claimId, phase }) => claimId === claim.id && phase === 'claimantStates');
    if (asked.length === 0 || this.#stated === claim.claimHash) return;
    await this.#world.contracts.state(this.#l1, claim, asked[0]!.index, root);
    this.#stated = claim.claimHash;
  }

  #stated: string | undefined;

  async close(): Promise<void> {
    await this.#believed?.player.close();
    await this.#l1.close();
    await this.#believed?.node.close();
  }
}
