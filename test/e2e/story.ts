import { expect } from 'vitest';
import type { SentCall } from '../../prover/agents/l1-account.js';
import { drawScenario, type Scenario } from '../../prover/demo/scenario.js';
import { playStory, type StoryEnd } from '../../prover/demo/story.js';
import { World } from '../../prover/demo/world.js';
import { rootWords } from '../../prover/explain/roots.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { ClaimView } from '../../src/dispute/types.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';

let keySet: Promise<KeySet> | undefined;

/** The keys of the product, built once per test file at most. */
export function defaultKeys(): Promise<KeySet> {
  keySet ??= buildKeySet('default');
  return keySet;
}

/** A played story with what L1 shows at its end. */
export interface Played {
  readonly scenario: Scenario;
  readonly end: StoryEnd;
  readonly claims: readonly ClaimView[];
  readonly world: World;
}

/** Plays one story on a world of its own, hands it to `check` and closes the world. */
export async function play(
  options: Pick<Scenario, 'case' | 'liar' | 'seed'>,
  check: (played: Played) => Promise<void>,
): Promise<void> {
  const scenario = drawScenario(options);
  const sent: (SentCall & { who: string })[] = [];
  const unexpected: string[] = [];
  const world = await World.open({
    keySet: await defaultKeys(),
    rules: RULES_V2,
    seed: scenario.seed,
    accounts: 1_000,
    onSent: (who, call) => sent.push({ who, ...call }),
    onNode: (who, event) => {
      // Where one of the two lies, what is announced may well be contradicted.
      if (event.type === 'rootFailed') unexpected.push(`${who}: ${rootWords(event).join('; ')}`);
    },
  });
  try {
    const proofs = await world.proofs();
    await proofs.queue.work({ concurrency: 2 });
    const silent = { step: () => {}, detail: () => {} };
    const cast = { world, keySet: await defaultKeys(), rules: RULES_V2, proofs, sent };
    const end = await playStory(cast, scenario, silent);
    const { dispute } = world.account('other');
    const { claims } = await dispute.view();
    const { held, credit, locked, burned } = await dispute.money();
    expect(held).toBe(credit + locked + burned);
    expect(unexpected).toEqual([]);
    await check({ scenario, end, claims, world });
  } finally {
    await world.close();
  }
}
