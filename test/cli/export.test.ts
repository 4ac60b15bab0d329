import { readFileSync } from 'node:fs';
import { type Hex, size } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseKeys } from '../../src/proof/keys-file.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { SeededRandom } from '../../src/samples/random.js';
import { each, jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

const VERIFIER = '0x00000000000000000000000000000000000000ce';
const BENEFICIARY = '0x00000000000000000000000000000000000000be';

const folder = scratch();
const keys = `${folder}/keys.json`;
const bundle = `${folder}/bundle.json`;
let batch: string;
let keySet: KeySet;

beforeAll(async () => {
  keySet = await buildKeySet('test');
  batch = write(folder, 'batch.json', await smallBatchFile());
  const target = ['--verifier', VERIFIER, '--beneficiary', BENEFICIARY, '--out', bundle, '--data', `${folder}/data`];
  const proven = await run(['prove', batch, ...target, '--key-set', 'test']);
  expect(proven, proven.stderr).toMatchObject({ code: 0 });
  const exported = await run(['export', 'keys', '--key-set', 'test', '--out', keys]);
  expect(exported, exported.stderr).toMatchObject({ code: 0, stdout: `${keys}\n` });
});

/** A machine without artifacts: whatever asks for circuits would compile them. */
const bare = { env: { DELTAPROOF_CACHE: `${folder}/no-cache` } };

describe('export keys', () => {
  it('holds all that verifies and deploys', async () => {
    const read = await parseKeys(readFileSync(keys, 'utf8'));
    const { alpha1, beta2, blob, hash, rulesHash, development } = keySet;
    expect(read).toMatchObject({ name: 'test', alpha1, beta2, blob, hash, rulesHash, development });
    expect(read.shapes).toEqual(keySet.shapes.map(({ spec, key }) => ({ name: spec.name, key })));
  });

  it('is the same on stdout, and on one line with --json', async () => {
    const text = readFileSync(keys, 'utf8');
    expect(await run(['export', 'keys', '--key-set', 'test'])).toMatchObject({ code: 0, stdout: text });
    expect(jsonOf(await run(['export', 'keys', '--key-set', 'test', '--json']))).toEqual(JSON.parse(text));
  });

  it('is refused with any byte of its keys changed, or of other rules', async () => {
    const file = JSON.parse(readFileSync(keys, 'utf8'));
    const random = new SeededRandom('key file');
    const bytes = size(file.blob as Hex);
    for (let i = 0; i < 20; i++) {
      const at = 2 + 2 * random.below(bytes);
      const digit = file.blob[at] === '0' ? '1' : '0';
      const changed = { ...file, blob: file.blob.slice(0, at) + digit + file.blob.slice(at + 1) };
      await expect(parseKeys(JSON.stringify(changed)), `digit ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^KEY_/),
      });
    }
    const wrong: [field: string, value: unknown][] = [
      ['format', 'deltaproof/keys/9'],
      ['hash', `0x${'11'.repeat(32)}`],
      ['shapes', [...file.shapes, 'another']],
      ['shapes', undefined],
      ['rules', { ...file.rules, w2: '7' }],
      ['rules', { ...file.rules, more: '7' }],
    ];
    for (const [field, value] of wrong) {
      await expect(parseKeys(JSON.stringify({ ...file, [field]: value })), field).rejects.toMatchObject({
        code: 'KEY_FORMAT',
        message: expect.stringContaining('deltaproof export keys'),
      });
    }
  });
});

describe('export vkey', () => {
  it("is a shape's key in the form of snarkjs, from the cache or from a key file", async () => {
    const { spec, key } = keySet.shapes[0]!;
    const found = jsonOf(await run(['export', 'vkey', spec.name, '--keys', keys, '--json'], bare));
    const [x, y] = [0, 1].map((i) => BigInt(`0x${key.ic[1].slice(2 + 64 * i, 66 + 64 * i)}`).toString());
    expect(found).toMatchObject({ protocol: 'groth16-commitment', curve: 'bn128', nPublic: 3 });
    expect(found.IC[1]).toEqual([x, y, '1']);
    // EIP-197's generator, real parts first.
    expect(found.vk_gamma_2[0][0]).toMatch(/^1085704699902305713594457076/);
    const [imaginary, real] = [0, 1].map((i) => BigInt(`0x${key.delta.slice(2 + 64 * i, 66 + 64 * i)}`).toString());
    expect(found.vk_delta_2[0]).toEqual([real, imaginary]);
    expect(jsonOf(await run(['export', 'vkey', spec.name, '--key-set', 'test', '--json']))).toEqual(found);
    const all = JSON.parse((await run(['export', 'vkey', '--keys', keys], bare)).stdout);
    expect(Object.keys(all)).toEqual(keySet.shapes.map(({ spec: { name } }) => name));
    expect(all[spec.name]).toEqual(found);
  });

  it('knows its shapes', async () => {
    const ended = await run(['export', 'vkey', 'nope', '--keys', keys, '--json'], bare);
    expect(ended.code).toBe(2);
    expect(jsonOf(ended).error).toMatchObject({ code: 'USAGE_SHAPE', message: expect.stringContaining('has: ') });
  });
});

describe('export calldata', () => {
  it('is what verify is called with, and the calls of an upload', async () => {
    const { stdout } = await run(['export', 'calldata', bundle], bare);
    expect(stdout).toMatch(/^0x[0-9a-f]+\n$/);
    const found = jsonOf(await run(['export', 'calldata', bundle, '--json'], bare));
    const { parts } = JSON.parse(readFileSync(bundle, 'utf8'));
    expect(found).toMatchObject({ verifier: VERIFIER, l1ChainId: '31337', oneTransaction: true, parts });
    expect(found.verify).toBe(stdout.trim());
    expect(found.statement).toMatchObject({ beneficiary: BENEFICIARY, mode: 0 });
    const upload = await run(['export', 'calldata', bundle, '--upload'], bare);
    expect(upload.stdout).toBe(`${found.upload.map(({ data }: { data: Hex }) => data).join('\n')}\n`);
    expect(found.upload[0].what).toBe('begin');
  });
});

describe('verify with verifying keys alone', () => {
  const verify = (...args: string[]) => run(['verify', bundle, '--keys', keys, '--json', ...args], bare);

  it('takes the bundle, says for whom it is, and builds nothing', async () => {
    const asked = ['--batch', batch, '--verifier', VERIFIER, '--beneficiary', BENEFICIARY, '--l1-chain-id', '31337'];
    const ended = await verify(...asked);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(ended)).toMatchObject({
      ...{ valid: true, verifier: VERIFIER, beneficiary: BENEFICIARY, l1ChainId: '31337' },
      ...{ keySetHash: keySet.hash, developmentKeys: true },
    });
    const { stdout } = await run(['verify', bundle, '--keys', keys], bare);
    expect(stdout).toContain(`ProofVerifier ${VERIFIER} on chain 31337; paid is ${BENEFICIARY}`);
    expect(stdout).toContain('anybody can forge');
    expect(() => readFileSync(bare.env.DELTAPROOF_CACHE)).toThrow('ENOENT');
  });

  it('refuses one for another with exit code 3', async () => {
    const other = write(folder, 'other.json', await smallBatchFile({ seed: 'other' }));
    const cases: [args: string[], code: string][] = [
      [['--batch', other], 'BUNDLE_OTHER_BATCH'],
      [['--verifier', BENEFICIARY], 'BUNDLE_OTHER_VERIFIER'],
      [['--beneficiary', VERIFIER], 'BUNDLE_OTHER_BENEFICIARY'],
      [['--l1-chain-id', '1'], 'BUNDLE_OTHER_CHAIN'],
    ];
    await each(cases, async ([args, code]) => {
      const ended = await verify(...args);
      expect({ code: ended.code, error: jsonOf(ended).error?.code }).toEqual({ code: 3, error: code });
    });
  });

  it('refuses a changed proof, and keys of another set, with exit code 3; a broken key file with 1', async () => {
    const text = readFileSync(bundle, 'utf8');
    const at = text.lastIndexOf('"') - 9;
    const digit = text[at] === '0' ? '1' : '0';
    const changed = write(folder, 'changed.json', text.slice(0, at) + digit + text.slice(at + 1));
    const ended = await run(['verify', changed, '--keys', keys, '--json'], bare);
    expect({ code: ended.code, error: jsonOf(ended).error.code }).toMatchObject({
      code: 3,
      error: expect.stringMatching(/^VERIFY_/),
    });
    const broken = write(folder, 'broken.json', readFileSync(keys, 'utf8').replace('"blob": "0x', '"blob": "0x00'));
    const refused = await run(['verify', bundle, '--keys', broken, '--json'], bare);
    expect({ code: refused.code, error: jsonOf(refused).error.code }).toEqual({ code: 1, error: 'KEY_FORMAT' });
  });
});
