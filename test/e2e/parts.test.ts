import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeFunctionData, type Hex, isAddressEqual, size } from 'viem';
import { privateKeyToAddress as addressOfKey } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute, ProofVerifier } from '../../contracts/generated/artifacts.js';
import { startAnvil } from '../../src/l1/anvil.js';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS } from '../../src/l1/limits.js';
import { partsFed, uploadOf } from '../../src/l1/upload.js';
import { createVerifierClient } from '../../src/l1/verifier-client.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import type { Bundle } from '../../src/proof/types.js';
import { AgentProcess, type Said } from '../helpers/agent-process.js';
import { type Ended, jsonOf, run } from '../helpers/cli.js';
import { type Hasher, KEYS, PartsWorld } from '../helpers/parts-world.js';

/** Three batches whose bundles L1 takes only in parts: by gas and bytes, by bytes of transactions, by bytes of hashes. */
const [LARGE, LONG, MANY]: readonly Hasher[] = [
  { hashes: 9, bytes: 65_504 },
  { hashes: 1, bytes: 16_384 },
  { hashes: 8, bytes: 16_384 },
] as never;
const malformed = (bytes: number): Hex => `0x${'ff'.repeat(bytes)}`;
const BATCHES = [1n, 2n, 3n];

let world: PartsWorld;
let claimants: NodeJS.Timeout;
let stating: Promise<void> = Promise.resolve();
const agents: AgentProcess[] = [];
/** The bundle whose upload was cut, and how many parts L1 had had then; the one that a stranger took on, by hand. */
let cut: { number: bigint; fed: number };
let byHand: { number: bigint; told: Ended };

function bundleOf(number: bigint): Bundle {
  return parseBundle(readFileSync(bundleFile(number)));
}

function bundleFile(number: bigint): string {
  return join(world.folder, `bundle-${number}.json`);
}

function feedByHand(number: bigint): Promise<Ended> {
  const on = ['--l1', world.l1.url, '--dispute', world.contracts.dispute, '--json'];
  return run(['disputes', 'feed', bundleFile(number), ...on], { env: { DELTAPROOF_PRIVATE_KEY: KEYS.stranger } });
}

function fedOf(number: bigint): Promise<number> {
  const bundle = bundleOf(number);
  return partsFed(createVerifierClient(world.account(0).reader, bundle.verifier), uploadOf(bundle));
}

beforeAll(async () => {
  world = await PartsWorld.open([LARGE!, LONG!, MANY!]);
  await world.post([malformed(110_000), await world.call(LARGE!)]);
  await world.post([malformed(110_000), await world.call(LONG!)]);
  await world.post([await world.call(MANY!)]);
  for (const number of BATCHES) await world.claimFalsely(number);

  claimants = setInterval(() => {
    stating = stating.then(() => world.stateRoots());
  }, 1_000);
  const uploaded = ({ type }: Said) => type === 'uploaded';
  const first = new AgentProcess(world.folder, 'none');
  agents.push(first);
  const begun = await first.until(uploaded);
  await first.kill();
  const number = BigInt(begun.number!);
  cut = { number, fed: await fedOf(number) };

  const second = new AgentProcess(world.folder, begun.number!);
  agents.push(second);
  const next = await second.until((said) => uploaded(said) && said.number !== begun.number);
  await second.kill();
  const other = BigInt(next.number!);
  byHand = { number: other, told: await feedByHand(other) };

  const third = new AgentProcess(world.folder);
  agents.push(third);
  const { dispute } = world.account(0);
  const ended = third.until(() => false);
  while ((await dispute.view()).games.some(({ phase }) => phase !== 'closed')) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 500)), ended]);
  }
  ended.catch(() => undefined);
  await third.kill();
  clearInterval(claimants);
  await stating;
}, 1_800_000);
afterAll(async () => {
  clearInterval(claimants);
  for (const agent of agents) await agent.kill().catch(() => undefined);
  await world?.close();
});

/** Every transaction to verifier or dispute that is about the bundle of a batch. */
async function transactionsOf(number: bigint) {
  const { reader } = world.account(0);
  const { seed } = uploadOf(bundleOf(number));
  const abi = [...ProofVerifier.abi, ...Dispute.abi];
  const found: { what: string; hash: Hex; from: Hex; gasUsed: bigint; gas: bigint; bytes: number; success: boolean }[] =
    [];
  for (let n = 1n; n <= (await reader.getBlockNumber()); n++) {
    for (const tx of (await reader.getBlock({ blockNumber: n, includeTransactions: true })).transactions) {
      // The session's seed in `feed`, the header's first words in `begin` and `proveUploaded`.
      const header = bundleOf(number).header.txsHash.slice(2);
      if (tx.to === null || !isProof(tx.to) || !(tx.input.includes(seed.slice(2)) || tx.input.includes(header)))
        continue;
      const receipt = await reader.getTransactionReceipt({ hash: tx.hash });
      const raw = (await reader.request({
        method: 'eth_getRawTransactionByHash' as never,
        params: [tx.hash] as never,
      })) as Hex;
      const { gasUsed, status } = receipt;
      found.push({
        what: decodeFunctionData({ abi, data: tx.input }).functionName,
        hash: tx.hash,
        from: tx.from,
        gasUsed,
        gas: tx.gas,
        bytes: size(raw),
        success: status === 'success',
      });
    }
  }
  return found;
}

function isProof(to: Hex): boolean {
  return isAddressEqual(to, world.contracts.verifier) || isAddressEqual(to, world.contracts.dispute);
}

describe('three bundles settle by real proofs in parts', () => {
  it('each decides its game for the challenger, and the false claims fall', async () => {
    const { claims, games } = await world.account(0).dispute.view();
    expect(games.map(({ outcome }) => outcome)).toEqual(BATCHES.map(() => 'challengerWins'));
    expect(claims.map(({ status }) => status)).toEqual(BATCHES.map(() => 'refuted'));
    for (const number of BATCHES) expect(bundleOf(number).value).toBe(await world.node.value('diff', number));
  });

  it('in transactions of at most 2^24 gas and 131,072 bytes, none of which failed; one bundle takes more than 2^24 in all', async () => {
    const totals: bigint[] = [];
    for (const number of BATCHES) {
      const sent = await transactionsOf(number);
      expect(sent.length).toBeGreaterThanOrEqual(3);
      for (const { gas, bytes, success } of sent) {
        expect(success).toBe(true);
        expect(gas).toBeLessThanOrEqual(MAX_TRANSACTION_GAS);
        expect(bytes).toBeLessThanOrEqual(MAX_TRANSACTION_BYTES);
      }
      totals.push(sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n));
      console.info(
        `bundle ${number}: ${bundleOf(number).parts.length} parts,`,
        sent.length,
        'transactions,',
        totals.at(-1),
        'gas',
      );
    }
    expect(totals[0]).toBeGreaterThan(MAX_TRANSACTION_GAS);
  });
});

describe('a game whose bundle needs parts is settled by the challenger agent without a hand on it', () => {
  it('with a kill -9 between two parts: it goes on behind the parts that L1 has had', () => {
    const { number, fed } = cut;
    expect(fed).toBeGreaterThan(0);
    expect(fed).toBeLessThan(bundleOf(number).parts.length);
    const later = [...agents[1]!.uploads(number), ...agents[2]!.uploads(number)];
    expect(later[0]!.from).toBe(fed);
    // Every part once, whoever fed it.
    for (const [i, { to }] of later.entries()) expect(later[i + 1]?.from ?? bundleOf(number).parts.length).toBe(to);
  });

  it('each session is begun once and settled once, and nothing went wrong on the way', async () => {
    // By L1: who is killed may have done more than it said.
    for (const number of BATCHES) {
      const [first, ...rest] = (await transactionsOf(number)).map(({ what }) => what);
      expect([first, rest.at(-1)]).toEqual(['begin', 'proveUploaded']);
      expect(new Set(rest.slice(0, -1))).toEqual(new Set(['feed']));
    }
    expect(agents.flatMap(({ said }) => said.filter(({ type }) => type === 'error'))).toEqual([]);
  });
});

describe('disputes feed', () => {
  it('goes on behind the parts that L1 has had, says what is left, and settles the game', async () => {
    const { number, told } = byHand;
    expect(told, told.stderr).toMatchObject({ code: 0 });
    const parts = bundleOf(number).parts.length;
    const { before, transactions, gas, games } = jsonOf(told);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(parts);
    const sent = (await transactionsOf(number)).filter(({ from }) => isAddressEqual(from, addressOfKey(KEYS.stranger)));
    expect(transactions).toBe(sent.length);
    expect(BigInt(gas)).toBe(sent.reduce((sum, { gasUsed }) => sum + gasUsed, 0n));
    const { games: all, claims } = await world.account(0).dispute.view();
    expect(games).toEqual(
      all.filter(({ claimId }) => claims[Number(claimId) - 1]!.number === number).map(({ id }) => String(id)),
    );
    expect(told.stderr).toContain(`L1 has had ${before} of ${parts} parts`);
    expect(told.stderr).toContain(`${parts} of ${parts} parts are there, 0 are left`);
    expect(agents[2]!.uploads(number)).toEqual([]);
  });

  it('again: there is nothing left to prove', async () => {
    const ended = await feedByHand(byHand.number);
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).error).toMatchObject({
      code: 'L1_REVERTED',
      message: expect.stringContaining('AlreadyProven'),
    });
  });
});

describe('verify --l1', () => {
  let before: Awaited<ReturnType<typeof startAnvil>>;
  beforeAll(async () => {
    // L1 as it was before the first part went up.
    const { reader } = world.account(0);
    const hashes = (await Promise.all(BATCHES.map(transactionsOf))).flat().map(({ hash }) => hash);
    const blocks = await Promise.all(hashes.map((hash) => reader.getTransactionReceipt({ hash })));
    const first = Math.min(...blocks.map(({ blockNumber }) => Number(blockNumber)));
    before = await startAnvil({ args: ['--fork-url', world.l1.url, '--fork-block-number', String(first - 1)] });
  }, 120_000);
  afterAll(() => before?.stop());

  it('simulates the transactions of a bundle that needs several', async () => {
    const ended = await run(['verify', bundleFile(1n), '--l1', before.url, '--json']);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const sent = await transactionsOf(1n);
    const { transactions, gas, fed } = jsonOf(ended);
    // Beside the settling one.
    expect([transactions, fed]).toEqual([sent.length - 1, 0]);
    expect(BigInt(gas)).toBeGreaterThan(MAX_TRANSACTION_GAS);
  });

  it('goes on from the parts that L1 has had', async () => {
    const ended = await run(['verify', bundleFile(1n), '--l1', world.l1.url, '--json']);
    expect(jsonOf(ended)).toMatchObject({ valid: true, transactions: 0, fed: bundleOf(1n).parts.length });
  });

  it('refuses by name what L1 would refuse, in which part it may be', async () => {
    const text = readFileSync(bundleFile(1n), 'utf8');
    const other = `${JSON.stringify({ ...JSON.parse(text), value: '7' }, null, 2)}\n`;
    const path = join(world.folder, 'other.json');
    writeFileSync(path, other);
    const ended = await run(['verify', path, '--l1', before.url, '--json']);
    expect(ended.code).toBe(3);
    expect(jsonOf(ended).error.code).toMatch(/^VERIFY_/);
  });

  it('L1_CANNOT_SIMULATE: a node without eth_simulateV1', async () => {
    const proxy = await proxyWithout('eth_simulateV1', before.url);
    try {
      const { port } = proxy.address() as AddressInfo;
      const ended = await run(['verify', bundleFile(1n), '--l1', `http://127.0.0.1:${port}`, '--json']);
      expect(ended.code).toBe(1);
      expect(jsonOf(ended).error.code).toBe('L1_CANNOT_SIMULATE');
    } finally {
      proxy.close();
    }
  });
});

it('explain says how L1 takes a bundle', async () => {
  const ended = await run(['explain', bundleFile(1n), '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const { bundle } = jsonOf(ended);
  const sent = await transactionsOf(1n);
  expect(bundle).toMatchObject({
    transactions: sent.length - 1,
    parts: { head: 1, transactions: 2, keccaks: 9, proofs: 1 },
  });
  const used = sent.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0);
  expect(bundle.gas).toBeGreaterThan(used * 0.9);
  expect(bundle.gas).toBeLessThan(used * 1.3);
});

/** A node that does not know one method. */
async function proxyWithout(method: string, url: string): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', async () => {
      const call = JSON.parse(body) as { id: number; method: string };
      response.setHeader('content-type', 'application/json');
      if (call.method === method) {
        const error = { code: -32_601, message: `the method ${method} does not exist` };
        response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, error }));
        return;
      }
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      response.end(await answer.text());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
