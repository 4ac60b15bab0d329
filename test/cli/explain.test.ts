import { keccak256 } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { batchFileText } from '../../src/batch/batch-file.js';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { batchHash, sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { AccountAccess, Batch, Replay } from '../../src/batch/types.js';
import { OP } from '../../src/evm/opcodes.js';
import { replayBatch } from '../../src/execution/replay.js';
import { encodeBundle } from '../../src/proof/bundle-file.js';
import type { Bundle } from '../../src/proof/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { shownParts } from '../helpers/bundles.js';
import { claimText } from '../helpers/claim-text.js';
import { each, jsonOf, run, scratch, smallBatchFile, start, write } from '../helpers/cli.js';
import { CALL_PC, explainedGenesis, explainedItems, WRITTEN } from '../helpers/explained-batch.js';

const folder = scratch();
const genesis = explainedGenesis('cli explain');
const { token, writer } = genesis;
let batch: Batch;
let replay: Replay;
let path: string;
let preRoot: bigint;

beforeAll(async () => {
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  batch = sealBatch(environment, await explainedItems(genesis, environment.feeRecipient));
  const state = new MemoryState(genesis.state);
  replay = (await replayBatch(state, batch, RULES_V2)).replay;
  preRoot = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(state));
  path = write(folder, 'batch.json', batchFileText({ preState: genesis.state, batch }));
});

/** A batch's entry of the access list. */
function accessOf(address: string): AccountAccess {
  return replay.accessList.find((access) => access.address === address)!;
}

let files = 0;
const file = (text: string) => write(folder, `${files++}.json`, text);
const claim = (accounts: object) => file(JSON.stringify(accounts));

async function explained(...args: string[]) {
  const ended = await run(['explain', ...args, '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  return jsonOf(ended);
}

async function words(...args: string[]): Promise<string[]> {
  const ended = await run(['explain', ...args]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout.trimEnd().split('\n');
}

/** The last transfer event of the token to an account: its transaction, by the events and steps of the VM alone. */
function lastTransfer() {
  const [item, outcome] = [...replay.outcomes.entries()].findLast(
    ([, one]) =>
      one.kind === 'executed' && one.run?.logs[0]?.topics.length === 3 && [...one.run.steps].filter(isStore).length > 1,
  )!;
  if (outcome.kind !== 'executed' || outcome.run === undefined) throw new Error('no transfer of the token');
  const { logs, steps } = outcome.run;
  const receiver = `0x${logs[0]!.topics[2]!.slice(26)}` as const;
  return { tx: item + 1, key: mappingSlot(receiver, Token.slots._balances), pc: [...steps].findLast(isStore)!.pc };
}

const isStore = ({ op }: { op: number }) => op === OP.SSTORE;

describe('a batch file', () => {
  it('is explained change by change, and its halts by rule are named', async () => {
    const { changes, haltsByRule, ...rest } = await explained(path);
    const diff = BigInt(diffHash(diffItems(replay.accessList))).toString();
    expect(rest).toEqual({
      batch: '1',
      batchHash: batchHash(batch.header),
      from: path,
      preRoot: String(preRoot),
      diff,
    });
    const [call] = batch.txs;
    expect(haltsByRule).toMatchObject([
      { item: 1, transaction: keccak256(call!), opcode: 'CALL', pc: CALL_PC, reason: 'uncovered' },
    ]);
    expect(changes).toContainEqual({
      ...{ address: writer, field: ZERO_WORD, from: '0', to: String(WRITTEN), tx: 1, pc: 3 },
      ...{ chip: 'sstore', origin: 'transaction 1, pc 3, SSTORE' },
    });
    const lines = await words(path);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^by rule {2}transaction 1 \(0x\w{64}\): CALL at pc 5 halts: an opcode that this version does not cover/,
      ),
    );
    expect(lines).toContain(`slot ${ZERO_WORD} of ${writer}: transaction 1, pc 3, SSTORE: 0 -> 5 (a row of sstore)`);
  });

  it('says where a claim is wrong: slot, balance, an account that it does not touch', async () => {
    const { tx, key, pc } = lastTransfer();
    const slot = accessOf(token).slots!.find((one) => one.key === key)!;
    const claimed = slot.post + 1n;
    const { address, pre, post } = replay.accessList.find((one) => one.pre.balance !== one.post.balance)!;
    const stranger = `0x${'77'.repeat(20)}`;
    const wrong = claim({
      [token]: { slots: { [key]: String(claimed) } },
      [`0x${address.slice(2).toUpperCase()}`]: { balance: `0x${pre.balance.toString(16)}`, nonce: Number(post.nonce) },
      [stranger]: { balance: 1 },
    });
    const json = await explained(path, '--claim', wrong);
    expect(json).not.toHaveProperty('changes');
    const [side] = json.claimed;
    expect(side).toMatchObject({ from: `file ${wrong}`, whole: false, surplus: [] });
    expect(side).not.toHaveProperty('isClaimed');
    const of = (owner: string) => side.wrong.filter((one: { address: string }) => one.address === owner);
    expect(side.wrong).toHaveLength(3);
    expect(of(token)).toMatchObject([{ field: key, claimed: String(claimed), truth: String(slot.post) }]);
    const origin = `transaction ${tx}, pc ${pc}, SSTORE`;
    const at = { address: token, field: key, tx, pc, chip: 'sstore', to: String(slot.post), origin };
    expect(of(token)[0].departs).toEqual({ leftOut: 0, at: expect.objectContaining(at) });
    const [own] = of(address);
    expect(own).toMatchObject({ field: 'balance', claimed: String(pre.balance), truth: String(post.balance) });
    expect(own.departs).toEqual({ at: own.changes[0], leftOut: own.changes.length });
    expect(of(stranger)).toMatchObject([{ field: 'balance', truth: '0', changes: [], departs: null }]);

    const lines = await words(path, '--claim', wrong);
    expect(lines).toContain('3 wrong:');
    const head = `slot ${key} of ${token} is claimed to be ${claimed}, and is ${slot.post} after the batch.`;
    const told = lines.slice(lines.indexOf(head) + 1);
    const last = told.findIndex((line) => line.startsWith('  No row'));
    expect(told[last - 1]).toMatch(new RegExp(`^ {2}${origin}: \\d+ -> ${slot.post} \\(a row of sstore\\)`));
    const name = `transaction ${tx} \\(${keccak256(batch.txs[tx - 1]!)}, from 0x\\w{40} to ${token}\\)`;
    expect(told[last]).toMatch(new RegExp(`^ {2}No row makes it ${claimed}\\. The last one is of ${name}\\.`));
    expect(lines).toContain('  Nothing in the batch changes it, which does not touch this account.');
    expect(lines.join('\n')).toContain(': the claim leaves it out');
  });

  it('says that a true diff is one', async () => {
    const lines = await words(path, '--claim', file(claimText(diffItems(replay.accessList))));
    expect(lines.at(-1)).toBe('Every claimed field is what the batch makes of it.');
  });
});

describe('trace and prove', () => {
  it('name what halts by rule, with transaction, opcode and pc', async () => {
    const text = /CALL at pc 5 halts: an opcode that this version does not cover; it halts like INVALID/;
    const { outcomes } = jsonOf(await run(['trace', path, '--json']));
    const halt = { reason: 'uncovered', opcode: 'CALL', pc: CALL_PC };
    expect(outcomes[0]).toEqual({ item: 1, outcome: 'executed', failed: 'halt', halt });
    const reverted = replay.outcomes.findIndex((one) => one.kind === 'executed' && one.run?.end === 'revert');
    expect(outcomes[reverted]).toEqual({ item: reverted + 1, outcome: 'executed', failed: 'revert' });
    const traced = await run(['trace', path]);
    expect(traced.stdout).toMatch(new RegExp(`^ {2}item 1: executed, its code failed: ${text.source}$`, 'm'));
    expect(traced.stdout).toMatch(new RegExp(`^ {2}item ${reverted + 1}: executed, its code reverted$`, 'm'));
    // It is said before the work, which nobody needs here.
    const proving = start(['prove', path, '--data', `${folder}/data`, '--out', `${folder}/out.json`]);
    await proving.said(
      new RegExp(`by rule of version 2, transaction 1 \\(${keccak256(batch.txs[0]!)}\\): ${text.source}`),
    );
    proving.child.kill('SIGKILL');
    await proving.ended;
  });
});

describe('a bundle file', () => {
  const PAYEE = '0x00000000000000000000000000000000000000be';
  /** A bundle whose proofs are none: two of shape 0, one of shape 3. */
  function bundle(over: Partial<Bundle> = {}): string {
    return file(
      encodeBundle({
        ...{ l1ChainId: 31_337n, verifier: `0x${'aa'.repeat(20)}`, beneficiary: PAYEE, keySetHash: ZERO_WORD },
        ...{ rulesHash: ZERO_WORD, header: batch.header, preRoot, mode: 'diff' },
        value: BigInt(diffHash(diffItems(replay.accessList))),
        parts: shownParts(batch.txs, [0, 0, 3]),
        ...over,
      }),
    );
  }

  it('says what it states, its proofs by shape and who is paid; and that it fits', async () => {
    const own = bundle();
    const alone = await explained(own);
    expect(alone).toEqual({ bundle: expect.anything() });
    expect(alone.bundle).toMatchObject({
      ...{ batch: '1', batchHash: batchHash(batch.header), version: '2', items: batch.txs.length, mode: 'diff' },
      ...{ proofs: { 0: 2, 3: 1 }, beneficiary: PAYEE, l1ChainId: '31337' },
    });
    expect(alone.bundle).not.toHaveProperty('fits');
    expect((await explained(own, path)).bundle).toEqual({ ...alone.bundle, fits: true, misfits: [] });
    const lines = await words(bundle({ beneficiary: `0x${'00'.repeat(20)}` }), path);
    expect(lines[2]).toMatch(/^proofs {3}2 of shape 0, 1 of shape 3 /);
    expect(lines[3]).toMatch(
      /^on L1 {4}\d+ parts \(1 head, .*1 proofs\) in one transaction, at most \d+ gas and \d+ bytes$/,
    );
    expect(lines[4]).toMatch(/; nobody is paid$/);
    expect(lines[5]).toBe(`fits     ${path}: its header, its transactions, its root before, its value`);
  });

  it('says what does not fit', async () => {
    const header = { ...batch.header, timestamp: 3n };
    const parts = shownParts(batch.txs.slice(1), [0]);
    const lines = await words(path, bundle({ value: 7n, preRoot: 9n, header, parts, mode: 'root' }));
    const from = lines.indexOf(`fits not ${path}:`);
    expect(lines.slice(from + 1, from + 5)).toEqual([
      expect.stringMatching(/^ {2}its header's timestamp is 3, that of the batch 18\d+$/),
      '  its transactions are not those that its header names',
      expect.stringMatching(/^ {2}it begins on another root than 0x/),
      expect.stringMatching(/^ {2}it states 0x0+7, and the batch makes 0x/),
    ]);
  });
});

describe('what cannot be explained', () => {
  it('is refused by name', async () => {
    const other = file(await smallBatchFile());
    const dispute = ['--l1', 'http://127.0.0.1:1', '--dispute', `0x${'11'.repeat(20)}`, '--game', '1'];
    const cases: [args: string[], exit: number, code: string, says: RegExp][] = [
      [[], 2, 'USAGE_EXPLAIN', /nothing to explain.*batch file, a bundle file, or a dispute/],
      [['--store', folder], 2, 'USAGE_EXPLAIN', /A store holds many batches/],
      [[path, other], 2, 'USAGE_FILE', /are two batch files.*one of each/],
      [[path, '--claim', `${folder}/missing.json`], 2, 'USAGE_FILE', /Cannot read .*missing\.json/],
      [[path, '--store', folder], 2, 'USAGE_STORE', /no node's store in .*"state" and "trie"/],
      [dispute.slice(0, 4), 2, 'USAGE_DISPUTE', /by --l1, --dispute and --game together/],
      [[...dispute, '--claim', claim({})], 2, 'USAGE_EXPLAIN', /--claim is compared.*--store/],
      [dispute, 1, 'L1_UNREACHABLE', /No L1 answers at .*Is it running/],
      [[file('batch')], 1, 'BATCH_FILE_JSON', /The batch file is not JSON/],
      [[file('{ "format": "deltaproof/bundle/2" }')], 3, 'BUNDLE_FIELD', /header is not there/],
      [[path, '--claim', file('diff')], 1, 'BATCH_FILE_JSON', /The claim file is not JSON.*FORMATS\.md/],
      [[path, '--claim', claim({ '0x12': {} })], 1, 'BATCH_FILE_FIELD', /field 0x12: this key must be 0x and 40/],
    ];
    await each(cases, async ([args, exit, code, says]) => {
      const ended = await run(['explain', ...args, '--json']);
      const { error } = jsonOf(ended);
      expect({ args, exit: ended.code, code: error?.code }).toEqual({ args, exit, code });
      expect(error.message).toMatch(says);
      expect(ended.stderr).toBe(`${error.name} ${error.code}: ${error.message}\n`);
    });
  });
});
