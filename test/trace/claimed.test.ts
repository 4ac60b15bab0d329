import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExplainedBatch, explainOnNode } from '../../prover/explain/batch.js';
import { type Side, sideOfNode } from '../../prover/explain/side.js';
import { FORGERIES, type ForgedField, type Forgery, forgeBatch, forgedField } from '../../prover/node/forgery.js';
import { L2Node } from '../../prover/node/node.js';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Batch } from '../../src/batch/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { judge } from '../../src/trace/claimed.js';
import { departureOf, explain } from '../../src/trace/explain.js';
import { CALL_PC, explainedGenesis, explainedItems, WRITTEN } from '../helpers/explained-batch.js';

const genesis = explainedGenesis('claimed');
const folder = mkdtempSync(join(tmpdir(), 'deltaproof-claimed-'));
const nodes: L2Node[] = [];
let batch: Batch;
let truth: ExplainedBatch;

async function nodeOf(name: string, tamper?: Parameters<typeof L2Node.open>[0]['tamper']): Promise<L2Node> {
  const path = join(folder, name);
  const node = await L2Node.open({ path, rules: RULES_V2, genesis: genesis.state, ...(tamper ? { tamper } : {}) });
  nodes.push(node);
  await node.apply(batch);
  return node;
}

beforeAll(async () => {
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  batch = sealBatch(environment, await explainedItems(genesis, environment.feeRecipient));
  truth = await explainOnNode(await nodeOf('honest'), 1n, 'diff');
});

afterAll(async () => {
  for (const node of nodes) await node.close();
  rmSync(folder, { recursive: true });
});

describe('a claimed result', () => {
  it.each(FORGERIES)('of a liar that forged a %s differs in that field alone', async (field: ForgedField) => {
    let forgery: Forgery | undefined;
    const liar = await nodeOf(
      `liar ${field}`,
      forgeBatch(1n, 'seed', (told) => (forgery = told), [field]),
    );
    expect(forgery!.field).toBe(field);
    const side = await sideOfNode(liar, 1n, 'diff', 'liar');
    expect(side.value).toBe(BigInt(diffHash(side.items)));
    expect(side.value).not.toBe(truth.value('diff'));
    const { wrong, surplus } = await judge(side, truth);
    expect(surplus).toEqual([]);
    // Who drops all that happened to an account also drops its nonce.
    const fields = wrong.map((one) => one.field).filter((name) => field !== 'droppedChange' || name !== 'nonce');
    expect(fields).toEqual([forgedField(forgery!)]);
    for (const { address } of wrong) expect(address).toBe(forgery!.address);
    const found = wrong.at(-1);
    const told = (text: string, value: bigint) =>
      /unchanged|no change/.test(text) || text.endsWith(` ${value}`) || expect.fail(`${text}: ${value}`);
    told(forgery!.truth, found!.truth);
    told(forgery!.claimed, found!.claimed);
    const departure = departureOf(found!);
    if (field === 'addedChange') expect(departure).toBeUndefined();
    else expect(departure!.leftOut > 0).toBe(field === 'droppedSlot' || field === 'droppedChange');
    if (field.endsWith('lot')) expect(departure!.at).toMatchObject({ chip: 'sstore', address: genesis.token });
    expect(explain(found!, truth.replay, 1).length).toBeLessThanOrEqual(3);
  });

  it('of the truth has nothing wrong; a field more or less is found', async () => {
    const side: Side = { from: 'truth', value: 0n, whole: true, items: diffItems(truth.replay.accessList) };
    expect(await judge(side, truth)).toEqual({ wrong: [], surplus: [] });
    const [first, ...others] = side.items;
    const without = await judge({ items: others, whole: true }, truth);
    expect(without.wrong.length).toBeGreaterThan(0);
    for (const { address } of without.wrong) expect(address).toBe(first!.address);
    expect(await judge({ items: others, whole: false }, truth)).toEqual({ wrong: [], surplus: [] });
    const { writer } = genesis;
    const more = { address: writer, balance: 0n, slots: [] };
    expect(await judge({ items: [...side.items, more], whole: true }, truth)).toEqual({
      wrong: [],
      surplus: [{ address: writer, field: 'balance' }],
    });
  });

  it('that knows no rule of this version departs where the halt takes the write back', async () => {
    const { writer, curious } = genesis;
    const items = [{ address: writer, slots: [{ key: ZERO_WORD, value: WRITTEN }] }];
    const { wrong } = await judge({ items, whole: false }, truth);
    expect(wrong).toMatchObject([
      { claimed: WRITTEN, truth: 0n, changes: [{ chip: 'sstore', pc: 3 }, { chip: 'undo' }] },
    ]);
    expect(departureOf(wrong[0]!)).toMatchObject({ leftOut: 1, at: { chip: 'undo', tx: 1 } });
    const lines = explain(wrong[0]!, truth.replay);
    expect(lines[1]).toMatch(/^ {2}transaction 1, pc 3, SSTORE: 0 -> 5 \(a row of sstore\)$/);
    expect(lines[2]).toMatch(/undo of slot 0x0: 5 -> 0 \(a row of undo\) <- here$/);
    expect(lines.at(-1)).toContain(
      `from ${curious} to ${writer}; executed, its code failed: CALL at pc ${CALL_PC} halts`,
    );
  });

  it('that executed a skipped item is told so', async () => {
    const skipped = truth.replay.outcomes.findIndex(
      (outcome) => outcome.kind === 'skipped' && outcome.reason === 'senderCode',
    );
    const { address } = genesis.codedSigner;
    const { nonce } = await truth.before.account(address);
    const { wrong } = await judge({ items: [{ address, nonce: nonce + 1n, slots: [] }], whole: false }, truth);
    const lines = explain(wrong[0]!, truth.replay);
    expect(lines[1]).toBe('  Nothing in the batch changes it.');
    expect(lines.slice(2).join()).toMatch(new RegExp(`named by transaction ${skipped + 1} .*; skipped: senderCode\\)`));
  });
});
