import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeRows } from '../../prover/stages/parts.js';
import { batchHash } from '../../src/batch/header.js';
import { ArtifactStore } from '../../src/build/artifacts.js';
import { R } from '../../src/bus/field.js';
import { cellsOf } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { solveWires } from '../../src/engine/wires.js';
import { AnonymousFile } from '../../src/proof/anonymous-file.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { ENGINE_NAMES, type EngineName } from '../../src/proof/engines.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { withPreparedKey } from '../../src/proof/prepared.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { transcriptOf } from '../../src/proof/verify.js';
import { descendants, type Running, scratch, smallBatchFile, start, write } from '../helpers/cli.js';
import { numbersOf } from '../helpers/kernel.js';
import { encodingsOf, LEAST, ValueSearch } from '../helpers/value-search.js';

/*
 * What a proof leaves on the disk. Rows go from stage to stage as files, and stay in the folder of jobs: they are the statement's own data,
 * which anybody gets who runs the batch. From them and the challenge all wires follow, so the owner of that folder learns nothing from the
 * wires; but no stage needs them behind it, and no copy of them is to lie in temporary folders or beside the keys. The witness is here
 * every wire that is neither a cell of a row nor public, and above all r and s: nothing else gives those, and by them a proof hides the rest.
 *
 * A batch is proven by the command line, with all folders that it may write to in one place. Every file there is searched, and every one
 * that its processes hold open when the proof is made. Not seen by this: memory that the system swaps out, and r and s of the other
 * engines, which draw them by generators of their own.
 */
const FIXTURES = join(import.meta.dirname, '../fixtures/proof');
const root = scratch();
const store = new ArtifactStore();
let keySet: KeySet;
let batch: string;

beforeAll(async () => {
  keySet = await buildKeySet('test');
  batch = write(root, 'batch.json', await smallBatchFile());
  // Where the engine looks for rapidsnark's program.
  mkdirSync(join(root, 'bin'));
  const program = write(
    join(root, 'bin'),
    'prover',
    `#!/bin/sh\nexec "${process.execPath}" "${FIXTURES}/rapidsnark.mjs" "$@"\n`,
  );
  chmodSync(program, 0o755);
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Contents of the files that a process and all below it hold open, nameless ones too. */
function openFiles(pid: number): Buffer[] {
  return [pid, ...descendants(pid)].flatMap((each) => {
    const folder = `/proc/${each}/fd`;
    return unlessGone(() => readdirSync(folder)).flatMap((fd) =>
      unlessGone(() => (statSync(join(folder, fd)).isFile() ? [readFileSync(join(folder, fd))] : [])),
    );
  });
}

/** What is read of a process; nothing when it has ended meanwhile, or closed the file. */
function unlessGone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!['ENOENT', 'ESRCH', 'EACCES'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    return [];
  }
}

/** What is open when the proof is made: the command is stopped for that moment, so that its spare processes wait. */
async function openWhenProven({ child, said }: Running): Promise<{ processes: number; files: Buffer[] }> {
  await said(/prove .*1\/1/);
  child.kill('SIGSTOP');
  try {
    return { processes: descendants(child.pid!).length, files: openFiles(child.pid!) };
  } finally {
    child.kill('SIGCONT');
  }
}

/** Proves the batch by the command line, in `folder` alone. */
async function prove(engine: EngineName, folder: string) {
  const [data, out] = [join(folder, 'data'), join(folder, 'out.json')];
  for (const name of ['cache', 'tmp', 'home']) mkdirSync(join(folder, name), { recursive: true });
  for (const path of keySet.shapes.flatMap(({ zkey, r1cs }) => [dirname(zkey), dirname(r1cs)])) {
    cpSync(path, join(folder, 'cache', relative(store.root, path)), { recursive: true });
  }
  // Outside of what is searched.
  const [kept, random] = [join(root, `witness-${engine}`), join(root, `random-${engine}`)];
  writeFileSync(random, '');
  const env = {
    ...{ TMPDIR: join(folder, 'tmp'), DELTAPROOF_CACHE: join(folder, 'cache'), HOME: join(folder, 'home') },
    ...{ KEEP_WITNESS: kept, NOTE_RANDOM: random, NODE_OPTIONS: `--import ${join(FIXTURES, 'note-random.mjs')}` },
    PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
  };
  const options = ['--key-set', 'test', '--engine', engine, '--out', out, '--data', data];
  const running = start(['prove', batch, ...options], { env });
  const open = await openWhenProven(running);
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const drawn = readFileSync(random, 'utf8').split('\n').filter(Boolean);
  return { data, open, kept, drawn: drawn.map((hex) => BigInt(`0x${hex}`)), bundle: parseBundle(readFileSync(out)) };
}

/** The rows that `trace` handed over. */
function rowsIn(data: string) {
  const results = join(data, 'artifacts/results');
  const all = readdirSync(results).map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')));
  const [{ rows, shape }, ...more] = all.find(({ key }) => key.startsWith('trace:')).result.parts;
  expect(more).toEqual([]);
  const path = join(data, 'artifacts/data', rows);
  return { path, shape: keySet.shapes[shape]!, rows: decodeRows(readFileSync(path)) };
}

/** Those that are in no file by chance: neither small nor small negative ones. */
const large = (values: Iterable<bigint>) => [...new Set(values)].filter((x) => x >= LEAST && x <= R - LEAST);

describe.each(ENGINE_NAMES)('after a proof by %s', (engine) => {
  let search: ValueSearch;
  let folder: string;
  let made: Awaited<ReturnType<typeof prove>>;
  let cells: readonly bigint[];
  let witness: readonly bigint[];
  let publics: readonly bigint[];

  beforeAll(async () => {
    folder = join(root, engine);
    made = await prove(engine, folder);
    const { challenge } = transcriptOf(made.bundle, batchHash(made.bundle.header));
    const { shape, rows } = rowsIn(made.data);
    ({ cells } = shapeInputs(shape.spec, rows));
    const words = await withPreparedKey(shape, store, (names) => solveWires(names, cells, challenge, store));
    if ('violated' in words) throw new Error('These rows were proven, and violate a constraint.');
    const wires = numbersOf(words);
    publics = wires.slice(1, 4);
    expect(publics.slice(1)).toEqual([challenge.alpha, challenge.beta]);
    const known = new Set([...cells, ...publics]);
    witness = large(wires).filter((x) => !known.has(x));
    // r and s of this project's engine; of the others nothing may be drawn.
    const blinding = made.drawn.flatMap((x) => [x, x >> 2n]).filter((x) => x < R);
    search = new ValueSearch([...witness, ...blinding]);
  });

  it('there is much to be found: intermediate wires, and r and s where this project draws them', () => {
    expect(witness.length).toBeGreaterThan(5_000);
    // Values from r on are drawn again.
    const scalars = made.drawn.filter((x) => x >> 2n < R).length;
    expect(scalars).toBe(engine === 'wasm' ? 2 : 0);
  });

  it('no file has any of it: not those of jobs and artifacts, of the cache, nor temporary ones', () => {
    const files = filesBelow(folder);
    const found = files.flatMap((path) => search.in(readFileSync(path)).map((one) => ({ path, ...one })));
    expect(found).toEqual([]);
    // What the search was taken through, and that none of it is packed: LevelDB compresses its tables, not its log.
    const inFolder = (name: string) => files.filter((path) => path.startsWith(join(folder, name)));
    expect(inFolder('data/artifacts').length).toBeGreaterThan(5);
    expect(inFolder('data/jobs').some((path) => path.endsWith('.log'))).toBe(true);
    expect(files.filter((path) => /\.(ldb|sst)$/.test(path))).toEqual([]);
    expect(inFolder('cache/prepared').length).toBeGreaterThan(5);
    expect([...inFolder('tmp'), ...inFolder('home')]).toEqual([]);
  });

  it('no process held it open behind the proof', () => {
    // The command itself counts none of these: what bundles, and what was started ahead.
    expect(made.open.processes).toBeGreaterThan(0);
    expect(made.open.files.flatMap((bytes) => search.in(bytes))).toEqual([]);
  });

  it('the search finds what is there: the rows, the public sum, and the witness wherever it is put', () => {
    const { path, rows } = rowsIn(made.data);
    // Those of padding are constants, and in no file.
    const ofRows = large(
      Object.entries(rows).flatMap(([chip, all]) => all.flatMap((row) => cellsOf(CHIPS[chip]!, row))),
    );
    expect(ofRows.length).toBeGreaterThan(10);
    expect(new Set(new ValueSearch(ofRows).in(readFileSync(path)).map(({ value }) => value))).toEqual(new Set(ofRows));
    const sum = new ValueSearch([publics[0]!]);
    expect(filesBelow(made.data).some((file) => sum.in(readFileSync(file)).length > 0)).toBe(true);
    for (const value of witness.slice(0, 20)) {
      for (const [encoding, bytes] of encodingsOf(value)) {
        const noise = () => randomBytes(100 + randomBytes(1)[0]!);
        expect(search.in(Buffer.concat([noise(), bytes, noise()]))).toEqual([{ value, encoding }]);
      }
    }
    const held = AnonymousFile.open();
    try {
      held.write(encodingsOf(witness[0]!)[0]![1]);
      expect(openFiles(process.pid).flatMap((bytes) => search.in(bytes))).toHaveLength(1);
    } finally {
      held.close();
    }
    if (engine !== 'rapidsnark') return;
    // The program in its place has kept what it was given.
    const kept = search.in(readFileSync(made.kept)).filter(({ encoding }) => encoding === 'little-endian');
    expect(kept.length).toBe(witness.length);
  });
});
