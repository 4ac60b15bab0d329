import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadL1 } from '../../prover/soak/l1-proxy.js';
import { drawPlan, FAULTS } from '../../prover/soak/plan.js';
import { runVerb } from '../../prover/soak/services.js';
import { runSoak } from '../../prover/soak/soak.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { loadKeySet } from '../../src/proof/keyset.js';

const folder = mkdtempSync(join(tmpdir(), 'deltaproof-soak-test-'));
let l1: LocalL1;
beforeAll(async () => {
  l1 = await startAnvil();
  await ask(l1.url, 'anvil_mine', '0x64');
});
afterAll(async () => {
  await l1?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  return (await (await fetch(url, { method: 'POST', headers, body })).json()) as { result?: never; error?: object };
}

it('a plan follows from its seed, and has every kind of fault', () => {
  const size = { batches: 200, kills: 20, reorgs: 5, seed: 'a' };
  const plan = drawPlan(size);
  expect(drawPlan(size)).toEqual(plan);
  expect(drawPlan({ ...size, seed: 'b' })).not.toEqual(plan);
  expect([plan.kills.length, plan.reorgs.length]).toEqual([20, 5]);
  expect(new Set(plan.faults.map(({ kind }) => kind))).toEqual(new Set(FAULTS));
  for (const { batch } of [...plan.kills, ...plan.reorgs, ...plan.faults, ...plan.fees]) {
    expect(batch).toBeGreaterThan(0);
    expect(batch).toBeLessThanOrEqual(200);
  }
});

describe('a bad node of L1', () => {
  const through = async (bad: Partial<Parameters<typeof BadL1.start>[1]>, look: (proxy: BadL1) => Promise<void>) => {
    const proxy = await BadL1.start(l1.url, { dropped: 0, logRange: 50, lag: 0, seed: 'test', ...bad });
    try {
      await look(proxy);
    } finally {
      await proxy.close();
    }
  };

  it('refuses long ranges of logs', () =>
    through({}, async ({ url, counts }) => {
      const logs = (fromBlock: string) => ask(url, 'eth_getLogs', { fromBlock, toBlock: '0x64' });
      expect(await logs('0x1')).toMatchObject({ error: { code: -32_005 } });
      expect(await logs('0x40')).toMatchObject({ result: [] });
      expect(counts.refused).toBe(1);
    }));

  it('drops answers', () =>
    through({ dropped: 500 }, async ({ url, counts }) => {
      const asked = Array.from({ length: 40 }, () => ask(url, 'eth_chainId').catch(() => 'dropped'));
      const dropped = (await Promise.all(asked)).filter((said) => said === 'dropped').length;
      expect(dropped).toBeGreaterThan(5);
      expect(dropped).toBeLessThan(35);
      expect(counts.dropped).toBe(dropped);
    }));

  it('is behind at times, in all that it says', () =>
    through({ lag: 9 }, async ({ url }) => {
      const heads = new Set<number>();
      for (let i = 0; i < 40 && heads.size < 2; i++) {
        const [first, block] = [
          await ask(url, 'eth_blockNumber'),
          await ask(url, 'eth_getBlockByNumber', 'latest', false),
        ];
        const second = await ask(url, 'eth_blockNumber');
        // Unless it changed just then.
        if (first.result === second.result)
          expect((block.result as unknown as { number: string }).number).toBe(first.result);
        heads.add(Number(first.result));
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      expect(heads.size).toBeGreaterThan(1);
    }));
});

it('a command that fails ends a soak', async () => {
  await expect(runVerb(['config', '--nonsense'], folder)).rejects.toMatchObject({
    code: 'SOAK_SERVICE',
    message: expect.stringContaining('USAGE_COMMAND_LINE'),
  });
});

it('a soak that is not over in its time says what is open', async () => {
  const soak = runSoak({
    keySet: await loadKeySet('test', { check: [] }),
    folder: join(folder, 'late'),
    ...{ batches: 30, kills: 0, reorgs: 0, seed: 'late', minutes: 0 },
    signal: new AbortController().signal,
    tell: () => undefined,
  });
  await expect(soak).rejects.toMatchObject({
    code: 'SOAK_LATE',
    message: expect.stringMatching(/not settled: wrongBalance/),
  });
});
