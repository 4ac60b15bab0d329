import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../prover/soak/free-port.js';
import { scratch, write } from '../helpers/cli.js';
import { cast, Services, until } from '../helpers/services.js';

/** A dispute from a false claim to the winner's money, by the commands that operators run; the key is in a keystore. */
const folder = scratch();
const services = new Services(folder);
const BENEFICIARY = '0x00000000000000000000000000000000000000aa';
let rollup: string[];
let net: Awaited<ReturnType<Services['start']>>;

const watch = () => ['challenger', ...rollup, '--genesis', 'net/genesis.json', '--look', '1'];

beforeAll(async () => {
  const where = ['--path', 'net', '--l1-port', `${await freePort()}`, '--rpc-port', '0'];
  net = await services.start(['devnet', ...where, '--key-set', 'test', '--accounts', '100', '--lie', '1']);
  rollup = ['--l1', net.ready.l1, '--deployment', 'net/deployment.json'];
  // A file that another program made.
  const key = readFileSync(join(folder, 'net/keys/challenger'), 'utf8').trim();
  await cast([
    'wallet',
    'import',
    'challenger',
    '--private-key',
    key,
    '--keystore-dir',
    folder,
    '--unsafe-password',
    'right',
  ]);
  write(folder, 'password', 'right\n');
  write(folder, 'wrong', 'wrong\n');
}, 300_000);

describe('a sequencer that lies once', () => {
  const account = (file: string) => ['--keystore', 'challenger', '--password-file', file];

  it('is challenged by nobody whose password is wrong', async () => {
    const ended = await services.run([...watch(), '--store', 'own', '--max-bond', '1', ...account('wrong')]);
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('"USAGE_KEYSTORE"') });
    expect(ended.stderr).toMatch(/password does not open the keystore challenger/);
  });

  it('is seen by who only watches, and loses to a challenger', async () => {
    const watcher = await services.start([...watch(), '--store', 'watch', '--watch-only']);
    expect(watcher.ready).toMatchObject({ account: null, head: '0' });
    const [{ privateKey }] = net.ready.funded;
    const paid = ['send', '--rpc-url', net.ready.rpc, '--private-key', privateKey, '--value', '5', BENEFICIARY];
    expect(await cast(paid)).toMatch(/status +1 \(success\)/);
    const line = JSON.parse(await watcher.said(/^.*claim is false.*$/m));
    expect(line).toMatchObject({ level: 'error', service: 'challenger', claim: '1', kind: 'diff', batch: '1' });
    expect(line.claimed).not.toBe(line.own);
    expect(await services.stop(watcher)).toMatchObject({ code: 0 });
    expect((await services.json(['disputes', 'list', ...rollup, '--all'])).games).toEqual([]);

    const before = await services.json(['account', 'show', ...rollup, ...account('password')]);
    const staked = ['--store', 'own', '--data', 'jobs', '--max-bond', '2', ...account('password')];
    const challenger = await services.start([...watch(), ...staked]);
    await challenger.said(/"msg":"sent challenge"/);
    const { game } = await until(
      () => services.json(['disputes', 'show', '1', ...rollup]),
      (answer) => answer.game.phase === 'closed',
    );
    expect(game).toMatchObject({ outcome: 'challengerWins', index: '1', challenger: before.account });
    const { claims } = await services.json(['claims', 'list', ...rollup, '--all']);
    expect(claims).toMatchObject([{ id: '1', number: '1', status: 'refuted' }]);
    const ended = await services.stop(challenger);
    expect(ended).toMatchObject({ code: 0 });
    const said = ended.stderr
      .split('\n')
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text).msg);
    expect(said).toEqual(expect.arrayContaining(['canarySound', 'challenges', 'sent challenge', 'proven']));
    // The bond (1.2) comes back with the reward and the pay of who proves, 1 each, and what the proof has cost.
    const { credit } = await services.json(['account', 'show', ...rollup, ...account('password')]);
    expect(BigInt(credit)).toBeGreaterThan(BigInt(before.credit) + 32n * 10n ** 17n);
    await net.said(/"msg":"stakeLost"/);
    await net.said(/"msg":"nodeWrong"/);
  });
});
