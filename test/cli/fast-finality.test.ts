import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../prover/soak/free-port.js';
import { scratch } from '../helpers/cli.js';
import { cast, Services, until } from '../helpers/services.js';

const services = new Services(scratch());
const RECEIVER = '0x00000000000000000000000000000000000000aa';
let net: Awaited<ReturnType<Services['start']>>;

beforeAll(async () => {
  const where = ['--path', 'net', '--l1-port', `${await freePort()}`, '--rpc-port', '0', '--slot', '1'];
  net = await services.start(['devnet', ...where, '--key-set', 'test', '--accounts', '100', '--fast-finality']);
}, 300_000);

describe('a sequencer with --fast-finality', () => {
  it('makes its roots final by proof, one after another, without a claim and long before their windows', async () => {
    const { rpc, l1, funded } = net.ready;
    for (let batch = 1; batch <= 2; batch++) {
      await cast(['send', '--rpc-url', rpc, '--private-key', funded[0].privateKey, '--value', '5', RECEIVER]);
    }
    const list = ['claims', 'list', '--all', '--l1', l1, '--deployment', 'net/deployment.json'];
    const { claims } = await until(
      () => services.json(list),
      ({ lastFinalRoot }) => lastFinalRoot === '2',
    );
    expect(claims.map(({ kind, status }: { kind: string; status: string }) => `${kind} ${status}`)).toEqual([
      'diff open',
      'diff open',
    ]);
  }, 240_000);
});
