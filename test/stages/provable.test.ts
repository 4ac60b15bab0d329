import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { checkProvable } from '../../prover/stages/pack-request.js';
import { shapesOf } from '../../src/proof/shapes.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { RootWorld } from '../helpers/root-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

describe('a batch', () => {
  let world: RootWorld;
  let request: BatchRequest;
  const shapes = shapesOf('default');
  beforeAll(async () => {
    world = new RootWorld('provable');
    const node = await world.node('sequencer', { mode: 'off' });
    await world.batches(node, 1);
    ({ request } = await node.truth(1n, 'root'));
  }, 60_000);
  afterAll(() => world?.close());

  it('whose proof fits passes', async () => {
    await checkProvable(request, shapes);
  });

  it('with rows that no shape has room for is refused', async () => {
    const homeless = checkProvable(request, shapes.slice(0, 1));
    await expect(homeless).rejects.toMatchObject({ code: 'TRACE_NO_SHAPE' });
  });
});

describe('a sequencer', () => {
  let world: DisputeWorld;
  beforeAll(async () => {
    world = await createDisputeWorld();
  });
  afterAll(() => world?.l1.stop());

  it('posts no batch whose proof would not fit, and goes on with the next', () =>
    world.isolated(async () => {
      const options = truthfulAgent(world, world.sequencer);
      let refuses = true;
      const agent = new Sequencer({
        ...options,
        feeRecipient: world.sequencer.account.address,
        checkFits: async () => {
          if (refuses) throw new Error('no room');
        },
      });
      await world.advance(1n);
      await expect(agent.post(['0x1234'])).rejects.toMatchObject({ code: 'BATCH_UNPROVABLE' });
      expect((await world.rollup.view()).latest).toBe(0n);
      expect(options.truth.head).toBe(0n);
      refuses = false;
      await agent.post(['0x1234']);
      expect((await world.rollup.view()).latest).toBe(1n);
    }));
});
