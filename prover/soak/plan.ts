import { SeededRandom } from '../../src/samples/random.js';

/** Services that are killed, by name. */
export const SERVICES = ['sequencer', 'challenger', 'other'] as const;
/** One of {@link SERVICES}. */
export type ServiceName = (typeof SERVICES)[number];

/**
 * What cheaters do, each kind from accounts of its own:
 * - `wrongBalance`: claims a diff with a forged balance, and defends it until a proof refutes it;
 * - `silentClaimant`: claims a diff that nothing makes, and is never heard of again;
 * - `puppetPair`: claims a false diff; its puppet disputes it first, and both agree on a root that is as false;
 * - `rivalRoot`: claims a root that nothing makes, beside the sequencer's, which it blocks;
 * - `manyClaims`: claims false diffs of several batches on one stake;
 * - `wrongRoot`: claims a root with a forged balance in it, and bisects;
 * - `stallingRoot`: claims a false root, states one more, and stops there;
 * - `lyingChallenger`: disputes a true root from a forged state, and bisects;
 * - `silentChallenger`: disputes a true diff, and is never heard of again.
 */
export const FAULTS = [
  'wrongBalance',
  'silentClaimant',
  'puppetPair',
  'rivalRoot',
  'manyClaims',
  'wrongRoot',
  'stallingRoot',
  'lyingChallenger',
  'silentChallenger',
] as const;
/** One of {@link FAULTS}. */
export type FaultKind = (typeof FAULTS)[number];

/** The first batch at which something happens that is drawn. */
const EARLIEST = 5;
/** Kinds that may come again in long runs. */
const AGAIN = ['wrongRoot', 'stallingRoot', 'lyingChallenger', 'silentChallenger'] as const;
/** Batches between those. */
const AGAIN_EVERY = 25;

/** How much of everything; all from the seed. */
export interface SoakSize {
  readonly batches: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly seed: string;
}

/** What happens when L1 has its first batch of that number. */
export interface SoakPlan {
  readonly kills: readonly { readonly batch: number; readonly service: ServiceName; readonly afterMs: number }[];
  /** `putBack`: the transactions of the blocks that are gone come again, later; else they are lost. */
  readonly reorgs: readonly { readonly batch: number; readonly depth: number; readonly putBack: boolean }[];
  /** For some blocks a gas costs so much. */
  readonly fees: readonly { readonly batch: number; readonly gwei: number; readonly blocks: number }[];
  readonly faults: readonly { readonly batch: number; readonly kind: FaultKind }[];
}

/** Draws everything that will happen, but for what separate processes do meanwhile. */
export function drawPlan({ batches, kills, reorgs, seed }: SoakSize): SoakPlan {
  const random = new SeededRandom(`soak ${seed}`);
  // Not so early that there is nothing yet that it could happen to.
  const number = () => EARLIEST + random.below(Math.max(1, batches - EARLIEST));
  const sorted = <T extends { batch: number }>(count: number, draw: () => T) =>
    Array.from({ length: count }, draw).sort((a, b) => a.batch - b.batch);
  return {
    // Every service is killed, where there are kills enough.
    kills: Array.from({ length: kills }, (_, i) => ({
      batch: number(),
      service: SERVICES[i % SERVICES.length]!,
      afterMs: random.below(3_000),
    })).sort((a, b) => a.batch - b.batch),
    reorgs: sorted(reorgs, () => ({ batch: number(), depth: 1 + random.below(6), putBack: random.below(2) === 0 })),
    fees: sorted(Math.max(2, Math.floor(batches / 20)), () => ({
      batch: number(),
      gwei: 50 + random.below(250),
      blocks: 3 + random.below(6),
    })),
    faults: drawFaults(random, batches),
  };
}

function drawFaults(random: SeededRandom, batches: number): SoakPlan['faults'] {
  const middle = () => EARLIEST + random.below(Math.max(1, Math.floor(batches / 2)));
  const own: Readonly<Partial<Record<FaultKind, number>>> = {
    wrongBalance: 1,
    silentClaimant: 2,
    puppetPair: 3,
    rivalRoot: 1,
  };
  const faults = FAULTS.map((kind) => ({ kind, batch: own[kind] ?? middle() }));
  const more = Array.from({ length: Math.floor(batches / AGAIN_EVERY) - 1 }, (_, i) => ({
    kind: AGAIN[i % AGAIN.length]!,
    batch: AGAIN_EVERY * (i + 1) + random.below(AGAIN_EVERY - 4),
  }));
  return [...faults, ...more];
}
