import { fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import type { HostAnswer, HostOrder } from '../fixtures/queue/host.js';
import { Bench } from './bench.js';

const SOURCES = [
  'prover/queue',
  'prover/worker',
  'src/errors',
  'src/build/package-root.ts',
  'src/state/store.ts',
  'test/fixtures/queue',
];

/** The queue as JavaScript, below the project's folder, where its dependencies are found. */
async function compile(): Promise<string> {
  await mkdir(join(packageRoot(), '.cache'), { recursive: true });
  const out = await mkdtemp(join(packageRoot(), '.cache', 'test-queue-'));
  for (const source of SOURCES) {
    const files = source.endsWith('.ts') ? [source] : (await readdir(source)).map((file) => join(source, file));
    for (const file of files) {
      const { outputText } = ts.transpileModule(await readFile(join(packageRoot(), file), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
      });
      const target = join(out, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, outputText);
    }
  }
  return out;
}

it('runs compiled, without a loader', async () => {
  const out = await compile();
  const bench = await Bench.start({});
  const child = fork(join(out, 'test/fixtures/queue/host.js'), [], { execArgv: [] });
  try {
    const options = bench.options({ runner: { module: join(out, 'test/fixtures/queue/tasks.js') } });
    const answer = await new Promise<HostAnswer>((resolve) => {
      child.once('message', resolve);
      child.send({ options, requests: [bench.request('a', 1)], concurrency: 1 } satisfies HostOrder);
    });
    await (await bench.control.visit('bundle')).gone;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await gone;
    const queue = await bench.open();
    await queue.work();
    expect(await queue.wait((answer as { ids: string[] }).ids[0]!)).toMatchObject({ state: 'done', attempts: 4 });
    expect(bench.control.starts()).toEqual(['trace', 'commit.0', 'prove.0', 'bundle']);
  } finally {
    child.kill('SIGKILL');
    await bench.close();
    await rm(out, { recursive: true, force: true });
  }
});
