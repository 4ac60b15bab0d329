/**
 * Writes `dist/prover`: the command line, and what it starts as processes, each with the code of the packages that it uses. A process that
 * loads some dozen files instead of two thousand starts in a fraction of the time. The last step of `npm run build`, after TypeScript has
 * written `dist/src`.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { packageRoot } from './package-root.js';

/** What is started, by the command line's users or by `moduleUrl`. Bundles lie two folders below `dist`, as that function wants them. */
const PROGRAMS = [
  'prover/cli/main.ts',
  'prover/stages/run.ts',
  'prover/worker/child-main.ts',
  'src/merkle/thread-main.ts',
];
/**
 * Packages that stay outside: under the GPL, which is not the licence of this package (snarkjs, ffjavascript, circomlibjs, circom2); with
 * native code or files of their own (level, solc); and compilers.
 */
const OUTSIDE = ['bullmq', 'circom2', 'circomlibjs', 'esbuild', 'ffjavascript', 'ioredis', 'level', 'snarkjs', 'solc'];
const OUT = 'dist/prover';

const root = packageRoot();
rmSync(join(root, OUT), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: PROGRAMS,
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'prover/chunks/[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  // Packages in CommonJS ask for Node's own modules by it.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // Errors are known by the names of their classes.
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(root, OUT, 'LICENSES.txt'), licences(metafile));

/** Names, versions and licences of the packages whose code is in the bundles. */
function licences({ inputs }: Metafile): string {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []),
  );
  const lines = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, string>;
    const { name, version, license } = manifest;
    return `${name} ${version}: ${license}, https://www.npmjs.com/package/${name}/v/${version}`;
  });
  return `The programs in this folder contain code, unchanged, of these packages, whose sources are at the addresses given:\n\n${lines.join('\n')}\n`;
}
