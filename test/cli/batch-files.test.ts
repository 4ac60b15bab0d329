import { beforeAll, describe, expect, it } from 'vitest';
import { each, jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

const folder = scratch();
let text: string;
let path: string;

beforeAll(async () => {
  text = await smallBatchFile();
  path = write(folder, 'batch.json', text);
});

interface File {
  preState: Record<string, Record<string, unknown>>;
  environment: Record<string, unknown>;
  transactions: unknown[];
  [name: string]: unknown;
}

describe('trace', () => {
  it('tells rows, tuples, balance and every outcome, the same ones every time', async () => {
    const [first, second] = await Promise.all([run(['trace', path, '--json']), run(['trace', path, '--json'])]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    const result = jsonOf(first);
    expect(result).toMatchObject({
      batch: '1',
      mode: 'diff',
      balanced: true,
      preRoot: expect.stringMatching(/^\d+$/),
      value: expect.stringMatching(/^\d+$/),
      parts: expect.arrayContaining([expect.stringMatching(/^0x[0-9a-f]+$/)]),
      rows: { transfer: 3, txbad: 1, tables: 1 },
    });
    expect(result.outcomes).toEqual([
      { item: 1, outcome: 'executed' },
      { item: 2, outcome: 'executed' },
      { item: 3, outcome: 'executed' },
      { item: 4, outcome: 'bad', reason: 'empty item' },
    ]);
  });

  it('has another value for the root on the same state, and words without --json', async () => {
    const root = await run(['trace', path, '--mode', 'root']);
    expect(root).toMatchObject({ code: 0, stderr: '' });
    expect(root.stdout).toMatch(/^batch 1, mode root: value \d+\n {2}item 1: executed\n/);
    const diff = jsonOf(await run(['trace', path, '--json']));
    expect(root.stdout).not.toContain(diff.value);
  });
});

describe('batch make', () => {
  const made = (...args: string[]) =>
    run(['batch', 'make', '--genesis', `${folder}/genesis.json`, '--out', `${folder}/made.json`, ...args, '--json']);

  it('seals the same transactions into a batch that does the same', async () => {
    const { preState, transactions } = JSON.parse(text) as File;
    write(folder, 'genesis.json', JSON.stringify({ format: 'deltaproof/genesis/1', state: preState }));
    const raw = write(folder, 'raw.txt', `${transactions.join('\n')}\n`);
    const ended = await made('--transactions', raw);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stderr: '' });
    const result = jsonOf(ended);
    expect(result.outcomes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'executed',
      'executed',
      'executed',
      'bad: empty item',
    ]);
    const traced = jsonOf(await run(['trace', `${folder}/made.json`, '--json']));
    expect(traced).toMatchObject({ batch: '1', value: result.diff, balanced: true, rows: { transfer: 3, txbad: 1 } });
  });

  it('names a line that is no transaction', async () => {
    const raw = write(folder, 'odd.txt', '0x00\n\nnothing\n');
    const ended = await made('--transactions', raw);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('line 3 is no transaction') });
  });
});

describe('a malformed batch file ends with 1 and names what is wrong', () => {
  const address = () => Object.keys((JSON.parse(text) as File).preState)[0]!;
  /** The file's text with one change. */
  const changed = (change: (file: File) => void): string => {
    const file = JSON.parse(text) as File;
    change(file);
    return JSON.stringify(file);
  };
  const cases: [name: string, file: () => string, code: string, says: RegExp][] = [
    ['not JSON', () => 'batch', 'BATCH_FILE_JSON', /The batch file is not JSON: .*FORMATS\.md/],
    ['cut short', () => text.slice(0, -20), 'BATCH_FILE_JSON', /not JSON/],
    ['missing field', () => changed((f) => delete f.environment.parent), 'BATCH_FILE_FIELD', /environment\.parent/],
    ['surplus field', () => changed((f) => (f.note = 1)), 'BATCH_FILE_FIELD', /note/],
    [
      'bad hex',
      () => changed((f) => (f.transactions[1] = '0xzz')),
      'BATCH_FILE_FIELD',
      /transactions\.1: .*hex digits/,
    ],
    ['wrong chain', () => changed((f) => (f.environment.chainId = 1)), 'BATCH_WRONG_CHAIN', /chain 1, .*chain 42113/],
    [
      'wrong base fee',
      () => changed((f) => (f.environment.baseFee = 7)),
      'BATCH_RULES',
      /baseFee is 7, and 1000000000/,
    ],
    ['number 0', () => changed((f) => (f.environment.number = 0)), 'BATCH_RULES', /number is 0, which is the genesis/],
    [
      'too many items',
      () => changed((f) => (f.transactions = Array(1_001).fill('0x'))),
      'BATCH_RULES',
      /1001 transactions, above 1000/,
    ],
    [
      'a balance of 2^256',
      () => changed((f) => (f.preState[address()]!.balance = String(2n ** 256n))),
      'BATCH_FILE_FIELD',
      /balance: must be an unsigned integer below 2\^256/,
    ],
    [
      'a sum of 2^255',
      () => changed((f) => (f.preState[address()]!.balance = String(2n ** 255n))),
      'BATCH_GENESIS',
      /not below 2\^255/,
    ],
    [
      'an account twice',
      () => text.replace(/"preState": \{/, `"preState": { "${address()}": { "nonce": 1, "balance": "1" },`),
      'BATCH_FILE_FIELD',
      /field preState\.0x[0-9a-f]{40} twice/,
    ],
    ['a field twice', () => text.replace('"parent"', '"number": 2, "parent"'), 'BATCH_FILE_FIELD', /number twice/],
    [
      'an empty account',
      () => changed((f) => (f.preState[address()] = { nonce: 0, balance: 0 })),
      'BATCH_GENESIS',
      /is empty .*Leave it out/,
    ],
    [
      'storage without code',
      () =>
        changed((f) => (f.preState[address()] = { nonce: 0, balance: 1, storage: { [`0x${'00'.repeat(32)}`]: 1 } })),
      'BATCH_GENESIS',
      /has storage, but nonce 0 and no code/,
    ],
  ];

  it('in trace', async () => {
    await each(cases, async ([name, file, code, says]) => {
      const ended = await run(['trace', write(folder, `${name}.json`, file()), '--json']);
      expect({ name, code: ended.code }).toEqual({ name, code: 1 });
      const { error } = jsonOf(ended);
      expect({ name, code: error.code }).toEqual({ name, code });
      expect(error.message, name).toMatch(says);
      expect(ended.stderr).toBe(`${error.name} ${error.code}: ${error.message}\n`);
    });
  });

  it('in prove, before anything is stored', async () => {
    const bad = write(folder, 'bad.json', text.slice(0, -20));
    const ended = await run(['prove', bad, '--data', `${folder}/data`]);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('BatchError BATCH_FILE_JSON') });
    expect(jsonOf(await run(['jobs', 'list', '--data', `${folder}/data`, '--json']))).toEqual([]);
  });
});
