import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../prover/soak/free-port.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { scratch } from '../helpers/cli.js';
import { cast, Services, until } from '../helpers/services.js';

/** A whole dispute with bisection by single commands, and what they refuse. */
const folder = scratch();
const services = new Services(folder);
const HUNDRED = `${100n * 10n ** 18n}`;
const REVERTED = { exit: 1, code: 'L1_REVERTED' };
const RECEIVER = '0x00000000000000000000000000000000000000aa';
let rollup: string[];
let l1: string;
let l2: string;
let payer: string;

const by = (role: string) => [...rollup, '--private-key-file', `net/keys/${role}`];
const own = () => ['--store', 'own', '--genesis', 'net/genesis.json'];
const show = () => services.json(['disputes', 'show', '1', ...rollup]);
const phase = (name: string) => until(show, ({ game }) => game.phase === name);
const pay = () => cast(['send', '--rpc-url', l2, '--private-key', payer, '--value', '5', RECEIVER]);
const deployment = () => JSON.parse(readFileSync(join(folder, 'net/deployment.json'), 'utf8'));
/** The claims of the account `other`; the lying sequencer goes on with its own beside them. */
const others = async () => {
  const { claims } = await services.json(['claims', 'list', ...rollup, '--all']);
  const { account } = await services.json(['account', 'show', ...by('other')]);
  return claims.filter(({ claimant }: { claimant: string }) => claimant === account);
};

beforeAll(async () => {
  const where = ['--path', 'net', '--l1-port', `${await freePort()}`, '--rpc-port', '0', '--slot', '1'];
  const { ready } = await services.start(['devnet', ...where, '--key-set', 'test', '--accounts', '100', '--lie', '1']);
  ({ l1, rpc: l2 } = ready);
  payer = ready.funded[0].privateKey;
  rollup = ['--l1', l1, '--deployment', 'net/deployment.json'];
  // The lie about the first batch shows in the third one, behind two batches to search.
  for (let batch = 1; batch <= 3; batch++) await pay();
}, 300_000);

describe('a dispute by hand', () => {
  it('finds the batch, proves it, settles and makes it final', async () => {
    const bond = [...own(), '--max-bond', '1.2'];
    expect(await services.codeOf(['disputes', 'challenge', '9', ...by('challenger'), ...bond])).toEqual({
      exit: 1,
      code: 'DISPUTE_NO_CLAIM',
    });
    const opened = await services.json(['disputes', 'challenge', '3', ...by('challenger'), ...bond]);
    expect(opened).toMatchObject({ done: 'challenged', claim: '3', kind: 'diff', batch: '3' });
    await phase('challengerAnswers');
    const prove = ['prove', '--l1', l1, '--dispute', deployment().dispute, '--game', '1'];
    const proof = [...prove, '--store', 'own', '--key-set', 'test', '--data', 'jobs', '--beneficiary', RECEIVER];
    expect(await services.codeOf(proof)).toEqual({ exit: 1, code: 'DISPUTE_SEARCHING' });
    expect(await services.codeOf(['disputes', 'answer', '1', ...by('other'), ...own()])).toEqual({
      exit: 1,
      code: 'DISPUTE_NOT_DUE',
    });
    const answered = await services.json(['disputes', 'answer', '1', ...by('challenger'), ...own()]);
    expect(answered).toMatchObject({ done: 'answered', game: '1', batch: '1', agree: false });
    const { game } = await phase('prove');
    expect(game).toMatchObject({ index: '1', mode: 'root' });
    expect(await services.codeOf([...proof, '--mode', 'diff'])).toEqual({ exit: 2, code: 'USAGE_DISPUTE' });
    const made = await services.json(proof);
    expect(made).toMatchObject({ mode: 'root', bundle: 'batch-1.root.bundle.json' });
    const feed = (bundle: string) =>
      services.json(['disputes', 'feed', bundle, ...prove.slice(1, 5), '--private-key-file', 'net/keys/other']);
    // A root on one that is not final yet.
    const { verifier } = deployment();
    const target = ['--verifier', verifier, '--beneficiary', RECEIVER, '--key-set', 'test', '--data', 'jobs'];
    const second = await services.json(['prove', '--store', 'own', '--batch', '2', '--mode', 'root', ...target]);
    expect(await feed(second.bundle)).toMatchObject({ proven: true, games: [] });
    const finalize = ['disputes', 'finalize', 'root', '2', ...by('other')];
    expect(await services.codeOf(finalize)).toEqual(REVERTED);
    expect(await feed(made.bundle)).toMatchObject({ proven: true, games: ['1'] });
    expect((await show()).game).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
    expect(await services.codeOf(['disputes', 'settle', '1', ...by('other')])).toEqual(REVERTED);
    expect(await services.json(finalize)).toMatchObject({ done: 'finalized', kind: 'root', batch: '2' });
    expect((await services.json(['claims', 'list', ...rollup])).lastFinalRoot).toBe('2');
  });

  it('is not begun against what is true, nor without the money', async () => {
    const claim = ['claims', 'make', 'diff', '2', ...by('other'), ...own()];
    const stake = ['account', 'stake', ...by('other'), '--max-bond'];
    expect(await services.codeOf(claim)).toEqual(REVERTED); // no stake
    expect(await services.codeOf([...stake, '99'])).toEqual({ exit: 1, code: 'L1_BOND_CEILING' });
    expect(await services.json([...stake, '100'])).toMatchObject({
      locked: HUNDRED,
      credit: '0',
      stake: expect.stringMatching(/^[1-9]\d*$/),
    });
    expect(await services.codeOf([...stake, '200'])).toEqual(REVERTED); // it has one
    expect(await services.json(claim)).toMatchObject({ done: 'claimed', kind: 'diff', batch: '2' });
    expect(await services.codeOf(claim)).toEqual(REVERTED);
    const { id, status } = (await others()).at(-1);
    expect(status).toBe('open');
    const against = ['disputes', 'challenge', id, ...by('challenger'), ...own(), '--max-bond', '5'];
    expect(await services.codeOf(against)).toEqual({ exit: 1, code: 'DISPUTE_OWN_VALUE' });
    const resolve = ['disputes', 'resolve', id, ...by('other')];
    expect(await services.codeOf(resolve)).toEqual(REVERTED);
    expect(await services.codeOf(['account', 'unstake', ...by('other')])).toEqual(REVERTED); // a claim is live
    await cast(['rpc', '--rpc-url', l1, 'evm_increaseTime', '28900']);
    await cast(['rpc', '--rpc-url', l1, 'evm_mine']);
    expect(await services.json(resolve)).toMatchObject({ done: 'resolved', claims: [id] });
    expect((await others()).at(-1)).toMatchObject({ id, status: 'final', recorded: true });
    expect(await services.json(['account', 'unstake', ...by('other')])).toMatchObject({
      recorded: 0,
      stake: null,
      locked: '0',
      credit: HUNDRED,
    });
    expect(await services.json(['account', 'withdraw', ...by('other')])).toMatchObject({
      withdrawn: HUNDRED,
      credit: '0',
    });
    expect(await services.codeOf(['account', 'unstake', ...by('other')])).toEqual(REVERTED); // nothing is staked
  });

  it('a batch of a store is proven without a game too', async () => {
    const made = await services.json([
      'prove',
      '--store',
      'own',
      '--batch',
      '2',
      '--key-set',
      'test',
      '--data',
      'jobs',
    ]);
    const bundle = parseBundle(readFileSync(join(folder, 'batch-2.diff.bundle.json'), 'utf8'));
    expect(made).toMatchObject({ mode: 'diff', value: `${bundle.value}` });
    expect((await others()).at(-1).value).toBe(made.value);
    expect(await services.codeOf(['prove', '--store', 'own', '--key-set', 'test'])).toEqual({
      exit: 2,
      code: 'USAGE_INTEGER',
    });
    expect(await services.codeOf(['prove'])).toEqual({ exit: 2, code: 'USAGE_FILE' });
  });
});
