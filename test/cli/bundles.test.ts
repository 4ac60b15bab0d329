import { readFileSync } from 'node:fs';
import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../prover/cli/exit-codes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type LocalL1, startAnvil } from '../../src/l1/anvil.js';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { decodePart, type PartKind } from '../../src/proof/parts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { each, jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

/** The first account of every anvil; it guards nothing. */
const ANVIL_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const BENEFICIARY = '0x00000000000000000000000000000000000000be';
const TEST = ['--key-set', 'test', '--json'];

const folder = scratch();
const l1s: LocalL1[] = [];
let l1: LocalL1;
let path: string;
let text: string;
let keySet: KeySet;

beforeAll(async () => {
  keySet = await buildKeySet('test');
  l1 = await startAnvil();
  l1s.push(l1);
  const env = { DELTAPROOF_PRIVATE_KEY: ANVIL_KEY };
  const deployed = await run(['deploy', '--l1', l1.url, ...TEST], { env });
  expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
  const { verifier, keySetHash } = jsonOf(deployed);
  expect(keySetHash).toBe(keySet.hash);
  const batch = write(folder, 'batch.json', await smallBatchFile());
  path = `${folder}/out.json`;
  const target = ['--verifier', verifier, '--beneficiary', BENEFICIARY, '--out', path, '--data', `${folder}/data`];
  const proven = await run(['prove', batch, ...target, '--mode', 'diff', ...TEST]);
  expect(proven, proven.stderr).toMatchObject({ code: 0 });
  const { value } = jsonOf(await run(['trace', batch, '--json']));
  expect(jsonOf(proven)).toMatchObject({ bundle: path, mode: 'diff', value, proofs: 1 });
  text = readFileSync(path, 'utf8');
});

afterAll(() => Promise.all(l1s.map((one) => one.stop())));

/** The bundle's text with one field changed, as FORMATS.md writes it. */
function withField(change: (bundle: { header: Record<string, string> } & Record<string, unknown>) => void): string {
  const bundle = JSON.parse(text);
  change(bundle);
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

/** The bundle's parts but those of one kind, and the one of a kind. */
function without(kind: PartKind): readonly string[] {
  return parseBundle(text).parts.filter((part) => decodePart(part).kind !== kind);
}
function partOf(kind: PartKind): string {
  return parseBundle(text).parts.find((part) => decodePart(part).kind === kind)!;
}

describe('verify', () => {
  it('accepts the bundle off-chain', async () => {
    const ended = await run(['verify', path, ...TEST]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { value, preRoot } = parseBundle(text);
    expect(jsonOf(ended)).toMatchObject({
      ...{ valid: true, by: 'off-chain', batch: '1', mode: 'diff' },
      ...{ value: value.toString(), preRoot: preRoot.toString() },
    });
    const words = await run(['verify', path, '--key-set', 'test']);
    expect(words).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^valid \(off-chain\): batch 1 /),
    });
  });

  it('accepts it by eth_call on the verifier that it is for', async () => {
    const ended = await run(['verify', path, '--l1', l1.url, '--json']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(ended)).toMatchObject({ valid: true, by: expect.stringMatching(/^ProofVerifier 0x/) });
    expect(Number(jsonOf(ended).gas)).toBeGreaterThan(100_000);
  });

  it('refuses what is cut short, written otherwise or changed with exit code 3 and the reason', async () => {
    const cases: [name: string, file: string, code: string][] = [
      ['cut in the middle', text.slice(0, text.length >> 1), 'BUNDLE_NOT_JSON'],
      ['cut by its last byte', text.slice(0, -1), 'BUNDLE_NOT_CANONICAL'],
      ['empty', '', 'BUNDLE_NOT_JSON'],
      ['a colon less', text.replace(':', ''), 'BUNDLE_NOT_JSON'],
      ['a space more', text.replace('{', '{ '), 'BUNDLE_NOT_CANONICAL'],
      ['a field less', withField((b) => delete b.value), 'BUNDLE_FIELD'],
      ['a field more', withField((b) => (b.note = '')), 'BUNDLE_NOT_CANONICAL'],
      ['version', withField((b) => (b.header.version = '3')), 'STATEMENT_WRONG_VERSION'],
      ['timestamp', withField((b) => (b.header.timestamp = '7')), 'VERIFY_INVALID_PROOF'],
      ['no transactions', withField((b) => (b.parts = without('transactions'))), 'STATEMENT_WRONG_TRANSACTIONS'],
      ['value', withField((b) => (b.value = '7')), 'STATEMENT_WRONG_DIFF'],
      ['beneficiary', withField((b) => (b.beneficiary = `0x${'11'.repeat(20)}`)), 'VERIFY_INVALID_PROOF'],
      [
        'tables',
        withField((b) => (b.parts = [partOf('head').slice(0, -2), ...without('head')])),
        'STATEMENT_BAD_TABLES',
      ],
      ['no proofs', withField((b) => (b.parts = without('proofs'))), 'VERIFY_NO_PROOFS'],
      [
        'a record and a byte',
        withField((b) => (b.parts = [...without('proofs'), `${partOf('proofs')}00`])),
        'VERIFY_BAD_LENGTH',
      ],
      ['rules', withField((b) => (b.rulesHash = `0x${'22'.repeat(32)}`)), 'VERIFY_WRONG_RULES'],
      ['key set', withField((b) => (b.keySetHash = `0x${'22'.repeat(32)}`)), 'VERIFY_WRONG_KEY_SET'],
    ];
    await each(cases, async ([name, file, code]) => {
      const ended = await run(['verify', write(folder, `${name}.json`, file), ...TEST]);
      expect({ name, code: ended.code }).toEqual({ name, code: 3 });
      const { error } = jsonOf(ended);
      expect({ name, code: error.code }).toEqual({ name, code });
      expect(ended.stderr).toBe(`${error.name} ${error.code}: ${error.message}\n`);
    });
  });

  it('refuses every single changed character', async () => {
    const random = new SeededRandom('changed characters');
    // Proofs and hex strings are most of the file: small fields get their share by lines.
    const lines = text.split('\n');
    const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
    for (let i = 0; i < 150; i++) {
      const line = i % (lines.length - 1);
      const at = starts[line]! + random.below(lines[line]!.length + 1);
      const old = text[at]!;
      const alphabet = /[0-9a-f]/.test(old) ? '0123456789abcdef' : '0{}[],:" x';
      const next = random.pick([...alphabet].filter((c) => c !== old));
      const file = text.slice(0, at) + next + text.slice(at + 1);
      const outcome = await (async () => verifyBundle(parseBundle(file), keySet, RULES_V2))().then(
        () => 'valid',
        (error: unknown) => error,
      );
      expect(exitCodeOf(outcome), `character ${at} (${old} to ${next}): ${outcome}`).toBe(3);
    }
  });

  it('asks L1 no less than it asks itself', async () => {
    const cases: [name: string, file: string, code: string][] = [
      ['l1 key set', withField((b) => (b.keySetHash = `0x${'22'.repeat(32)}`)), 'VERIFY_WRONG_KEY_SET'],
      ['l1 rules', withField((b) => (b.rulesHash = `0x${'22'.repeat(32)}`)), 'VERIFY_WRONG_RULES'],
      ['l1 beneficiary', withField((b) => (b.beneficiary = `0x${'11'.repeat(20)}`)), 'VERIFY_INVALID_PROOF'],
      // The proofs come before the value that they prove: their challenge is another one.
      ['l1 value', withField((b) => (b.value = '7')), 'VERIFY_INVALID_PROOF'],
      ['l1 transactions', withField((b) => (b.parts = without('transactions'))), 'VERIFY_WRONG_TRANSACTIONS'],
    ];
    await each(cases, async ([name, file, code]) => {
      const ended = await run(['verify', write(folder, `${name}.json`, file), '--l1', l1.url, '--json']);
      expect({ name, code: ended.code, error: jsonOf(ended).error?.code }).toEqual({ name, code: 3, error: code });
    });
  });
});

describe('an L1 that cannot judge is no verdict: exit code 1', () => {
  const refused = async (args: string[], code: string, says: RegExp, env = {}) => {
    const ended = await run([...args, '--json'], { env });
    expect(ended.code).toBe(1);
    const { error } = jsonOf(ended);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  };
  const verify = (url: string, file = path) => ['verify', file, '--l1', url];

  it('nobody there', () => refused(verify('http://127.0.0.1:1'), 'L1_UNREACHABLE', /No L1 answers at .*Is it running/));

  it('another chain', () => {
    const other = write(
      folder,
      'other chain.json',
      withField((b) => (b.l1ChainId = '1')),
    );
    return refused(verify(l1.url, other), 'L1_WRONG_CHAIN', /for chain 1, .* is chain 31337/);
  });

  it('no contract, or another one, at the address', async () => {
    const empty = await startAnvil();
    l1s.push(empty);
    await refused(verify(empty.url), 'L1_NO_VERIFIER', /no ProofVerifier at 0x.*deltaproof deploy/);
    const client = createPublicClient({ transport: http(empty.url) });
    const address = parseBundle(text).verifier;
    for (const code of ['0x00', '0x5f5ffd']) {
      await client.request({ method: 'anvil_setCode' as never, params: [address, code] as never });
      await refused(verify(empty.url), 'L1_NO_VERIFIER', /no ProofVerifier at 0x/);
    }
  });

  it('development keys anywhere but on a private chain, and an account without money', async () => {
    const main = await startAnvil({ args: ['--chain-id', '1'] });
    l1s.push(main);
    const deploy = (url: string) => ['deploy', '--l1', url, '--key-set', 'test'];
    await refused(deploy(main.url), 'L1_REVERTED', /DevelopmentKeys/, { DELTAPROOF_PRIVATE_KEY: ANVIL_KEY });
    const poor = { DELTAPROOF_PRIVATE_KEY: `0x${'01'.repeat(32)}` };
    await refused(deploy(l1.url), 'L1_REFUSED', /funds|balance/i, poor);
    await refused(deploy('http://127.0.0.1:1'), 'L1_UNREACHABLE', /No L1 answers/, poor);
  });
});
