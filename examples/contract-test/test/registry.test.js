import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { batchHash } from 'deltaproof/batch';
import { bundleCalldata, contractError, deployVerifier, startAnvil } from 'deltaproof/l1';
import { parseBundle, parseKeys, verifyBundle } from 'deltaproof/proof';
import { createTestClient, http, publicActions, walletActions } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { compile } from '../compile.js';

/** A file of deltaproof's `fixtures/`: a bundle for chain 31337 and the first contract that anvil's first account deploys. */
const fixture = (name) => readFileSync(createRequire(import.meta.url).resolve(`deltaproof/fixtures/${name}`), 'utf8');
const bundle = parseBundle(fixture('bundle.json'));
const { statement, parts } = bundleCalldata(bundle);
/** The first account of every anvil; it guards nothing. */
const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');

let l1;
let client;
let keys;
let registry;

before(async () => {
  l1 = await startAnvil();
  const options = { account, chain: foundry, mode: 'anvil', transport: http(l1.url), pollingInterval: 50 };
  client = createTestClient(options).extend(publicActions).extend(walletActions);
  keys = await parseKeys(fixture('keys.json'));
  const verifier = await deployVerifier({ wallet: client, reader: client, keys, rules: keys.rules });
  assert.equal(verifier.toLowerCase(), bundle.verifier);
  const { abi, bytecode } = compile('DiffRegistry');
  const hash = await client.deployContract({ abi, bytecode, args: [verifier] });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  registry = { address: contractAddress, abi };
});

after(() => l1.stop());

const record = (args) => client.simulateContract({ ...registry, functionName: 'record', args });

/** What the verifier refuses it with. */
async function refusal(args) {
  try {
    await record(args);
  } catch (error) {
    return contractError(error)?.name;
  }
  return 'accepted';
}

test('the contract takes the real bundle', async () => {
  const { request, result } = await record([statement, parts]);
  assert.equal(result, batchHash(bundle.header));
  const receipt = await client.waitForTransactionReceipt({ hash: await client.writeContract(request) });
  assert.equal(receipt.status, 'success');
  const diff = await client.readContract({ ...registry, functionName: 'diffOf', args: [result, bundle.preRoot] });
  assert.equal(diff, bundle.value);
});

test('a flipped byte in any part, and another statement, are refused', async () => {
  for (const [i, part] of parts.entries()) {
    const flipped = `${part.slice(0, -2)}${part.endsWith('00') ? '01' : '00'}`;
    const name = await refusal([statement, parts.with(i, flipped)]);
    assert.ok(name !== undefined && name !== 'accepted', `part ${i}: ${name}`);
  }
  assert.equal(await refusal([{ ...statement, value: statement.value + 1n }, parts]), 'InvalidProof');
  assert.equal(await refusal([{ ...statement, beneficiary: account.address }, parts]), 'InvalidProof');
});

test('the same bundle verifies off-chain', async () => {
  await verifyBundle(bundle, keys, keys.rules);
  const other = { ...bundle, value: bundle.value + 1n };
  await assert.rejects(verifyBundle(other, keys, keys.rules), { code: 'STATEMENT_WRONG_DIFF' });
});
