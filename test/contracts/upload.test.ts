import { createWalletClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchHash } from '../../src/batch/header.js';
import { L1Error } from '../../src/errors/l1.js';
import { groupParts } from '../../src/l1/plan-parts.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { type UploadProgress, uploadBundle } from '../../src/l1/upload.js';
import type { Bundle } from '../../src/proof/types.js';
import { transcriptOf } from '../../src/proof/verify.js';
import { SeededRandom } from '../../src/samples/random.js';
import { UploadWorld } from '../helpers/upload-world.js';

const SEED = process.env.FUZZ_SEED ?? `upload-${Date.now()}`;
console.log(`uploads: seed ${SEED}`);

let world: UploadWorld;
let random: SeededRandom;
beforeAll(async () => {
  world = await UploadWorld.start();
  random = new SeededRandom(SEED);
});
afterAll(() => world?.stop());

/** Runs, and takes back all that it did on L1. */
async function isolated<T>(run: () => Promise<T>): Promise<T> {
  const id = await rpc('evm_snapshot');
  try {
    return await run();
  } finally {
    await rpc('evm_revert', id);
  }
}

const rpc = (method: string, ...params: unknown[]): Promise<unknown> =>
  world.l1.reader.request({ method, params } as never);

/** {@link uploadBundle} with one part a transaction, whatever fits; `before` runs before each. */
function upload(bundle: Bundle, before: (sent: number) => Promise<void> = async () => {}, signal?: AbortSignal) {
  const progress: UploadProgress[] = [];
  let sent = 0;
  const run = uploadBundle({
    bundle,
    verifier: world.client,
    most: 1,
    onProgress: (step) => progress.push(step),
    send: async (_what, call) => {
      await before(sent++);
      return world.send(call);
    },
    ...(signal ? { signal } : {}),
  });
  return { run, progress, sent: () => sent };
}

describe('a bundle in parts', () => {
  it('says what it says in one call, wherever its parts end and however many a transaction takes', async () => {
    for (let round = 0; round < 16; round++) {
      const mode = random.pick(['diff', 'root'] as const);
      const counts = random.pick([[4], [1, 3], [2, 2], [1, 1, 1, 1]]);
      const bundle = await world.bundle({ random, mode, counts });
      const where = `round ${round} of seed ${SEED}: ${bundle.parts.length} parts`;
      expect(await world.verify(bundle), where).toBe(batchHash(bundle.header));
      await isolated(async () => {
        let at = 1 + random.below(bundle.parts.length);
        await world.send(world.begin(bundle, at));
        while (at < bundle.parts.length) {
          const to = at + 1 + random.below(bundle.parts.length - at);
          await world.send(world.feed(bundle, at, to));
          at = to;
        }
        expect(await world.result(bundle), where).toBe(batchHash(bundle.header));
      });
    }
  });

  it('keeps eight words on L1 and nothing of itself', async () => {
    const bundle = await world.bundle({ random });
    const { accessList } = (await rpc('eth_createAccessList', {
      ...{ from: world.l1.wallet.account.address, to: world.verifier },
      ...{ data: world.begin(bundle, bundle.parts.length).data, gas: '0xf00000' },
    })) as { accessList: { address: Hex; storageKeys: Hex[] }[] };
    const own = accessList.find(({ address }) => address === world.verifier.toLowerCase());
    expect(own?.storageKeys).toHaveLength(8);
  });
});

describe('an upload', () => {
  it('is fed by strangers, each a part', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const keys = ['0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'] as const;
      const stranger = createWalletClient({
        chain: foundry,
        transport: http(world.l1.reader.transport.url as string),
        account: privateKeyToAccount(keys[0]),
      });
      await world.send(world.begin(bundle), stranger as never);
      for (let i = 1; i < bundle.parts.length; i++) {
        await world.send(world.feed(bundle, i), (i % 2 === 0 ? stranger : world.l1.wallet) as never);
      }
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('tells how far it is, and yields the link by which it is found', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const { run, progress } = upload(bundle);
      expect(await run).toBe(world.dues(bundle)[0]);
      expect(progress.map(({ done }) => done)).toEqual(Array.from({ length: bundle.parts.length + 1 }, (_, i) => i));
      expect(progress.slice(1).every(({ receipt }) => receipt?.status === 'success')).toBe(true);
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
      // Asked again it finds nothing to do.
      const again = upload(bundle);
      expect(await again.run).toBe(world.dues(bundle)[0]);
      expect(again.sent()).toBe(0);
    }));

  it('takes as few transactions as it can', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const calls: string[] = [];
      await uploadBundle({
        bundle,
        verifier: world.client,
        send: async (what, call) => {
          calls.push(what);
          return world.send(call);
        },
      });
      expect(calls).toEqual(['begin']);
      expect(groupParts(bundle.parts)).toHaveLength(1);
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('abandoned is taken up again where it stood, by whoever has the bundle', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const stop = new Error('killed');
      const first = upload(bundle, async (sent) => {
        if (sent === 3) throw stop;
      });
      await expect(first.run).rejects.toBe(stop);
      const second = upload(bundle);
      await second.run;
      expect(second.progress[0]!.done).toBe(3);
      expect(second.sent()).toBe(bundle.parts.length - 3);
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('ends when it is told to, before its next transaction', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const controller = new AbortController();
      const { run, sent } = upload(
        bundle,
        async (count) => {
          if (count === 1) controller.abort();
        },
        controller.signal,
      );
      await expect(run).rejects.toThrow(/abort/i);
      expect(sent()).toBe(2);
    }));

  it('goes on when somebody else has begun it or fed the same part', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const { run, progress } = upload(bundle, async (sent) => {
        if (sent === 0) await world.send(world.begin(bundle, 2));
        if (sent === 2) await world.send(world.feed(bundle, 3, 5));
      });
      await run;
      expect(progress.some(({ done, receipt }) => done > 0 && receipt === undefined)).toBe(true);
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('goes on when somebody else has fed all that was left', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      await upload(bundle, async (sent) => {
        if (sent === 1) await world.send(world.feed(bundle, 1, bundle.parts.length));
      }).run;
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('goes on after a reorg of L1 that takes parts back, or the whole session', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      let [beginning, early] = [await rpc('evm_snapshot'), '0x' as unknown];
      const { run, progress } = upload(bundle, async (sent) => {
        if (sent === 2) early = await rpc('evm_snapshot');
        if (sent === 4) await rpc('evm_revert', early);
        if (sent === 6) {
          await rpc('evm_revert', beginning);
          beginning = await rpc('evm_snapshot');
        }
      });
      await run;
      const done = progress.map((step) => step.done);
      // Back to part 2, and to the beginning.
      expect(done.some((at, i) => i > 0 && at === 2 && done[i - 1]! > 2)).toBe(true);
      expect(done.some((at, i) => i > 0 && at === 0 && done[i - 1]! > 0)).toBe(true);
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('is made anew by the same calls after a reorg that takes its last part back', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const last = bundle.parts.length - 1;
      await world.upload(bundle, last);
      const id = await rpc('evm_snapshot');
      await world.send(world.feed(bundle, last));
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
      await rpc('evm_revert', id);
      expect(await world.result(bundle)).toBe('NotFinished');
      await world.send(world.feed(bundle, last));
      expect(await world.result(bundle)).toBe(batchHash(bundle.header));
    }));

  it('ends with what L1 says to a proof that does not hold, without sending it', () =>
    isolated(async () => {
      const honest = await world.bundle({ random });
      const bad = `${honest.parts.at(-1)!.slice(0, -2)}${honest.parts.at(-1)!.endsWith('00') ? '01' : '00'}` as Hex;
      const { run } = upload({ ...honest, parts: honest.parts.with(-1, bad) });
      await expect(run).rejects.toThrow(L1Error);
      await expect(run).rejects.toThrow(/InvalidProof|PointNotOnCurve/);
    }));

  it('ends by name when L1 only says that the session has moved on, again and again', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      const moved = new L1Error('L1_REVERTED', 'moved on', { details: { error: 'WrongPart' } });
      const { run, sent } = upload(bundle, async () => Promise.reject(moved));
      await expect(run).rejects.toBe(moved);
      expect(sent()).toBeLessThan(10);
    }));

  it('sends nothing twice through a node that shows the last transaction late', () =>
    isolated(async () => {
      const bundle = await world.bundle({ random });
      let [sent, stale] = [0, 0];
      let shown = await world.client.session(transcriptOf(bundle, batchHash(bundle.header)).seed);
      const late = async (seed: Hex) => {
        if (sent > 0 && stale++ % 2 === 0) return shown;
        shown = await world.client.session(seed);
        return shown;
      };
      const send = (call: L1Call) => {
        sent++;
        return world.send(call);
      };
      await uploadBundle({
        bundle,
        verifier: { address: world.client.address, session: late },
        most: 1,
        send: (_what, call) => send(call),
      });
      expect(sent).toBe(bundle.parts.length);
    }));
});
