import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAccount, parseGwei } from 'viem';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { raised } from '../../prover/agents/fees.js';
import { type Intent, StoredIntents } from '../../prover/agents/intents.js';
import type { L1Account, L1AccountOptions } from '../../prover/agents/l1-account.js';
import type { OutboxEvent } from '../../prover/agents/outbox.js';
import type { DisputeWorld } from '../helpers/dispute-world.js';
import type { L1Proxy } from '../helpers/l1-proxy.js';
import { useProxiedWorld } from '../helpers/proxied-world.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** An agent's transactions while its process is killed, answers are cut and fees rise: no move is made twice, none is missing. */
let world: DisputeWorld;
let proxy: L1Proxy;
const folders: string[] = [];
useProxiedWorld((made) => {
  ({ world, proxy } = made);
});
afterEach(async () => {
  await world.request('evm_setAutomine', [true]);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-outbox-'));
  folders.push(path);
  return path;
}

/** A challenger whose account goes through the proxy. */
function challenger(l1: Partial<L1AccountOptions> = {}) {
  const options = truthfulAgent(world, world.bob, SMALL_PARTS, { url: proxy.url, timeout: 1_500, ...l1 });
  return { agent: new Challenger(options), l1: options.l1 };
}

/** Waits until L1's pool has that many of the account's transactions; yields the first. */
async function inPool(l1: L1Account, count = 1): Promise<Intent> {
  const intents = await vi.waitFor(
    async () => {
      const open = await l1.outbox.open();
      expect(open).toHaveLength(count);
      for (const { hashes } of open) await world.reader.getTransaction({ hash: hashes.at(-1)! });
      return open;
    },
    { timeout: 10_000 },
  );
  return intents[0]!;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

describe('a move that was sent', () => {
  it('is not made again when the answer was cut, nor by the process that follows after a kill', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      await world.request('evm_setAutomine', [false]);
      proxy.faults.after = (method) => (method === 'eth_sendRawTransaction' ? 'cut' : undefined);
      const path = folder();
      const intents = await StoredIntents.open(path);
      const { agent } = challenger({ intents });
      for (let i = 0; i < 2; i++) expect(await failure(agent.tick())).toBe('L1_NO_RECEIPT');
      await intents.close(); // kill -9 leaves no more than the store
      const again = challenger({ intents: await StoredIntents.open(path) });
      expect(await failure(again.agent.tick())).toBe('L1_NO_RECEIPT');
      expect(await again.l1.outbox.open()).toHaveLength(1);
      await world.request('evm_mine');
      await world.request('evm_setAutomine', [true]);
      await again.agent.tick();
      expect((await world.view()).games).toHaveLength(1);
      await again.l1.close();
    }));

  it('is not made again by a look at a node that is behind', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      const { agent, l1 } = challenger();
      const old = await l1.dispute.view();
      const { view } = l1.dispute;
      l1.dispute.view = async () => old;
      for (let i = 0; i < 3; i++) await agent.tick();
      l1.dispute.view = view;
      expect((await world.view()).games).toHaveLength(1);
    }));

  it('goes out again when the process was killed before it was sent', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      proxy.faults.before = (method) => (method === 'eth_sendRawTransaction' ? 'cut' : undefined);
      const path = folder();
      const intents = await StoredIntents.open(path);
      expect(await failure(challenger({ intents }).agent.tick())).toBe('L1_NO_RECEIPT');
      await intents.close();
      proxy.faults.before = undefined as never;
      const again = challenger({ intents: await StoredIntents.open(path), fees: { patience: 0n } });
      await again.agent.tick();
      expect((await world.view()).games).toHaveLength(1);
      expect(await again.l1.outbox.open()).toHaveLength(0);
      await again.l1.close();
    }));
});

describe('an account', () => {
  it('gives all that is due consecutive nonces at once, in order', () =>
    world.isolated(async () => {
      const { l1 } = challenger();
      await world.request('evm_setAutomine', [false]);
      const first = await world.reader.getTransactionCount({ address: l1.account.address });
      const sent = [3n, 1n, 2n].map((wei) =>
        l1.send('deposit', { ...l1.calls.deposit(wei), data: `0xd0e30db0${wei}0` }),
      );
      await inPool(l1, 3);
      await world.request('evm_mine');
      await Promise.allSettled(sent);
      const { transactions } = await world.reader.getBlock({ includeTransactions: true });
      expect(transactions.map(({ nonce, value }) => [nonce - first, value])).toEqual([
        [0, 3n],
        [1, 1n],
        [2, 2n],
      ]);
    }));

  it('says when somebody else has used its nonce, and goes on', () =>
    world.isolated(async () => {
      const { l1 } = challenger({ timeout: 60_000 });
      await world.request('evm_setAutomine', [false]);
      const nonce = await world.reader.getTransactionCount({ address: l1.account.address });
      const lost = failure(l1.send('deposit', l1.calls.deposit(5n)));
      const intent = await inPool(l1);
      await world.request('anvil_dropTransaction', [intent.hashes[0]]);
      await world.request('evm_setAutomine', [true]);
      await world.bob.sendTransaction({ to: world.alice.account.address, nonce, chain: world.bob.chain ?? null });
      for (let i = 0; i < 6; i++) await world.advance(1n).then(() => l1.outbox.look());
      expect(await lost).toBe('L1_NONCE_TAKEN');
      expect((await l1.send('deposit', l1.calls.deposit(5n))).status).toBe('success');
    }));
});

describe('a transaction whose fee L1 does not take any more', () => {
  it('is sent again on its nonce with more, where a node counts what waits in its pool as geth does', () =>
    world.isolated(async () => {
      const events: OutboxEvent[] = [];
      const { l1 } = challenger({ timeout: 60_000, tell: (event) => events.push(event) });
      const before = await world.reader.getTransactionCount({ address: l1.account.address });
      let taken = 0;
      proxy.faults.after = (method, params, answer) => {
        if (method === 'eth_sendRawTransaction' && 'result' in answer) taken++;
        const isPending = method === 'eth_getTransactionCount' && params[1] === 'pending';
        return isPending ? { result: `0x${(before + taken).toString(16)}` } : undefined;
      };
      await world.request('evm_setAutomine', [false]);
      const sent = l1.send('deposit', l1.calls.deposit(1n));
      const intent = await inPool(l1);
      const { baseFeePerGas } = await world.reader.getBlock();
      const risen = `0x${(2n * intent.maxFee + baseFeePerGas!).toString(16)}`;
      for (let i = 0; i < 8; i++) {
        await world.request('anvil_setNextBlockBaseFeePerGas', [risen]);
        await world.request('evm_mine');
        await l1.outbox.look();
      }
      expect((await sent).status).toBe('success');
      expect(events.map(({ type }) => type)).toContain('raisedFee');
      expect(await world.reader.getTransactionCount({ address: l1.account.address })).toBe(before + 1);
    }));

  it('stops at the ceiling, and an alarm says so once', () =>
    world.isolated(async () => {
      const events: OutboxEvent[] = [];
      const fees = { ceiling: parseGwei('3') };
      const { l1 } = challenger({ timeout: 60_000, fees, tell: (event) => events.push(event) });
      await world.request('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00']);
      await world.request('evm_mine');
      await world.request('evm_setAutomine', [false]);
      const sent = failure(l1.send('deposit', l1.calls.deposit(1n)));
      const intent = await inPool(l1);
      for (let i = 0; i < 12; i++) {
        await world.request('anvil_setNextBlockBaseFeePerGas', [`0x${parseGwei('10').toString(16)}`]);
        await world.request('evm_mine');
        await l1.outbox.look();
      }
      expect(events.filter(({ type }) => type === 'feeCeiling')).toHaveLength(1);
      const [waiting] = await l1.outbox.open();
      expect(waiting!.nonce).toBe(intent.nonce);
      expect(waiting!.maxFee).toBeLessThanOrEqual(fees.ceiling);
      await l1.close();
      expect(await sent).toBe('L1_NO_RECEIPT');
    }));

  it('at the ceiling goes out again as it is when a pool has dropped it', () =>
    world.isolated(async () => {
      const { l1 } = challenger({ timeout: 60_000, fees: { ceiling: parseGwei('3') } });
      await world.request('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00']);
      await world.request('evm_mine');
      await world.request('evm_setAutomine', [false]);
      const sent = l1.send('deposit', l1.calls.deposit(1n));
      await inPool(l1);
      const mineAt = async (baseFee: string) => {
        await world.request('anvil_setNextBlockBaseFeePerGas', [`0x${parseGwei(baseFee).toString(16)}`]);
        await world.request('evm_mine');
        await l1.outbox.look();
      };
      for (let i = 0; i < 12; i++) await mineAt('10');
      const [waiting] = await l1.outbox.open();
      const hash = waiting!.hashes.at(-1)!;
      await world.request('anvil_dropTransaction', [hash]);
      await expect(world.reader.getTransaction({ hash })).rejects.toThrow();
      for (let i = 0; i < 5; i++) await mineAt('1');
      expect((await sent).transactionHash).toBe(hash);
    }));

  it('gets at least an eighth more', () => {
    const old = { maxFee: 801n, tip: 9n };
    const more = raised(old, { maxFee: 1n, tip: 1n }, 10_000n)!;
    expect(more.maxFee * 8n).toBeGreaterThanOrEqual(old.maxFee * 9n);
    expect(more.tip * 8n).toBeGreaterThanOrEqual(old.tip * 9n);
    expect(raised(old, { maxFee: 5_000n, tip: 1n }, 4_000n)!.maxFee).toBe(4_000n);
    expect(raised(old, old, 900n)).toBeUndefined();
  });
});

it('an outbox in use by another process is refused by name', async () => {
  const path = folder();
  const first = await StoredIntents.open(path);
  expect(await failure(StoredIntents.open(path))).toBe('STATE_LOCKED');
  await first.close();
  expect((world.bob.account as LocalAccount).type).toBe('local');
});
