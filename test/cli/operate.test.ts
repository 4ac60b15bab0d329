import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountOf } from '../../prover/demo/world.js';
import { freePort } from '../../prover/soak/free-port.js';
import { packageRoot } from '../../src/build/package-root.js';
import { sampleGenesis } from '../../src/samples/accounts.js';
import { run, scratch } from '../helpers/cli.js';
import { startRedis } from '../helpers/redis.js';
import { cast, Services, until } from '../helpers/services.js';

const folder = scratch();
const page = readFileSync(join(packageRoot(), 'docs', 'operate.md'), 'utf8');
const services = new Services(folder);
const ports = { L1_PORT: '', RPC_PORT: '', L2_KEY: '', REDIS_PORT: '' };

/** The commands of one block of the page, with their variables filled in. */
function commands(name: string): string[][] {
  const [, block] = new RegExp(`^\`\`\`sh ${name}\\n([^\`]*)\`\`\``, 'm').exec(page)!;
  const lines = block!.trim().split('\n');
  return lines.map((line) => line.replace(/\$(\w+)/g, (_, key: keyof typeof ports) => ports[key]).split(' '));
}

const service = (name: string, args: readonly string[] = []) =>
  services.start([...commands(name)[0]!.slice(1), ...args]);
const rollup = () => ['--l1', `http://127.0.0.1:${ports.L1_PORT}`, '--deployment', 'net/deployment.json'];

beforeAll(async () => {
  Object.assign(ports, { L1_PORT: `${await freePort()}`, RPC_PORT: `${await freePort()}` });
  await service('devnet');
}, 300_000);

describe('the session of docs/operate.md', () => {
  it('runs as it stands there, and the challenger follows', async () => {
    const challenger = await service('challenger');
    // As the devnet prints it; its genesis follows from its seed.
    ports.L2_KEY = sampleGenesis('1', 100, 98).signers[0]!.privateKey;
    const [pay, ...looks] = commands('session');
    expect(await cast(pay!.slice(1))).toMatch(/status +1 \(success\)/);
    // The door answers when the batch is made; L1 has it a moment later.
    await until(
      () => services.json(['claims', 'list', ...rollup()]),
      ({ claims }) => claims.length > 0,
    );
    const said = [];
    for (const [, ...args] of looks) said.push(await services.json(args));
    const ether = `${15n * 10n ** 17n}`;
    expect(said).toEqual([
      expect.objectContaining({ claims: [expect.objectContaining({ number: '1', kind: 'diff', status: 'open' })] }),
      expect.objectContaining({ games: [] }),
      expect.objectContaining({ deposited: ether, credit: ether, locked: '0', stake: null }),
      expect.objectContaining({ withdrawn: ether, credit: '0' }),
    ]);
    await challenger.said(/"batch":"1"/);
    const second = [...commands('challenger')[0]!.slice(1)];
    expect(await services.codeOf(second)).toEqual({ exit: 1, code: 'STATE_LOCKED' });
    await services.stop(challenger, 'SIGKILL');
    const again = await service('challenger');
    expect(again.ready).toMatchObject({ head: '1' });
    expect(await services.stop(again)).toMatchObject({ code: 0 });
  });

  it('and has its proofs made by a worker', async () => {
    const redis = await startRedis();
    try {
      ports.REDIS_PORT = new URL(redis.url).port;
      const challenger = await service('challenger', ['--redis', redis.url]);
      await challenger.said(/"msg":"canaryBegun"/);
      const worker = await service('worker');
      expect(worker.ready).toMatchObject({ redis: redis.url, keySets: ['test'] });
      await challenger.said(/"msg":"canarySound"/);
      expect(await services.stop(worker)).toMatchObject({ code: 0 });
      expect(await services.stop(challenger)).toMatchObject({ code: 0 });
    } finally {
      await redis.stop();
    }
  }, 180_000);
});

describe('what cannot be', () => {
  const deposit = (...more: string[]) => ['account', 'deposit', '--amount', '3', ...rollup(), ...more];

  it('has a name', async () => {
    const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const deployment = JSON.parse(readFileSync(join(folder, 'net/deployment.json'), 'utf8'));
    file('other.json', JSON.stringify({ ...deployment, l1ChainId: 1 }));
    file('bad.json', '{}');
    const key = ['--private-key-file', 'net/keys/other'];
    const bond = ['--max-bond', '2'];
    expect(await services.codeOf(deposit(...key, ...bond))).toEqual({ exit: 1, code: 'L1_BOND_CEILING' });
    expect(await services.codeOf(deposit(...key))).toEqual({ exit: 2, code: 'USAGE_SETTING' });
    expect(await services.codeOf(deposit('--keystore', 'bad.json', '--password-file', 'bad.json', ...bond))).toEqual({
      exit: 2,
      code: 'USAGE_KEYSTORE',
    });
    const claims = ['claims', 'list', '--l1', rollup()[1]!, '--deployment'];
    expect(await services.codeOf([...claims, 'other.json'])).toEqual({ exit: 1, code: 'L1_WRONG_CHAIN' });
    expect(await services.codeOf([...claims, 'bad.json'])).toEqual({ exit: 2, code: 'USAGE_DEPLOYMENT' });
    expect(await services.codeOf(['sequencer', ...rollup(), ...key, ...bond])).toEqual({
      exit: 1,
      code: 'L1_NOT_SEQUENCER',
    });
    const watch = ['challenger', '--watch-only', ...rollup(), '--store', 'foreign'];
    mkdirSync(join(folder, 'foreign'));
    file('foreign/rollup.json', '{"l1ChainId":5,"rollup":"0x00"}');
    expect(await services.codeOf(watch)).toEqual({ exit: 1, code: 'STATE_OTHER_CHAIN' });
  });

  it('is not deployed; what is deployed is said with its meaning', async () => {
    const guardian = `0x${'aa'.repeat(20)}`;
    writeFileSync(join(folder, 'game.json'), JSON.stringify({ guardian }));
    const made = [
      '--genesis',
      'net/genesis.json',
      '--parameters',
      'game.json',
      '--key-set',
      'test',
      '--out',
      'new.json',
    ];
    const deploy = ['deploy', '--l1', rollup()[1]!, ...made, '--private-key-file', 'net/keys/deployer'];
    // Batches of 36 s: 65,536 of them are shorter than the longest way to finality.
    expect(await services.codeOf([...deploy, '--min-interval', '36'])).toEqual({ exit: 1, code: 'DISPUTE_PARAMETERS' });
    expect(await services.codeOf([...deploy, '--min-interval', '0'])).toEqual({ exit: 2, code: 'USAGE_INTEGER' });
    const { code, stdout } = await run(deploy, { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stake +100000000000000000000 {2}wei that a stake locks/m);
    expect(stdout).toMatch(/^rootEvery +64 {2}roots are claimed at multiples/m);
    expect(stdout).toMatch(/^minInterval +40 {2}seconds between the timestamps/m);
    expect(stdout).toMatch(new RegExp(`^guardian +${guardian} {2}who may pause`, 'm'));
    expect(JSON.parse(readFileSync(join(folder, 'new.json'), 'utf8')).sequencer).toBe(accountOf('deployer').address);
  });
});
