import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFunctionData, type Hex, keccak256, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { L2Node } from '../../prover/node/node.js';
import { traceRequest } from '../../prover/stages/trace-request.js';
import { fromHex } from '../../src/batch/bytes.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { mod } from '../../src/bus/field.js';
import { challengeOf, sumOf } from '../../src/bus/tuple.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { encodeParts } from '../../src/statement/parts.js';
import { reTabled } from '../helpers/bundles.js';
import { callOf, GENESIS } from '../helpers/code-world.js';
import { NativeBench } from '../helpers/native-bench.js';

const challenge = challengeOf(11n ** 60n, 13n ** 60n);
const ACCESS_KEY: Hex = `0x${'05'.repeat(32)}`;
let bench: NativeBench;
let path: string;
let node: L2Node;
let txs: Hex[];

beforeAll(async () => {
  bench = await NativeBench.start(RULES_V2);
  path = await mkdtemp(join(tmpdir(), 'deltaproof-erc20-'));
  node = await L2Node.open({ path, rules: RULES_V2, genesis: GENESIS.state });
  txs = await Promise.all(
    Array.from({ length: 10 }, (_, i) => {
      const signer = GENESIS.signers[i % GENESIS.signers.length]!;
      const to = GENESIS.signers[(i + 3) % GENESIS.signers.length]!.address;
      const nonce = GENESIS.state.get(signer.address)!.nonce + BigInt(Math.floor(i / GENESIS.signers.length));
      const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [to, 10n ** 15n + BigInt(i)] });
      const accessList = i === 0 ? [{ address: GENESIS.token, keys: [ACCESS_KEY] }] : [];
      return callOf({ nonce, to: GENESIS.token, data, accessList }, signer);
    }),
  );
  await node.apply(sealBatch(sampleEnvironment(GENESIS, 1n, ZERO_WORD, RULES_V2), txs));
});
afterAll(async () => {
  await node?.close();
  await bench?.stop();
  if (path) await rm(path, { recursive: true });
});

const dataGas = (data: Hex) => fromHex(data).reduce((gas, byte) => gas + (byte === 0 ? 4n : 16n), 0n);

it.each<Mode>(['diff', 'root'])('L1 balances the rows of ten ERC-20 transfers, mode %s', async (mode) => {
  const { request, value } = await node.truth(1n, mode);
  const trace = await traceRequest(request);
  const bundle: Bundle = {
    ...{ l1ChainId: 31_337n, verifier: zeroAddress, beneficiary: zeroAddress, keySetHash: zeroHash },
    ...{ rulesHash: zeroHash, header: request.batch.header, preRoot: request.preRoot, mode, value },
    parts: encodeParts({ mode, tables: trace.tables, items: l1Items(request.batch.txs, trace.replay.read) }),
  };
  // The rows take all that L1 sends and send all that it takes (traceBatch has checked it), so their sum is minus L1's.
  const sums = mod(
    -sumOf(
      trace.l1.flatMap(({ terms }) => terms),
      challenge,
    ),
  );
  const balance = (other: Bundle) => bench.balance(other, challenge.alpha, challenge.beta, sums);
  expect(await balance(bundle)).toBe('accepted');

  // The same with the token's code on L1 instead of in the calldata.
  const { tables } = trace;
  const [code] = tables.codes;
  expect(tables.codes).toHaveLength(1);
  const { address } = await bench.publish(`0x${'99'.repeat(20)}`, Token.code);
  const { blobUses, lenUses } = code!;
  const contract = { kind: 'contract', address, hash: keccak256(Token.code), blobUses, lenUses } as const;
  const byContract = reTabled(bundle, { codes: [contract] });
  expect(await balance(byContract)).toBe('accepted');

  // Whatever L1 counts differently is noticed.
  const [run, ...others] = tables.runs;
  const forged = [
    { runs: others },
    { runs: [{ ...run!, uses: run!.uses.with(0, run!.uses[0]! + 1n) }, ...others] },
    { codes: [{ ...code!, blobUses: blobUses - 1n }] },
    { keccaks: tables.keccaks.slice(1) },
    { keccaks: tables.keccaks.with(0, { ...tables.keccaks[0]!, uses: tables.keccaks[0]!.uses + 1n }) },
    { blockUses: tables.blockUses.with(4, tables.blockUses[4]! + 1n) },
  ];
  for (const over of forged) {
    expect(await balance(reTabled(bundle, over))).toBe('BusNotBalanced');
  }

  for (const [name, told] of [
    ['code in calldata', bundleCalldata(bundle)],
    ['code in a contract', bundleCalldata(byContract)],
  ] as const) {
    const [, , gas] = await bench.native(told);
    const calldata = told.parts.reduce((sum, part) => sum + dataGas(part), 0n);
    console.log(`L1's part of ten ERC-20 transfers, ${mode}, ${name}: ${gas} + ${calldata} gas of calldata`);
    expect(gas + calldata).toBeLessThan(290_000n);
  }
});
