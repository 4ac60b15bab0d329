import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import { type Announced, RootWorld } from '../helpers/root-world.js';

let world: RootWorld;
let source: L2Node;
let made: Announced[];
let file: string;

beforeAll(async () => {
  world = new RootWorld('killed');
  source = await world.node('source', { mode: 'off' });
  made = await world.batches(source, 6);
  file = join(world.path, 'batches.json');
  writeFileSync(
    file,
    JSON.stringify(made, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
}, 60_000);
afterAll(() => world.close());

/** Runs a follower on the folder `name` and kills it `delay` milliseconds behind the first line that begins so. Returns its lines. */
async function killed(name: string, mode: string, line: string, delay: number): Promise<string[]> {
  const script = join(import.meta.dirname, '../helpers/root-follower.ts');
  const args = ['--import', 'tsx', script, join(world.path, name), file, mode];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const one of createInterface({ input: child.stdout })) {
    if (lines.push(one) && one.startsWith(line)) setTimeout(() => child.kill('SIGKILL'), delay);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return lines;
}

async function expectWhole(name: string): Promise<bigint> {
  const node = await world.node(name, { mode: 'optimistic', checkpointEvery: 2n });
  const { head } = node;
  for (let number = 0n; number <= head; number++) {
    expect(await node.rootAfter(number), `after batch ${number}`).toBe(await world.oracle(source, number));
  }
  for (const { batch, announcement } of made.slice(Number(head))) await node.apply(batch, announcement);
  await node.roots.settled();
  expect(await node.rootAfter(6n)).toBe(await world.oracle(source, 6n));
  await node.close();
  return head;
}

it('a node that is killed at the gate has stored nothing of the batch', async () => {
  await (await world.node('gate', { mode: 'off' })).close();
  expect(await killed('gate', 'gate', 'gate', 0)).toEqual(['open', 'gate']);
  expect(await expectWhole('gate')).toBe(0n);
});

it.each([0, 10, 30, 60])('a node that is killed %i ms behind its second batch loses nothing', async (delay) => {
  const name = `kill ${delay}`;
  await (await world.node(name, { mode: 'off' })).close();
  const lines = await killed(name, 'run', 'applied 2', delay);
  const applied = BigInt(lines.at(-1)!.split(' ')[1]!);
  const head = await expectWhole(name);
  expect([applied, applied + 1n]).toContain(head);
});
