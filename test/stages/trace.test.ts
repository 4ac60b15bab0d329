import { describe, expect, it } from 'vitest';
import { cutOut } from '../../prover/node/cut-out.js';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { traceRequest, traceRequestInto } from '../../prover/stages/trace-request.js';
import { type DiffItem, diffItems } from '../../src/batch/diff.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Replay } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { beginState } from '../../src/merkle/beside.js';
import { Hasher } from '../../src/merkle/hasher.js';
import type { Mode } from '../../src/proof/types.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { withContracts } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { executeInto, traceInto } from '../../src/trace/batch-trace.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { Spool } from '../../src/trace/spool.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { randomWorld, signed } from '../conformance/fuzz/world.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

interface Case {
  readonly request: BatchRequest;
  readonly replay: Replay;
}

async function caseOf(view: MemoryState, batch: BatchRequest['batch'], mode: Mode = 'root'): Promise<Case> {
  const trie = new StateTrie(new MemoryTrieStore());
  const preRoot = await trie.genesis(stateAccounts(view));
  const { replay } = await replayBatch(view, batch, RULES_V2);
  const nodes = await trie.nodesAround([preRoot], replay.accessList);
  return { request: cutOut(nodes, { rules: RULES_V2, batch, mode, preRoot }, replay), replay };
}

async function randomCase(seed: number, index: number): Promise<Case> {
  const { state, environment, txs } = randomWorld(randomOf(seed, `trace ${index}`));
  return caseOf(new MemoryState(state), sealBatch(environment, await signed(txs)));
}

/** Transfers and calls in a state of 200 accounts. */
async function sampleCase(mode: Mode = 'root'): Promise<Case> {
  const genesis = withContracts(sampleGenesis('trace', 200));
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  const { number, feeRecipient } = environment;
  const view = new MemoryState(genesis.state);
  const txs = await sampleBatch({ genesis, state: view, number, feeRecipient, rules: RULES_V2 });
  return caseOf(view, sealBatch(environment, txs), mode);
}

/** What a way of tracing returns and leaves in a spool, as bytes by chip. */
async function leftBy<T>(trace: (spool: Spool) => T | Promise<T>) {
  const spool = Spool.open();
  try {
    const traced = await trace(spool);
    const rows = [...spool.counts()].map(([chip, to]) => [chip, spool.read(chip, { from: 0, to }).toString('hex')]);
    return { traced, rows };
  } finally {
    spool.close();
  }
}

/** The post trie by `StateTrie`, before any row. */
async function oneAfterTheOther({ request, replay }: Case, spool: Spool) {
  const store = new MemoryTrieStore();
  await store.write(request.nodes);
  const { mode, preRoot } = request;
  const postRoot = await new StateTrie(store).applyChanges(preRoot, replay.accessList);
  return { replay, ...traceInto({ replay, mode, preRoot, postRoot, nodes: store.get }, spool) };
}

interface Way {
  readonly diff?: readonly DiffItem[];
  readonly threads?: number;
  /** The trie is finished before the rows of execution are begun. */
  readonly before?: boolean;
}

/** The post trie from a diff, hashed by so many threads while the rows of execution are made, or before them. */
async function beside(
  { request, replay }: Case,
  spool: Spool,
  { diff = diffItems(replay.accessList), threads = 1, before = false }: Way,
) {
  const hasher = new Hasher({ threads });
  try {
    const { preRoot, nodes, mode } = request;
    const posting = await beginState(preRoot, diff, nodes, hasher);
    const early = before ? await posting() : undefined;
    const finish = executeInto(replay, spool);
    const post = early ?? (await posting());
    return { replay, ...finish({ mode, preRoot, postRoot: post.root, nodes: post.nodes }) };
  } finally {
    await hasher.close();
  }
}

describe('rows of a request in mode root', () => {
  const seed = testSeed();

  it('are the bytes of a trie made beforehand, for random batches, whatever hashes and when', async () => {
    console.log(`trace: DELTAPROOF_SEED=${seed}`);
    const cases = [await sampleCase()];
    for (let i = 0; i < 10; i++) cases.push(await randomCase(seed, i));
    for (const [i, one] of cases.entries()) {
      const expected = await leftBy((spool) => oneAfterTheOther(one, spool));
      expect(expected.rows.map(([chip]) => chip)).toContain('accountleaf');
      const where = `case ${i}, DELTAPROOF_SEED=${seed}`;
      const traced = await leftBy((spool) => traceRequestInto(one.request, spool, () => undefined));
      expect(traced, where).toEqual(expected);
      for (const threads of [0, 1, 2]) {
        for (const before of [false, true]) {
          expect(await leftBy((spool) => beside(one, spool, { threads, before })), where).toEqual(expected);
        }
      }
    }
  }, 300_000);

  it('are refused when the post trie is made from another list', async () => {
    const one = await sampleCase();
    const diff = diffItems(one.replay.accessList);
    const first = diff[0]!;
    const rest = diff.slice(1);
    const slots = diff.findIndex((item) => item.slots.length > 0);
    const withSlots = (change: (slots: DiffItem['slots']) => DiffItem['slots']) =>
      diff.map((item, i) => (i === slots ? { ...item, slots: change(item.slots) } : item));
    const lies: Record<string, [diff: readonly DiffItem[], code: string]> = {
      'another balance': [[{ ...first, balance: 12_345n }, ...rest], 'BUS_NOT_BALANCED'],
      'an account missing': [rest, 'STATEMENT_BAD_HINT'],
      'another slot value': [
        withSlots(([slot, ...more]) => [{ ...slot!, value: slot!.value + 1n }, ...more]),
        'BUS_NOT_BALANCED',
      ],
      'a slot missing': [withSlots(([, ...more]) => more), 'STATEMENT_BAD_HINT'],
      'no change at all': [[], 'STATEMENT_BAD_HINT'],
    };
    const codes: Record<string, unknown> = {};
    for (const [lie, [diff]] of Object.entries(lies)) {
      const refused = await leftBy((spool) => beside(one, spool, { diff })).catch((error: unknown) => error);
      codes[lie] = (refused as { code?: unknown }).code;
    }
    expect(codes).toEqual(Object.fromEntries(Object.entries(lies).map(([lie, [, code]]) => [lie, code])));
  }, 120_000);

  it('are refused when execution does not end as the list says', async () => {
    const { request, replay } = await sampleCase();
    const { accessList } = replay;
    const [first, ...rest] = accessList;
    const post = { ...first!.post, balance: first!.post.balance + 1n };
    const lying = { request, replay: { ...replay, accessList: [{ ...first!, post }, ...rest] } };
    await expect(leftBy((spool) => beside(lying, spool, {}))).rejects.toMatchObject({ code: 'TRACE_STATE_DIFFERS' });
  });

  it('need the nodes around the keys', async () => {
    const { request } = await sampleCase();
    const nodes = new Map([...request.nodes].slice(0, 3));
    await expect(traceRequest({ ...request, nodes })).rejects.toMatchObject({ code: 'TRIE_NODE_MISSING' });
  });
});
