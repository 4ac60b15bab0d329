import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { decodeRows, encodeRows, rowCounts } from '../../prover/stages/parts.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { replayBatch } from '../../src/execution/replay.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { type BatchTraceInput, traceBatch, traceInto } from '../../src/trace/batch-trace.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { Spool } from '../../src/trace/spool.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { ALICE, type CodeBatch, ENVIRONMENT, mixedBatch } from '../helpers/code-batch.js';

/** @param inTrie the state whose trie is read, that of the batch by default */
async function inputOf({ state, txs }: CodeBatch, inTrie: GenesisState = state): Promise<BatchTraceInput> {
  const { replay } = await replayBatch(new MemoryState(state), sealBatch(ENVIRONMENT, txs), RULES_V2);
  const store = new MemoryTrieStore();
  const preRoot = await new StateTrie(store).genesis(stateAccounts(new MemoryState(inTrie)));
  return { replay, mode: 'diff', preRoot, nodes: store.get };
}

const SHAPES = shapesOf('default');

/** What stage `trace` would write of each proof. */
function artifactsOf(spool: Spool): Buffer[] {
  return pack(spool.counts(), SHAPES).map((proof) => encodeRows(proof, (chip, range) => spool.read(chip, range)));
}

describe('a trace on disk', () => {
  let parent: string;
  let batch: CodeBatch;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'deltaproof-stream-'));
    batch = await mixedBatch();
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  it('has the rows of the trace in memory, each in one proof', async () => {
    const input = await inputOf(batch);
    const { rows, ...memory } = traceBatch(input);
    const spool = Spool.open(parent);
    const progress: number[] = [];
    expect(traceInto(input, spool, (done) => void progress.push(done))).toEqual(memory);
    expect(spool.counts()).toEqual(demandOf(rows));
    const dealt: Record<string, TraceRow['row'][]> = {};
    for (const bytes of artifactsOf(spool)) {
      for (const [chip, list] of Object.entries(decodeRows(bytes))) dealt[chip] = [...(dealt[chip] ?? []), ...list];
      expect(Object.fromEntries(rowCounts(bytes))).toEqual(
        Object.fromEntries(Object.entries(decodeRows(bytes)).map(([chip, list]) => [chip, list.length])),
      );
    }
    for (const [chip, list] of Object.entries(dealt)) {
      expect(list, chip).toEqual(rows.filter((row) => row.chip === chip).map(({ row }) => row));
    }
    expect(Object.keys(dealt).sort()).toEqual([...demandOf(rows).keys()].sort());
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.every((done) => done >= 0 && done <= 1)).toBe(true);
    spool.close();
  });

  it('makes the same bytes of the same batch', async () => {
    const hashes = async () => {
      const spool = Spool.open(parent);
      traceInto(await inputOf(batch), spool);
      const found = artifactsOf(spool).map((bytes) => createHash('sha256').update(bytes).digest('hex'));
      spool.close();
      return found;
    };
    expect(await hashes()).toEqual(await hashes());
    expect(readdirSync(parent)).toEqual([]);
  });

  it('names the rows and L1 where something does not balance, though it has kept none', async () => {
    const richer = new Map(batch.state);
    richer.set(ALICE, { ...richer.get(ALICE)!, balance: richer.get(ALICE)!.balance + 1n });
    const input = await inputOf(batch, richer);
    const refused = expect.objectContaining({
      code: 'BUS_NOT_BALANCED',
      message: expect.stringMatching(/2 tuples do not balance:[\s\S]*AKV[\s\S]*accountleaf[\s\S]*account trie/),
    });
    expect(() => traceBatch(input)).toThrow(refused);
  });
});
