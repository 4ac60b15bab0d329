import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoredIntents } from '../../prover/agents/intents.js';
import type { L1Account } from '../../prover/agents/l1-account.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import type { DisputeWorld } from '../helpers/dispute-world.js';
import type { L1Proxy } from '../helpers/l1-proxy.js';
import { useProxiedWorld } from '../helpers/proxied-world.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

const seed = testSeed();
const STEPS = 60;
const FEES = { patience: 2n };
let world: DisputeWorld;
let proxy: L1Proxy;
let path: string;
useProxiedWorld((made) => {
  ({ world, proxy } = made);
});
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'deltaproof-outbox-life-'));
});
afterAll(() => {
  if (path !== undefined) rmSync(path, { recursive: true, force: true });
});

/** Calldata of all the account's transactions that L1 has from a block on. */
async function minedFrom(block: bigint): Promise<Hex[]> {
  const mined: Hex[] = [];
  const head = await world.reader.getBlockNumber();
  for (let blockNumber = block; blockNumber <= head; blockNumber++) {
    const { transactions } = await world.reader.getBlock({ blockNumber, includeTransactions: true });
    const own = world.bob.account.address.toLowerCase();
    mined.push(...transactions.filter(({ from }) => from.toLowerCase() === own).map(({ input }) => input));
  }
  return mined;
}

it('whatever happens to a process and its L1, in any order, each move is made once', { timeout: 300_000 }, async () => {
  console.log(`life of an outbox: DELTAPROOF_SEED=${seed}`);
  const random = randomOf(seed, 'outbox');
  const first = await world.reader.getBlockNumber();
  let intents = await StoredIntents.open(path);
  const account = () =>
    truthfulAgent(world, world.bob, SMALL_PARTS, { url: proxy.url, timeout: 100, intents, fees: FEES }).l1;
  let l1: L1Account = account();
  const wanted: Hex[] = [];
  const waiting = new Set<Promise<unknown>>();
  /** A move that was asked for is asked for again until it is known to be made, as agents do at each look. */
  const ask = (data: Hex, seen?: bigint) => {
    const asked = l1
      .send('deposit', { ...l1.calls.deposit(1n), data }, seen === undefined ? {} : { seen })
      .catch(() => undefined);
    waiting.add(asked);
    void asked.finally(() => waiting.delete(asked));
    return asked;
  };
  const done: string[] = [];
  const kill = async () => {
    l1.outbox.stop();
    await Promise.all(waiting);
    await l1.close();
    intents = await StoredIntents.open(path);
    l1 = account();
  };
  const cut = (when: 'before' | 'after') => {
    let left = 1 + random.int(3);
    proxy.faults[when] = (method) => (method === 'eth_sendRawTransaction' && left-- > 0 ? 'cut' : undefined);
  };
  await world.request('evm_setAutomine', [false]);
  for (let step = 0; step < STEPS; step++) {
    const what = random.int(10);
    if (what < 4) {
      const data: Hex = `0xd0e30db0${wanted.length.toString(16).padStart(4, '0')}`;
      wanted.push(data);
      void ask(data);
      done.push('send');
    } else if (what < 6) {
      cut(what === 4 ? 'before' : 'after');
      done.push(what === 4 ? 'cut before' : 'cut after');
    } else if (what < 7) {
      await kill();
      done.push('kill');
    } else if (what < 8) {
      await world.request('anvil_setNextBlockBaseFeePerGas', [
        `0x${(10n ** 9n * BigInt(1 + random.int(20))).toString(16)}`,
      ]);
      await world.request('evm_mine');
      done.push('fee');
    } else {
      await world.request('evm_mine');
      await l1.outbox.look().catch(() => undefined);
      done.push('mine');
    }
    await new Promise((resolve) => setTimeout(resolve, random.int(40)));
  }
  proxy.faults.before = proxy.faults.after = undefined as never;
  const missing = async () => {
    const mined = await minedFrom(first + 1n);
    return wanted.filter((data) => !mined.includes(data));
  };
  for (let looks = 0; (await missing()).length > 0; looks++) {
    expect(looks, `${done.join(', ')}: still missing ${await missing()}`).toBeLessThan(40);
    // As an agent: what L1 does not show is due.
    const seen = await world.reader.getBlockNumber();
    for (const data of await missing()) void ask(data, seen);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await l1.outbox.look();
    await world.request('evm_mine');
  }
  await Promise.all(waiting);
  for (let i = 0; i < 4; i++) {
    await world.request('evm_mine');
    await l1.outbox.look();
  }
  expect((await minedFrom(first + 1n)).sort(), done.join(', ')).toEqual([...wanted].sort());
  await l1.close();
});
