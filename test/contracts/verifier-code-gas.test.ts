import { type Address, type Hex, keccak256, size, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromHex } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import type { TableAccount, TableSlot, Tables } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { tablesOf } from '../helpers/bundles.js';
import { withTables } from '../helpers/code-samples.js';
import { fakeKeyBlob } from '../helpers/key-blob.js';
import { randomBundle } from '../helpers/native-samples.js';
import { compileVerifier, startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { plainFields } from '../helpers/transactions.js';

const { VerifierBench } = compileVerifier();
/** Gas of execution that must not be exceeded, the hashing of the parts that carry it included: a tenth above what was measured. */
const MOST: Readonly<Record<string, number>> = {
  ...{ 'slot, diff, changed': 2_600, 'slot, root, changed': 1_900, 'slot, root, read': 1_800 },
  ...{ 'account, diff': 4_600, 'account, root': 3_100 },
  ...{ 'KiB of code': 4_200, 'code of 8 KiB in a contract': 39_000 },
  ...{ 'hash of two words': 750, 'word of a hash': 330 },
  ...{ 'transaction with 68 bytes': 11_000, 'its run': 2_300, 'warm key': 510 },
};

let l1: TestL1;
let bench: Address;

beforeAll(async () => {
  l1 = await startTestL1();
  bench = await l1.deploy(VerifierBench!, [await fakeKeyBlob(1), rulesCalldata(RULES_V2), true]);
});
afterAll(() => l1?.stop());

/** Gas of L1's native part, and of the bytes of tables and transactions (EIP-2028). */
async function gasOf(bundle: Bundle): Promise<[execution: number, calldata: number]> {
  const { statement, parts } = bundleCalldata(bundle);
  const args = [statement, parts, 5n, 7n, 0n, false];
  const [, , gas] = (await l1.call(bench, VerifierBench!.abi, 'native_', args)) as bigint[];
  return [Number(gas), parts.reduce((sum, part) => sum + dataGas(part), 0)];
}

function dataGas(data: Hex): number {
  return fromHex(data).reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);
}

/** Gas of `count` things, each: what the second bundle takes more than the first. */
async function each(count: number, without: Bundle, with_: Bundle): Promise<[execution: number, calldata: number]> {
  const [a, b] = [await gasOf(without), await gasOf(with_)];
  return [(b[0] - a[0]) / count, (b[1] - a[1]) / count];
}

it('of slots, codes, hashes and calls on L1', async () => {
  const random = new SeededRandom('gas of code');
  const key = privateKeyOf('gas of code', 0);
  const transfer = `0xa9059cbb${random.hex(20).slice(2).padStart(64, '0')}${'00'.repeat(31)}05` as Hex;
  const calls: Hex[] = [];
  for (let nonce = 0n; nonce < 10n; nonce++) {
    calls.push(await signTransaction(plainFields({ nonce, gasLimit: 60_000n, value: 0n, data: transfer }), key));
  }
  const base = (mode: Mode, txs: Hex[] = []) => withTables(randomBundle(random, mode, txs, 0, 0), { uses: 0n });
  const [diff, root] = [base('diff'), base('root')];
  const lines: Record<string, [number, number]> = {};

  const account = (slots: TableSlot[], mode: Mode): TableAccount => {
    const fields = { nonce: 1n, balance: 0n, codeHash: keccak256('0x01') };
    const postHint = mode === 'root' ? hintOf('value', 5) : HINT_NONE;
    return { address: `0x${'77'.repeat(20)}`, pre: fields, post: fields, preHint: hintOf('value', 5), postHint, slots };
  };
  const slot = (i: number, mode: Mode, changed: boolean): TableSlot => ({
    key: toHex(BigInt(keccak256(toHex(i))), { size: 32 }),
    ...{ pre: 10n ** 20n, post: changed ? 10n ** 20n + 5n : 10n ** 20n },
    ...{ preHint: hintOf('value', 3), postHint: mode === 'root' && changed ? hintOf('value', 3) : HINT_NONE },
  });
  const slots = (mode: Mode, changed: boolean) =>
    Array.from({ length: 20 }, (_, i) => slot(i, mode, changed)).sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const [name, bundle] of [
    ['diff', diff],
    ['root', root],
  ] as const) {
    for (const changed of [true, false]) {
      const list = slots(name, changed);
      const one = withTables(bundle, { accounts: [account(list.slice(0, 1), name)] });
      const all = withTables(bundle, { accounts: [account(list, name)] });
      lines[`slot, ${name}, ${changed ? 'changed' : 'read'}`] = await each(19, one, all);
    }
  }

  for (const [name, bundle] of [
    ['diff', diff],
    ['root', root],
  ] as const) {
    const present = tablesOf(randomBundle(random, name, [], 0, 20, 'present'));
    lines[`account, ${name}`] = await each(20, bundle, withTables(bundle, { accounts: present.accounts }));
  }

  const code = random.hex(8 * 1024);
  const uses = { blobUses: 1n, lenUses: 1n };
  const inline = (length: number): Partial<Tables> => ({
    codes: [{ kind: 'inline', code: `0x${code.slice(2, 2 + 2 * length)}`, ...uses }],
  });
  lines['KiB of code'] = await each(7, withTables(diff, inline(1024)), withTables(diff, inline(8 * 1024)));
  lines['code of 1 KiB'] = await each(1, diff, withTables(diff, inline(1024)));
  const address = random.hex(20);
  await l1.reader.request({ method: 'anvil_setCode', params: [address, code] } as never);
  const contract: Partial<Tables> = { codes: [{ kind: 'contract', address, hash: keccak256(code), ...uses }] };
  lines['code of 8 KiB in a contract'] = await each(1, diff, withTables(diff, contract));

  const pair = { kind: 'pair', input: random.hex(64), uses: 3n } as const;
  // From one on: the first of its kind brings a part.
  const hashes = (count: number, entry: Tables['keccaks'][number]) =>
    withTables(diff, { keccaks: Array<typeof entry>(count).fill(entry) });
  lines['hash of two words'] = await each(9, hashes(1, pair), hashes(10, pair));
  const general = (length: number) => ({ kind: 'general', input: random.hex(length), uses: 3n }) as const;
  lines['hash of 32 bytes'] = await each(9, hashes(1, general(32)), hashes(10, general(32)));
  lines['word of a hash'] = await each(
    31,
    withTables(diff, { keccaks: [general(32)] }),
    withTables(diff, { keccaks: [general(1024)] }),
  );

  const called = base('diff', calls);
  lines['transaction with 68 bytes'] = await each(10, diff, called);
  const runs = calls.map((_, i) => ({ item: i + 1, uses: [1n, 1n, 1n] }));
  lines['its run'] = await each(10, called, withTables(called, { runs }));
  const keys = Array.from({ length: 10 }, () => random.hex(32));
  const listed = await signTransaction(
    plainFields({ gasLimit: 90_000n, accessList: [{ address, keys: keys.slice(0, 10) }] }),
    key,
  );
  const withList = base('diff', [listed]);
  lines['warm key'] = await each(10, withList, withTables(withList, { runs: [{ item: 1, uses: [] }] }));
  expect(size(code)).toBe(8 * 1024);

  for (const [name, most] of Object.entries(MOST)) expect(lines[name]![0], name).toBeLessThan(most);
  console.log('gas on L1 (execution, calldata):');
  for (const [name, [execution, calldata]] of Object.entries(lines)) {
    console.log(`  ${name}: ${Math.round(execution)} + ${Math.round(calldata)} = ${Math.round(execution + calldata)}`);
  }
});
