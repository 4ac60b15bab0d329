import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { each, jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

/** Every verb that help leads to, from the one that `path` names on; each has help of its own. */
async function verbsFrom(path: readonly string[] = []): Promise<string[]> {
  const { code, stdout, stderr } = await run([...path, '--help']);
  expect({ path, code, stderr }).toEqual({ path, code: 0, stderr: '' });
  const [, listed] = stdout.split('\nCommands:\n');
  if (listed === undefined) {
    expect(stdout, path.join(' ')).toContain(`Usage: deltaproof ${path.join(' ')} [options]`);
    expect(stdout, path.join(' ')).toMatch(/--json +\S/);
    return [path.join(' ')];
  }
  const names = [...listed.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!).filter((name) => name !== 'help');
  const found: string[] = [];
  await each(names, async (name) => void found.push(...(await verbsFrom([...path, name]))));
  return found;
}

const folder = scratch();

describe('help', () => {
  it('leads to every verb, on stdout, and every verb has --json', async () => {
    const verbs = await verbsFrom();
    expect(verbs.length).toBeGreaterThan(40);
    // docs/COMMANDS.md has the words of each.
    const page = readFileSync(join(packageRoot(), 'docs', 'COMMANDS.md'), 'utf8');
    const missing = verbs.flatMap((verb) => verb.split(' ')).filter((word) => !new RegExp(`\\b${word}\\b`).test(page));
    expect(missing).toEqual([]);
  }, 120_000);

  it('knows the version', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('wrong usage ends with 2, says what is wrong, and leaves stdout empty', () => {
  const missing = `${folder}/missing.json`;
  const privateKey = 'DELTAPROOF_PRIVATE_KEY';
  const secret = `0x${'ab'.repeat(31)}`;
  const cases: [args: string[], says: RegExp, env?: Record<string, string>][] = [
    [[], /Usage: deltaproof/],
    [['nonsense'], /unknown command 'nonsense'/],
    [['prove'], /USAGE_FILE: What is to be proven.*one of them/],
    [['prove', missing, '--store', folder], /USAGE_FILE: What is to be proven/],
    [['prove', missing, '--game', '1'], /USAGE_DISPUTE: A game says chain and verifier/],
    [['disputes', 'challenge', 'x'], /USAGE_GAME: "x" is not the number of a claim/],
    [['batch', 'make', '--genesis', missing], /required option '--transactions <file>'/],
    [['prove', 'x', '--bogus'], /unknown option '--bogus'/],
    [['circuits', 'build', '--bogus'], /unknown option '--bogus'/],
    [['jobs'], /Usage: deltaproof jobs/],
    [['jobs', 'show'], /missing required argument 'job'/],
    [['doctor'], /required option '--store <folder>'/],
    [['doctor', '--store', folder], /USAGE_STORE: There is no node's store/],
    [['deploy'], /required option '--l1 <rpc>'/],
    [['disputes', 'feed', '--l1', 'x'], /missing required argument 'bundle'/],
    [['disputes', 'feed', 'x'], /required option '--l1 <rpc>'/],
    [['prove', missing], /USAGE_FILE: Cannot read .*missing\.json: ENOENT.*Give the path/],
    [['trace', folder], /USAGE_FILE: Cannot read .*EISDIR/],
    [['verify', missing], /USAGE_FILE/],
    [['prove', missing, '--mode', 'both'], /USAGE_CHOICE: --mode is "both", not one of diff, root/],
    [['prove', missing, '--verifier', '0x12'], /USAGE_ADDRESS: --verifier is "0x12"/],
    [['prove', missing, '--engine', 'magic'], /USAGE_CHOICE: --engine is "magic", not one of .*snarkjs.*rapidsnark/],
    [['worker', '--redis', 'redis://x'], /USAGE_CHOICE: --engine is "magic"/, { DELTAPROOF_ENGINE: 'magic' }],
    [['demo'], /USAGE_CHOICE: --engine is "magic"/, { DELTAPROOF_ENGINE: 'magic' }],
    [['bench', '--engine', 'magic'], /USAGE_CHOICE/],
    [['prove', missing, '--packing', '1,2'], /USAGE_PACKING: "1,2" are no three weights.*59400,95300,1 by default/],
    [['prove', missing, '--l1-chain-id', '0'], /USAGE_INTEGER: --l1-chain-id is "0", not an integer from 1/],
    [['prove', missing, '--concurrency', '0'], /USAGE_INTEGER: --concurrency is "0"/],
    [['prove', missing, '--redis', 'localhost:6379'], /USAGE_REDIS: .*Write redis:\/\/host:port/],
    [['prove', missing, '--out', `${folder}/no/such/b.json`], /USAGE_FILE: Cannot write .*there is no folder/],
    [['prove', missing, '--out', folder], /USAGE_FILE: Cannot write .*it is a folder/],
    [['prove', missing, '--out', '/proc/b.json'], /USAGE_FILE|OUTPUT_UNWRITABLE/],
    [['verify', missing, '--key-set', 'nope'], /USAGE_KEY_SET: There is no key set "nope".*has: .*test/],
    [['verify', missing, '--keys', missing, '--l1', 'x'], /'--keys <file>' cannot be used with option '--l1 <rpc>'/],
    [['verify', missing, '--batch', missing], /USAGE_FILE/],
    [['verify', missing, '--beneficiary', '0x12'], /USAGE_ADDRESS: --beneficiary is "0x12"/],
    [['export', 'calldata', missing], /USAGE_FILE/],
    [['export', 'vkey', '--keys', missing], /USAGE_FILE/],
    [['circuits', 'info', '--key-set', 'constructor'], /USAGE_KEY_SET/],
    [['demo', '--case', 'c'], /USAGE_CHOICE: --case is "c", not one of a, b/],
    [['demo', '--accounts', '7'], /USAGE_INTEGER: --accounts is "7"/],
    [['worker'], /USAGE_REDIS: A worker needs the queue.*--redis <url>/],
    [['worker', '--redis', 'redis://h:1', '--concurrency', 'x'], /USAGE_INTEGER/],
    [['deploy', '--l1', 'http://127.0.0.1:1'], /USAGE_PRIVATE_KEY: DELTAPROOF_PRIVATE_KEY holds no private key/],
    [['deploy', '--l1', 'http://127.0.0.1:1'], /USAGE_PRIVATE_KEY/, { [privateKey]: secret }],
    [['deploy', '--l1', 'http://127.0.0.1:1'], /USAGE_PRIVATE_KEY/, { [privateKey]: `0x${'00'.repeat(32)}` }],
    [['deploy', '--l1', 'not a url'], /USAGE_L1: --l1 is "not a url"/, { [privateKey]: `${secret}ab` }],
    [
      ['jobs', 'show', 'abc', '--data', `${folder}/data`],
      /USAGE_JOB: No job is called "abc", or has an id that begins so/,
    ],
    [['bench', '--out', `${folder}/no/such/bench.json`], /USAGE_FILE: Cannot write/],
  ];

  it('in every way', async () => {
    await each(cases, async ([args, says, env = {}]) => {
      const { code, stdout, stderr } = await run(args, { env });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/^ {4}at /m);
      expect(stderr).not.toContain(secret.slice(2));
    });
  });

  it('with --json also as one object on stdout', async () => {
    const bogus = await run(['circuits', 'info', '--json', '--bogus']);
    expect(bogus.code).toBe(2);
    expect(jsonOf(bogus)).toEqual({
      error: { name: 'UsageError', code: 'USAGE_COMMAND_LINE', message: "unknown option '--bogus'", retryable: false },
    });
    const file = await run(['trace', missing, '--json']);
    expect(file.code).toBe(2);
    expect(jsonOf(file).error).toMatchObject({ code: 'USAGE_FILE', message: expect.stringContaining(missing) });
  });
});

describe('what is not there', () => {
  const dead = 'redis://user:secret@127.0.0.1:1';

  it('a Redis that does not answer is an error of its own, and its password is not shown', async () => {
    const batch = write(folder, 'batch.json', await smallBatchFile());
    const commands = [
      ['prove', batch, '--key-set', 'test', '--redis', dead],
      ['worker', '--redis', dead],
      ['jobs', 'list', '--redis', dead],
    ];
    await each(commands, async (args) => {
      const ended = await run([...args, '--data', `${folder}/redis`, '--json']);
      expect(ended.code).toBe(1);
      expect(jsonOf(ended).error).toMatchObject({ code: 'QUEUE_UNREACHABLE' });
      expect(ended.stdout + ended.stderr).not.toContain('secret');
    });
  });

  it('a data folder that cannot be one', async () => {
    const ended = await run(['jobs', 'list', '--json'], { env: { DELTAPROOF_DATA: `${folder}/batch.json` } });
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).error).toMatchObject({ code: 'QUEUE_STORE_OPEN' });
  });
});
