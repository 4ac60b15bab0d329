import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { drawScenario, type Scenario } from '../../prover/demo/scenario.js';
import { Story, type StoryEnd } from '../../prover/demo/story.js';
import type { World } from '../../prover/demo/world.js';
import { rootWords } from '../../prover/explain/roots.js';
import { merkleOptions } from '../../prover/node/merkle-options.js';
import type { NodeEvent } from '../../prover/node/node.js';
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

/** Plays one story on a devnet of its own, hands it to `check` and closes it. */
export async function play(
  options: Pick<Scenario, 'case' | 'liar' | 'seed'>,
  check: (played: Played) => Promise<void>,
): Promise<void> {
  const scenario = drawScenario(options);
  const unexpected: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'deltaproof-story-'));
  const on = {
    keySet: await defaultKeys(),
    path: join(folder, 'net'),
    accounts: 1_000,
    merkle: merkleOptions({}),
    onNode: (who: string, event: NodeEvent) => {
      // Where one of the two lies, what is announced may well be contradicted.
      if (event.type === 'rootFailed') unexpected.push(`${who}: ${rootWords(event).join('; ')}`);
    },
  };
  const story = await Story.open(on, scenario, { step: () => {}, detail: () => {} });
  const { world } = story.net;
  try {
    const end = await story.play();
    const { dispute } = world.account('other');
    const { claims } = await dispute.view();
    const { held, credit, locked, burned } = await dispute.money();
    expect(held).toBe(credit + locked + burned);
    expect(unexpected).toEqual([]);
    await check({ scenario, end, claims, world });
  } finally {
    await story.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
