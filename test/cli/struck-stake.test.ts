import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { deploymentText } from '../../prover/config/deployment.js';
import { accountOf, World } from '../../prover/demo/world.js';
import { batchHash, sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { LOCAL_INTERVAL, LOCAL_PARAMETERS } from '../../src/dispute/parameters.js';
import { buildKeySet } from '../../src/proof/keyset.js';
import { addressOf } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { scratch, write } from '../helpers/cli.js';
import { Services } from '../helpers/services.js';

/** By hand, on an L1 without agents: one game strikes a stake by its clock, and a proof for the other one is made after that. */
const folder = scratch();
const services = new Services(folder);
const REVERTED = { exit: 1, code: 'L1_REVERTED' };
const STAKE = `${LOCAL_PARAMETERS.stake}`;
let world: World;
let on: string[];

const by = (role: 'challenger' | 'other' | 'deployer') => [...on, '--private-key-file', role];
const shown = (role: 'challenger' | 'other') => services.json(['account', 'show', ...by(role)]);
const settle = (game: string) => ['disputes', 'settle', game, ...by('deployer')];
const reimburse = ['disputes', 'reimburse', '1'];

beforeAll(async () => {
  const keySet = await buildKeySet('test');
  const keys = { keySet: keySet.name, keySetHash: keySet.hash };
  const parameters = LOCAL_PARAMETERS;
  const { guardian: _, ...rest } = parameters;
  world = await World.open({
    keySet,
    rules: RULES_V2,
    seed: 'struck',
    accounts: 8,
    parameters: rest,
    minInterval: LOCAL_INTERVAL,
  });
  const [node, proofs, l1] = [await world.node('sequencer'), await world.proofs(), world.account('sequencer')];
  await proofs.queue.work({ concurrency: 1 });
  const feeRecipient = addressOf('struck fee recipient');
  const sequencer = new Sequencer({ node, l1, proofs, keys, feeRecipient });
  const [liar, challenger] = [world.account('other'), world.account('challenger')];
  await liar.send('stake', liar.calls.stake(parameters.stake));
  for (const number of [1n, 2n]) {
    await world.passTime(LOCAL_INTERVAL);
    const sample = { genesis: world.genesis, state: node.state.view(), number, feeRecipient, rules: RULES_V2 };
    const txs = await sampleBatch({ ...sample, transfers: 2, calls: 0, invalid: false });
    const batch = sealBatch(await sequencer.environment(), txs);
    await node.apply(batch);
    await l1.send('submitBatch', l1.calls.submitBatch(batch));
    const value = await node.value('diff', number);
    await liar.send('claim', liar.calls.claim('diff', number, batchHash(batch.header), value + 1n));
    const claim = await challenger.dispute.claim(number);
    const preRoot = await node.rootAfter(number - 1n);
    await challenger.send('challenge', challenger.calls.challenge(claim.id, claim.claimHash, preRoot, parameters.bond));
  }
  const { request } = await node.truth(1n, 'diff');
  const target = { l1ChainId: 31_337n, verifier: world.contracts.verifier, beneficiary: challenger.account.address };
  write(folder, 'bundle.json', (await proofs.prove(request, { ...keys, ...target })).text);
  for (const role of ['challenger', 'other', 'deployer'] as const) {
    write(folder, role, `0x${Buffer.from(accountOf(role).getHdKey().privateKey!).toString('hex')}\n`);
  }
  const rollup = { l1ChainId: 31_337, sequencer: accountOf('sequencer').address, genesisRoot: world.genesisRoot };
  write(folder, 'deployment.json', deploymentText({ ...world.contracts, ...rollup, ...keys }));
  on = ['--l1', world.l1.url, '--deployment', 'deployment.json'];
}, 300_000);
afterAll(() => world?.close());

describe('a claimant that is silent', () => {
  it('loses its stake by the clock: the bonds come back, and the reward', async () => {
    expect(await shown('other')).toMatchObject({ stake: '1', locked: STAKE, lost: '0' });
    expect(await services.codeOf(settle('2'))).toEqual(REVERTED); // its clock runs
    await world.passTime(LOCAL_PARAMETERS.clock + 1n);
    expect(await services.codeOf(settle('1'))).toEqual(REVERTED); // it waits for its proof
    expect(await services.codeOf([...reimburse, ...by('deployer')])).toEqual(REVERTED);
    expect(await services.json(settle('2'))).toMatchObject({ done: 'settled', game: '2' });
    expect(await services.json(settle('1'))).toMatchObject({ done: 'settled', game: '1' });
    const { games } = await services.json(['disputes', 'list', '--all', ...on]);
    expect(games.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['claimFell', 'challengerWins']);
    const { credit, locked } = await shown('challenger');
    expect(BigInt(credit)).toBeGreaterThan(2n * LOCAL_PARAMETERS.bond + LOCAL_PARAMETERS.reward);
    expect(locked).toBe('0');
  });

  it('pays for a proof that comes after that, once', async () => {
    const before = BigInt((await shown('challenger')).credit);
    const feed = ['disputes', 'feed', 'bundle.json', '--l1', world.l1.url, '--dispute', world.contracts.dispute];
    const fed = await services.json([...feed, '--private-key-file', 'challenger']);
    expect(fed).toMatchObject({ proven: true, games: [] });
    expect(BigInt((await shown('challenger')).credit)).toBe(before);
    const done = await services.json([...reimburse, ...by('deployer')]);
    expect(done).toMatchObject({ done: 'reimbursed', game: '1' });
    const paid = BigInt((await shown('challenger')).credit) - before;
    expect(paid).toBeGreaterThan(LOCAL_PARAMETERS.proofPay);
    expect(paid).toBeLessThan(LOCAL_PARAMETERS.proofPay + 10n ** 16n);
    expect(await services.codeOf([...reimburse, ...by('deployer')])).toEqual(REVERTED);
  });

  it('may stake anew, up to what its owner allows to lose in all', async () => {
    const { claims } = await services.json(['claims', 'list', '--all', ...on]);
    expect(claims.map(({ status }: { status: string }) => status)).toEqual(['void', 'refuted']);
    expect(await shown('other')).toMatchObject({ stake: null, locked: '0', lost: STAKE });
    const stake = ['account', 'stake', ...by('other'), '--max-bond'];
    expect(await services.codeOf([...stake, '199'])).toEqual({ exit: 1, code: 'L1_BOND_CEILING' });
    expect(await services.json([...stake, '200'])).toMatchObject({ stake: '2', locked: STAKE });
    expect(await services.json(['account', 'unstake', ...by('other')])).toMatchObject({ stake: null, credit: STAKE });
  });
});
