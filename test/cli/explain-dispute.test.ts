import type { Address } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ForgedField, type Forgery, forgeBatch } from '../../prover/node/forgery.js';
import { L2Node } from '../../prover/node/node.js';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { batchFileText } from '../../src/batch/batch-file.js';
import { diffItems } from '../../src/batch/diff.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { batchHash, sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Batch } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { encodeBundle } from '../../src/proof/bundle-file.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { shownParts } from '../helpers/bundles.js';
import { claimText } from '../helpers/claim-text.js';
import { each, jsonOf, run, scratch, write } from '../helpers/cli.js';
import { createDisputeWorld, type DisputeWorld, recordTruth } from '../helpers/dispute-world.js';
import { explainedGenesis, explainedItems } from '../helpers/explained-batch.js';
import { LIARS } from '../helpers/liars.js';
import { ANNOUNCER } from '../helpers/root-world.js';

const folder = scratch();
const genesis = explainedGenesis('explain dispute');
const other: GenesisState = new Map(genesis.state).set(`0x${'99'.repeat(20)}`, {
  ...{ nonce: 1n, balance: 1n, code: '0x', storage: new Map() },
});
const nodes: L2Node[] = [];
let world: DisputeWorld;
let batch: Batch;
let forgery: Forgery;
let preRoot: bigint;
/** h(diff): the true one, and the liar's, which is claimed. */
let truth: bigint;
let lie: bigint;
/** The root after the batch: the true one, and the liar's. */
let trueRoot: bigint;
let lyingRoot: bigint;
let file: string;
let claim: string;
/** A claim about one field, which is wrong. */
let part: string;

const keep = (told: Forgery) => {
  forgery = told;
};

async function store(name: string, own: Batch | undefined, state = genesis.state, forged: ForgedField[] = []) {
  const tamper = forgeBatch(1n, 'seed', keep, forged);
  const options = { path: `${folder}/${name}`, rules: RULES_V2, genesis: state };
  const node = await L2Node.open(forged.length === 0 ? options : { ...options, tamper });
  nodes.push(node);
  if (own !== undefined) await node.apply(own);
  return node;
}

beforeAll(async () => {
  preRoot = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(new MemoryState(genesis.state)));
  world = await createDisputeWorld({}, { genesisRoot: preRoot, rules: RULES_V2 });
  const feeRecipient = world.sequencer.account.address.toLowerCase() as Address;
  batch = await world.nextBatch(await explainedItems(genesis, feeRecipient), { feeRecipient });
  await world.send(world.sequencer, world.posts.submitBatch(batch));
  recordTruth(batch, world.batches, world.roots, world.diffs);
  file = write(folder, 'batch.json', batchFileText({ preState: genesis.state, batch }));
  const honest = await store('honest', batch);
  [truth, trueRoot] = [await honest.value('diff', 1n), await honest.rootAfter(1n)];
  const liar = await store('liar', batch, genesis.state, ['slot']);
  [lie, lyingRoot] = [await liar.value('diff', 1n), await liar.rootAfter(1n)];
  claim = write(folder, 'claim.json', claimText(diffItems(await liar.changesOf(1n))));
  part = write(folder, 'part.json', JSON.stringify({ [genesis.token]: { nonce: 9 } }));
  await store('empty', undefined);
  const { txsHash: _, ...environment } = batch.header;
  await store('other batch', sealBatch(environment, []));
  await store('other state', batch, other);
  const told = await L2Node.open({
    ...{ path: `${folder}/told`, rules: RULES_V2, genesis: genesis.state },
    announcer: ANNOUNCER.address.toLowerCase() as Address,
  });
  nodes.push(told);
  const { replay } = await replayBatch(new MemoryState(genesis.state), batch, RULES_V2);
  const announced = { batchHash: batchHash(batch.header), list: replay.blockAccessList };
  await told.apply(batch, await LIARS.find(({ name }) => name === 'wrong balance')!.lie(announced, ANNOUNCER));
  for (const node of nodes) await node.close();
  const { id } = await world.claim(world.alice, 'diff', 1n, lie);
  await world.challenge(world.bob, id);
});

afterAll(() => world.l1.stop());

const asked = (id = '1', dispute: string = world.dispute.address) => [
  ...['--l1', world.l1.url, '--dispute', dispute, '--game', id],
];
const stores = (...names: string[]) => names.flatMap((name) => ['--store', `${folder}/${name}`]);
const hex = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;

async function explained(...args: string[]) {
  const ended = await run(['explain', ...args, '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  return jsonOf(ended);
}

async function words(...args: string[]): Promise<string> {
  const ended = await run(['explain', ...args]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}

describe('an announcement that is not so', () => {
  it('is shown against what execution produced', async () => {
    const { announced } = await explained(...asked(), ...stores('told'));
    expect(announced).toMatchObject([
      { from: expect.stringContaining('told'), count: 1, first: [{ field: 'balance' }] },
    ]);
    const text = await words(...asked(), ...stores('told'));
    expect(text).toMatch(
      /announced of batch 1 .*, and not produced:\n {2}balance of 0x\w+ after item \d+: announced \d+, produced \d+\n/,
    );
    expect(await explained(...asked(), ...stores('honest'))).not.toHaveProperty('announced');
  });
});

describe('a dispute', () => {
  it('is explained by L1 alone: batch, mode, claim, phase', async () => {
    const json = await explained(...asked());
    expect(json).toEqual({ dispute: expect.anything() });
    const hash = batchHash(batch.header);
    expect(json.dispute).toMatchObject({
      ...{ game: '1', l1ChainId: 31_337, phase: 'prove', outcome: 'none', winner: null, proven: null },
      challenger: world.bob.account.address,
      claim: { id: '1', kind: 'diff', number: '1', value: String(lie), claimant: world.alice.account.address },
      disputed: {
        number: '1',
        mode: 'diff',
        agreed: String(preRoot),
        by: 'final',
        target: String(lie),
        batchHash: hash,
      },
    });
    expect(await words(...asked())).toContain(
      [
        `disputed the diff of batch 1 (${hash})`,
        `agreed   root ${hex(preRoot)} before it: it is final`,
        `claimed  ${hex(lie)}; the challenger denies it`,
        'proven   nothing yet',
      ].join('\n'),
    );
  });

  it('with batch and claimed diff: which slot is forged, and which row decides', async () => {
    const { claimed, diff, batch: number } = await explained(file, '--claim', claim, ...asked());
    expect({ number, diff }).toEqual({ number: '1', diff: String(truth) });
    expect(claimed).toMatchObject([{ value: String(lie), isClaimed: true, whole: true, surplus: [] }]);
    const [wrong, ...more] = claimed[0].wrong;
    expect(more).toEqual([]);
    expect(wrong).toMatchObject({ address: forgery.address, field: forgery.slot });
    expect(`slot ${wrong.field} = ${wrong.claimed}`).toBe(forgery.claimed);
    expect(`slot ${wrong.field} = ${wrong.truth}`).toBe(forgery.truth);
    expect(wrong.departs.at).toMatchObject({ chip: 'sstore', address: genesis.token, to: wrong.truth });
    const told = await words(file, '--claim', claim, ...asked());
    expect(told).toMatch(/^says {5}file .*claim\.json: \d+ accounts, exactly what is claimed\n1 wrong:\nslot 0x/m);
    const { origin, tx } = wrong.departs.at;
    expect(told).toMatch(new RegExp(`^ {2}${origin}: \\d+ -> ${wrong.truth} \\(a row of sstore\\)`, 'm'));
    expect(told).toMatch(
      new RegExp(`The last one is of transaction ${tx} \\(0x\\w{64}, from 0x\\w{40} to ${genesis.token}`),
    );
  });

  it('with the stores of both sides and no file: what each side says', async () => {
    const json = await explained(...stores('liar', 'honest'), '--claim', part, ...asked());
    expect(json).toMatchObject({ from: `store ${folder}/liar`, batch: '1', diff: String(truth) });
    expect(json.claimed).toMatchObject([
      {
        from: `store ${folder}/liar`,
        value: String(lie),
        isClaimed: true,
        whole: true,
        wrong: [{ field: forgery.slot }],
      },
      { from: `store ${folder}/honest`, value: String(truth), isClaimed: false, whole: true, wrong: [] },
      { from: `file ${folder}/part.json`, isClaimed: false, whole: false, wrong: [{ field: 'nonce' }] },
    ]);
    const told = await words(...stores('honest'), '--claim', part, ...asked());
    expect(told).toContain(`store ${folder}/honest: `);
    expect(told).toContain(
      `accounts, ${hex(truth)}: not what is claimed\nEvery claimed field is what the batch makes of it.`,
    );
    expect(told).toMatch(/1 account, whose hash 0x\w{64} is not the claimed one: it is another diff, or not all of it/);
  });

  it('about a root, of which no items are known but in the store of who claims it', () =>
    world.isolated(async () => {
      const { id } = await world.claim(world.alice, 'root', 1n, lyingRoot);
      const game = await world.challenge(world.bob, id);
      const json = await explained(file, ...stores('liar'), '--claim', part, ...asked(String(game.id)));
      expect(json.dispute.disputed).toMatchObject({ mode: 'root', agreed: String(preRoot), target: String(lyingRoot) });
      expect(json).toMatchObject({ root: String(trueRoot), diff: String(truth) });
      expect(json.claimed).toMatchObject([
        { value: String(lyingRoot), isClaimed: true, whole: true, wrong: [{ field: forgery.slot }] },
        { value: null, isClaimed: false, whole: false, wrong: [{ field: 'nonce' }] },
      ]);
    }));

  it('with a bundle: what it would decide', async () => {
    const bundle = (name: string, value: bigint, verifier = world.verifier) => {
      const head = { l1ChainId: 31_337n, verifier, beneficiary: verifier, keySetHash: ZERO_WORD, rulesHash: ZERO_WORD };
      const { header } = batch;
      const parts = shownParts(batch.txs, [0]);
      const text = encodeBundle({ ...head, header, preRoot, mode: 'diff', value, parts });
      return write(folder, `${name}.json`, text);
    };
    const cases: [path: string, effect: RegExp][] = [
      [bundle('true', truth), /^decides game 1 for the challenger$/],
      [bundle('lie', lie), /^decides game 1 for the claimant$/],
      [bundle('elsewhere', truth, genesis.writer), /^decides nothing of game 1, whose ProofVerifier is 0x/],
    ];
    await each(cases, async ([path, effect]) => {
      const json = await explained(path, ...asked());
      expect(json.bundle.effect).toMatch(effect);
      expect(json.bundle).not.toHaveProperty('fits');
    });
  });

  it('that cannot be explained says why', async () => {
    const { txsHash: _, ...environment } = batch.header;
    const shorter = sealBatch(environment, batch.txs.slice(1));
    const otherBatch = write(folder, 'other.json', batchFileText({ preState: genesis.state, batch: shorter }));
    const otherState = write(folder, 'state.json', batchFileText({ preState: other, batch }));
    const held = await L2Node.open({ path: `${folder}/empty`, rules: RULES_V2 });
    const cases: [args: string[], code: string, says: RegExp][] = [
      [asked('9'), 'DISPUTE_NO_GAME', /Dispute 0x\w{40} has no game 9; it has 1, numbered from 1/],
      [asked('1', genesis.writer), 'L1_NO_DISPUTE', /has no code on chain 31337\. .*dispute\(\)/],
      [asked('1', world.rollup.address), 'L1_NO_DISPUTE', /contract 0x\w{40} on chain 31337 is no Dispute/],
      [[otherBatch, ...asked()], 'BATCH_OTHER', /is batch 1 \(0x\w{64}\); game 1 is about batch 1 \(0x\w{64}\)/],
      [
        [otherState, ...asked()],
        'BATCH_OTHER_STATE',
        /has root 0x\w{64}; in game 1 the agreed root before batch 1 is 0x/,
      ],
      [[...stores('other batch'), ...asked()], 'STATE_OTHER_BATCH', /Batch 1 of the store .* is 0x\w{64}, and 0x/],
      [
        [...stores('other state'), ...asked()],
        'STATE_OTHER_ROOT',
        /agreed root before batch 1 is 0x.*other state has 0x/,
      ],
      [[...stores('empty'), ...asked()], 'STATE_LOCKED', /in use by another process/],
    ];
    await each(cases, async ([args, code, says]) => {
      const ended = await run(['explain', ...args, '--json']);
      const { error } = jsonOf(ended);
      expect({ args, exit: ended.code, code: error?.code }).toEqual({ args, exit: 1, code });
      expect(error.message).toMatch(says);
    });
    await held.close();
    const ended = await run(['explain', ...stores('empty'), ...asked()]);
    expect(ended.stderr).toMatch(/STATE_UNKNOWN_BATCH: The store .*empty has no batch 1; its latest is 0/);
  });

  it('that still looks for its batch is explained alone, and not with a batch', () =>
    world.isolated(async () => {
      await world.post(3);
      const { id } = await world.claim(world.carol, 'root', 4n, 5n);
      const game = await world.challenge(world.dave, id);
      expect(await words(...asked(String(game.id)))).toMatch(
        /^disputed not found yet: .* after batch 0, .* up to batch 4$/m,
      );
      const ended = await run(['explain', file, ...asked(String(game.id))]);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(
        /DISPUTE_SEARCHING: Game 2 has not found its batch yet: it lies above 0 and up to 4/,
      );
    }));

  it('that is paused says that its time stands still', () =>
    world.isolated(async () => {
      expect(await words(...asked())).toMatch(/a proof is due within \d+ s, else/);
      await world.send(world.guardian, world.calls.pause());
      expect(await words(...asked())).toMatch(/a proof is due within \d+ s \(paused\), else/);
    }));

  it('that is closed says who won and what was proven', () =>
    world.isolated(async () => {
      await world.prove(world.carol, 1n, preRoot, 'diff', [1n]);
      const { dispute } = await explained(...asked());
      const proven = { value: String(world.diffs[1]), payee: world.carol.account.address };
      expect(dispute).toMatchObject({ phase: 'closed', outcome: 'challengerWins', winner: 'challenger', proven });
    }));
});
