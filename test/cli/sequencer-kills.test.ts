import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf } from '../../prover/demo/world.js';
import { genesisFileText } from '../../src/batch/batch-file.js';
import { signTransaction } from '../../src/batch/sign.js';
import { LOCAL_PARAMETERS } from '../../src/dispute/parameters.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { sampleGenesis } from '../../src/samples/accounts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { testSeed } from '../helpers/chips/random.js';
import { scratch, write } from '../helpers/cli.js';
import { startL1Proxy } from '../helpers/l1-proxy.js';
import { Services, until } from '../helpers/services.js';
import { plainFields } from '../helpers/transactions.js';

/** A sequencer on an L1 of its own, which `deploy` has made a rollup on, through everything that can happen to its process. */
const folder = scratch();
const services = new Services(folder);
const genesis = sampleGenesis('kills', 100, 20);
const [signer] = genesis.signers;
let l1: LocalL1;
let rollup: string[];
let sequencer: string[];

beforeAll(async () => {
  l1 = await startAnvil({ args: ['--block-time', '1', '--mixed-mining'] });
  write(folder, 'genesis.json', genesisFileText(genesis.state));
  for (const role of ['deployer', 'sequencer'] as const) {
    write(folder, role, `0x${Buffer.from(accountOf(role).getHdKey().privateKey!).toString('hex')}\n`);
  }
  const parameters = { ...LOCAL_PARAMETERS, rootEvery: 2n, guardian: accountOf('guardian').address };
  write(
    folder,
    'parameters.json',
    JSON.stringify(parameters, (_, it) => (typeof it === 'bigint' ? `${it}` : it)),
  );
  await deploy('deployment.json');
  rollup = ['--l1', l1.url, '--deployment', 'deployment.json'];
  sequencer = ['sequencer', ...rollup, '--genesis', 'genesis.json', '--store', 'node', '--data', 'jobs'];
  sequencer.push('--private-key-file', 'sequencer', '--rpc-port', '0', '--slot', '1', '--look', '1');
}, 300_000);
afterAll(() => l1?.stop());

function deploy(out: string) {
  const by = ['--sequencer', accountOf('sequencer').address, '--private-key-file', 'deployer', '--key-set', 'test'];
  const what = ['--genesis', 'genesis.json', '--parameters', 'parameters.json', '--min-interval', '1', '--out', out];
  return services.json(['deploy', '--l1', l1.url, ...what, ...by]);
}

async function ask(url: string, method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const { result, error } = (await (await fetch(url, { method: 'POST', body })).json()) as {
    result: never;
    error?: object;
  };
  if (error !== undefined) throw new Error(JSON.stringify(error));
  return result;
}

/** Sends the signer's next transaction. */
async function pay(url: string) {
  const nonce = BigInt(await ask(url, 'eth_getTransactionCount', signer!.address, 'latest'));
  return ask(url, 'eth_sendRawTransaction', await signTransaction(plainFields({ nonce }), signer!.privateKey));
}

/** Transactions of the signer before the kills. */
const PAID = 1n;

describe('a sequencer', () => {
  it('posts without a claim when its owner allows no more bonds, and claims when he does', async () => {
    const poor = await services.start([...sequencer, '--max-bond', '1']);
    await pay(poor.ready.rpc);
    await poor.said(/"msg":"posted"/);
    await poor.said(/"code":"L1_BOND_CEILING"/);
    const batch = await ask(poor.ready.rpc, 'eth_blockNumber');
    const claimed = async () =>
      (await services.json(['claims', 'list', ...rollup])).claims.map(({ number }: { number: string }) => number);
    expect(await claimed()).not.toContain(`${Number(batch)}`);
    expect(await services.stop(poor)).toMatchObject({ code: 0 });
    const rich = await services.start([...sequencer, '--max-bond', '1000']);
    await until(claimed, (numbers) => numbers.includes(`${Number(batch)}`));
    await services.stop(rich);
  });

  it('loses nothing that it was told, whenever it is killed, and says nothing twice', async () => {
    const seed = testSeed();
    const random = new SeededRandom(`kills ${seed}`);
    console.log(`kills of a sequencer: DELTAPROOF_SEED=${seed}`);
    const first = genesis.state.get(signer!.address)!.nonce + PAID;
    const hashes: string[] = [];
    for (let life = 0; life < 6; life++) {
      const one = await services.start([...sequencer, '--max-bond', '1000']);
      for (let i = 0; i < 2; i++) {
        const fields = plainFields({ nonce: first + BigInt(hashes.length) });
        hashes.push(
          await ask(one.ready.rpc, 'eth_sendRawTransaction', await signTransaction(fields, signer!.privateKey)),
        );
      }
      // The first before the next slot: what waits is in no batch yet.
      if (life > 0) await sleep(random.below(2_500));
      expect(await services.stop(one, 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    }
    const last = await services.start([...sequencer, '--max-bond', '1000']);
    const receipts = () => Promise.all(hashes.map((hash) => ask(last.ready.rpc, 'eth_getTransactionReceipt', hash)));
    const executed = await until(receipts, (all) => all.every((receipt) => receipt !== null));
    expect(executed.map(({ status }) => status)).toEqual(hashes.map(() => '0x1'));
    const batches = Number(await ask(last.ready.rpc, 'eth_blockNumber'));
    const wanted = Array.from({ length: batches }, (_, i) => `diff ${i + 1}`);
    for (let number = 2; number <= batches; number += 2) wanted.push(`root ${number}`);
    const claims = async () =>
      (await services.json(['claims', 'list', ...rollup, '--all'])).claims.map(
        ({ kind, number }: { kind: string; number: string }) => `${kind} ${number}`,
      );
    expect(await until(claims, (made) => made.length >= wanted.length)).toHaveLength(wanted.length);
    expect((await claims()).sort()).toEqual(wanted.sort());

    const watcher = await services.start([
      'challenger',
      ...rollup,
      '--genesis',
      'genesis.json',
      '--store',
      'watch',
      '--watch-only',
      '--look',
      '1',
    ]);
    for (const claim of wanted) {
      const [kind, batch] = claim.split(' ');
      await watcher.said(new RegExp(`"kind":"${kind}","batch":"${batch}","msg":"claim is true"`));
    }
    expect((await services.stop(watcher)).stderr).not.toContain('claim is false');
    expect(await services.stop(last)).toMatchObject({ code: 0 });
  });

  it('goes on when L1 was away, or through another of its nodes', async () => {
    const proxy = await startL1Proxy(l1.url);
    try {
      const through = (...urls: string[]) => sequencer.map((word) => (word === l1.url ? urls.join(',') : word));
      const alone = await services.start([...through(proxy.url), '--max-bond', '1000']);
      proxy.faults.before = () => 'cut';
      await alone.said(/"code":"L1_UNREACHABLE"/);
      await pay(alone.ready.rpc);
      proxy.clear();
      await alone.said(/works again"/);
      await alone.said(/"msg":"posted"/);
      expect(await services.stop(alone)).toMatchObject({ code: 0 });
      proxy.faults.before = () => 'cut';
      const two = await services.start([...through(proxy.url, l1.url), '--max-bond', '1000']);
      await pay(two.ready.rpc);
      await two.said(/"msg":"posted"/);
      expect(await services.stop(two)).toMatchObject({ code: 0 });
      const agree = [...through(l1.url), '--max-bond', '1000', '--l1-agree', '2'];
      expect(await services.codeOf(agree)).toEqual({ exit: 1, code: 'L1_ENDPOINTS_DISAGREE' });
    } finally {
      await proxy.close();
    }
  });

  it('has its store alone, and follows the rollup whose store it is', async () => {
    const one = await services.start([...sequencer, '--max-bond', '1000']);
    expect(await services.codeOf([...sequencer, '--max-bond', '1000'])).toEqual({ exit: 1, code: 'STATE_LOCKED' });
    await deploy('second.json');
    await services.stop(one);
    const elsewhere = sequencer.map((word) => (word === 'deployment.json' ? 'second.json' : word));
    expect(await services.codeOf([...elsewhere, '--max-bond', '1'])).toEqual({ exit: 1, code: 'STATE_OTHER_CHAIN' });
    const away = sequencer.map((word) => (word === l1.url ? 'http://127.0.0.1:1' : word));
    expect(await services.codeOf([...away, '--max-bond', '1'])).toEqual({ exit: 1, code: 'L1_UNREACHABLE' });
  });

  it('has its tables checked when it was cut off, and is not started on damaged ones', async () => {
    const args = [...sequencer, '--max-bond', '1000'];
    const mark = join(folder, 'node', 'running');
    expect(existsSync(mark)).toBe(false);
    await services.stop(await services.start(args), 'SIGKILL');
    expect(existsSync(mark)).toBe(true);
    const again = await services.start(args);
    await again.said(/was cut off: its tables are checked/);
    expect(await services.stop(again)).toMatchObject({ code: 0 });
    expect(existsSync(mark)).toBe(false);
    const once = await services.start(args);
    expect((await services.stop(once, 'SIGKILL')).stderr).not.toContain('was cut off');
    const state = join(folder, 'node', 'state');
    const table = join(state, readdirSync(state).find((name) => name.endsWith('.ldb'))!);
    const bytes = readFileSync(table);
    bytes[100]! ^= 1;
    writeFileSync(table, bytes);
    expect(await services.codeOf(args)).toEqual({ exit: 1, code: 'STATE_CORRUPT' });
  });
});
