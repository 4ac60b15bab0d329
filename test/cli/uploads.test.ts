import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { World } from '../../prover/demo/world.js';
import { batchHash, sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { addressOf } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

/** `prove --upload` and `disputes feed` on a small bundle; the large ones are in `test/e2e/parts.test.ts`. */
const env = { DELTAPROOF_PRIVATE_KEY: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80' };
const TEST = ['--key-set', 'test', '--json'];
const folder = scratch();
const bundle = `${folder}/out.json`;
let l1: LocalL1;
let prove: string[];
let keySet: KeySet;

beforeAll(async () => {
  keySet = await buildKeySet('test');
  l1 = await startAnvil();
  const deployed = await run(['deploy', '--l1', l1.url, ...TEST], { env });
  expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
  const batch = write(folder, 'batch.json', await smallBatchFile());
  const target = ['--verifier', jsonOf(deployed).verifier, '--out', bundle, '--data', `${folder}/data`];
  prove = ['prove', batch, ...target, ...TEST];
});
afterAll(() => l1?.stop());

describe('prove --upload', () => {
  it('takes the parts to the verifier when the bundle is there', async () => {
    const ended = await run([...prove, '--upload', l1.url], { env });
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const { parts } = parseBundle(readFileSync(bundle));
    const { upload } = jsonOf(ended);
    expect(upload).toMatchObject({ parts: parts.length, before: 0, transactions: 1 });
    expect(Number(upload.gas)).toBeGreaterThan(300_000);
    expect(ended.stderr).toContain(`${parts.length} of ${parts.length} parts are there, 0 are left`);
  });

  it('again sends nothing: L1 has had them', async () => {
    const { parts } = parseBundle(readFileSync(bundle));
    const ended = await run([...prove, '--upload', l1.url], { env });
    expect(jsonOf(ended).upload).toEqual({ parts: parts.length, before: parts.length, transactions: 0, gas: '0' });
  });

  it('refuses before it proves: no key, no L1, no verifier', async () => {
    const refused = async (args: string[], code: string, exit: number, environment = env) => {
      const ended = await run([...prove.slice(0, 2), '--data', `${folder}/none`, ...TEST, ...args], {
        env: environment,
      });
      expect({ code: jsonOf(ended).error.code, exit: ended.code }).toEqual({ code, exit });
    };
    const noKey = { DELTAPROOF_PRIVATE_KEY: '0x12' };
    await refused(['--upload', l1.url, '--verifier', `0x${'11'.repeat(20)}`], 'L1_NO_VERIFIER', 1);
    await refused(['--upload', 'http://127.0.0.1:1'], 'L1_UNREACHABLE', 1);
    await refused(['--upload', l1.url, '--l1-chain-id', '1'], 'L1_WRONG_CHAIN', 1);
    await refused(['--upload', l1.url], 'USAGE_PRIVATE_KEY', 2, noKey);
  });
});

/** A false claim on batch 1, disputed, and the file with the bundle that decides it. */
async function gameWithBundle(world: World): Promise<{ path: string; game: bigint }> {
  const [node, proofs, l1] = [await world.node('sequencer'), await world.proofs(), world.account('sequencer')];
  await proofs.queue.work({ concurrency: 1 });
  const keys = { keySet: keySet.name, keySetHash: keySet.hash };
  const feeRecipient = addressOf('feed fee recipient');
  await world.passTime(12n);
  const environment = await new Sequencer({ node, l1, proofs, keys, feeRecipient }).environment();
  const { genesis } = world;
  const sample = { genesis, state: node.state.view(), number: 1n, feeRecipient, rules: RULES_V2 };
  const batch = sealBatch(environment, await sampleBatch({ ...sample, transfers: 3, calls: 0, invalid: false }));
  await node.apply(batch);
  await l1.send('submitBatch', l1.calls.submitBatch(batch));
  const [liar, challenger] = [world.account('other'), world.account('challenger')];
  const { stake, bond } = await l1.dispute.parameters();
  const { request, value } = await node.truth(1n, 'diff');
  await liar.send('stake', liar.calls.stake(stake));
  await liar.send('claim', liar.calls.claim('diff', 1n, batchHash(batch.header), value + 1n));
  const [claim] = (await l1.dispute.view()).claims;
  await challenger.send('challenge', challenger.calls.challenge(claim!.id, claim!.claimHash, request.preRoot, bond));
  const target = { l1ChainId: 31_337n, verifier: world.contracts.verifier, beneficiary: challenger.account.address };
  const { text } = await proofs.prove(request, { ...keys, ...target });
  return { path: write(folder, 'game.json', text), game: (await l1.dispute.view()).games[0]!.id };
}

describe('disputes feed', () => {
  const feed = (...args: string[]) => run(['disputes', 'feed', bundle, '--l1', l1.url, '--json', ...args], { env });

  it('says that nothing is left of what L1 has had', async () => {
    const ended = await feed();
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(jsonOf(ended)).toMatchObject({ transactions: 0, proven: false, games: [] });
    expect(ended.stderr).toMatch(/L1 has had (\d+) of \1 parts/);
  });

  it('proves a bundle that fits to the dispute in one transaction, and settles the game that waits for it', async () => {
    const world = await World.open({ keySet, rules: RULES_V2, seed: 'feed', accounts: 8 });
    try {
      const { path, game } = await gameWithBundle(world);
      const on = ['--l1', world.l1.url, '--dispute', world.contracts.dispute, '--json'];
      const ended = await run(['disputes', 'feed', path, ...on], { env });
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect(jsonOf(ended)).toMatchObject({ before: 0, transactions: 1, proven: true, games: [game.toString()] });
      const { games } = await world.account('other').dispute.view();
      expect(games.map(({ outcome }) => outcome)).toEqual(['challengerWins']);
      // A bundle for another verifier than the dispute asks.
      const { verifier } = jsonOf(await run(['deploy', '--l1', world.l1.url, ...TEST], { env }));
      const text = JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), verifier }, null, 2);
      const other = await run(['disputes', 'feed', write(folder, 'other.json', `${text}\n`), ...on], { env });
      expect(jsonOf(other).error).toMatchObject({ code: 'L1_NO_DISPUTE', message: expect.stringContaining(verifier) });
    } finally {
      await world.close();
    }
  });

  it('refuses by name what is no dispute, and a game without one', async () => {
    const code = async (...args: string[]) => jsonOf(await feed(...args)).error.code;
    expect(await code('--dispute', `0x${'11'.repeat(20)}`)).toBe('L1_NO_DISPUTE');
    expect(await code('--game', '1')).toBe('USAGE_GAME');
    expect(await code('--dispute', `0x${'11'.repeat(20)}`, '--game', 'x')).toBe('USAGE_GAME');
  });
});
