import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';

/*
 * The package as others get it: packed, installed from its tarball into an empty folder by npm (which takes other packages from its cache where
 * they are there), and used.
 */
const root = packageRoot();
let folder: string;
let app: string;
let packed: string[];

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Runs a program in a folder and yields its stdout; fails with all that it said. */
async function run(cwd: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
  const all: Record<string, string | undefined> = { ...process.env, ...env };
  // What this runner of tests tells its children is not for another one.
  for (const name of ['NODE_OPTIONS', 'VITEST', 'NODE_ENV', 'NODE_TEST_CONTEXT']) delete all[name];
  const ended = promisify(execFile)(program, args, { cwd, env: all, maxBuffer: 2 ** 26 });
  const { stdout } = await ended.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${program} ${args.join(' ')} fails:\n${error.stdout}${error.stderr}`);
  });
  return stdout;
}

const filesBelow = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deltaproof-package-'));
  app = join(folder, 'app');
  const filter = (path: string) => !/node_modules|package-lock/.test(path.slice(root.length));
  cpSync(join(root, 'examples/contract-test'), app, { recursive: true, filter });
  // `npm test` has built it.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [tarball] = JSON.parse(await run(root, 'npm', pack)) as [Packed];
  packed = tarball.files.map(({ path }) => path);
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run(app, 'npm', ['install', ...quiet, join(folder, tarball.filename)]);
}, 400_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the tarball holds what is used, and nothing else', () => {
  const texts = ['ARCHITECTURE.md', 'CHANGELOG.md', 'FORMATS.md', 'README.md', 'LICENSE', 'package.json'];
  const allowed = ['circuits', 'contracts', 'dist', 'docs', 'fixtures', ...texts];
  const folders = new Set(packed.map((path) => path.split('/')[0]!));
  expect([...folders].filter((name) => !allowed.includes(name))).toEqual([]);
  expect(packed.filter((path) => /(^|\/)(test|\.cache)\/|\.test\.|\.map$|tsbuildinfo/.test(path))).toEqual([]);
  expect(packed).toEqual(
    expect.arrayContaining([
      'contracts/generated/Layout.sol',
      'contracts/ProofVerifier.sol',
      'circuits/shapes.json',
      'circuits/development.json',
      'dist/contracts/generated/artifacts.js',
      'dist/src/door/index.d.ts',
      'dist/prover/cli/main.js',
      'dist/prover/stages/run.js',
      'fixtures/bundle.json',
    ]),
  );
});

it("the programs' bundles name the packages in them, none of which is under the GPL", () => {
  const licences = readFileSync(join(root, 'dist/prover/LICENSES.txt'), 'utf8').split('\n').slice(2, -1);
  expect(licences.length).toBeGreaterThan(10);
  for (const line of licences)
    expect(line).toMatch(/^\S+ \S+: (MIT|ISC|MPL-2\.0|Apache-2\.0|BSD-\d-Clause|0BSD), https:/);
});

describe('installed in another project', () => {
  it("passes that project's contract test", async () => {
    expect(await run(app, 'npm', ['test'])).toMatch(/^(# |ℹ )pass 3$/m);
  }, 120_000);

  it('has types for what it exports, and exports nothing else', async () => {
    cpSync(join(root, 'test/package/consumer.txt'), join(app, 'consumer.ts'));
    const compilerOptions = {
      ...{ module: 'NodeNext', target: 'ES2022', lib: ['ES2023', 'ESNext.Disposable'], strict: true, noEmit: true },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')], exactOptionalPropertyTypes: true },
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['consumer.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const said = await run(app, process.execPath, [tsc, '-p', '.']).catch(({ message }: Error) => message);
    // Declarations of other packages are theirs.
    expect(said.split('\n').filter((line) => /^(consumer|node_modules\/deltaproof)/.test(line))).toEqual([]);
    const deep = "import('deltaproof/dist/src/proof/keys.js').catch(({ code }) => console.log(code))";
    expect(await run(app, process.execPath, ['-e', deep])).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  }, 120_000);

  it("compiles circuits into the user's cache and leaves its own folder alone", async () => {
    const own = join(app, 'node_modules/deltaproof');
    const before = filesBelow(own);
    mkdirSync(join(folder, 'cache'));
    const env = { DELTAPROOF_CACHE: '', XDG_CACHE_HOME: join(folder, 'cache') };
    const stdout = await run(app, 'npx', ['deltaproof', 'circuits', 'build', '--key-set', 'test', '--json'], env);
    const { shapes } = JSON.parse(stdout) as { shapes: { constraints: number }[] };
    expect(shapes.length).toBeGreaterThan(0);
    for (const { constraints } of shapes) expect(constraints).toBeGreaterThan(1_000);
    expect(readdirSync(join(folder, 'cache/deltaproof/shape'))).toHaveLength(shapes.length);
    expect(filesBelow(own)).toEqual(before);
  }, 240_000);

  it('verifies its fixture by keys alone', async () => {
    const fixtures = 'node_modules/deltaproof/fixtures';
    const args = ['deltaproof', 'verify', `${fixtures}/bundle.json`, '--keys', `${fixtures}/keys.json`, '--json'];
    const env = { DELTAPROOF_CACHE: join(folder, 'none') };
    expect(JSON.parse(await run(app, 'npx', args, env))).toMatchObject({ valid: true, developmentKeys: true });
  }, 120_000);
});
