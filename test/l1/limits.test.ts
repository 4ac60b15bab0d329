import {
  BaseError,
  concat,
  type Hex,
  maxUint64,
  maxUint256,
  parseGwei,
  serializeTransaction,
  size,
  slice,
  toHex,
  zeroAddress,
} from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { L1Error } from '../../src/errors/l1.js';
import { codeContract } from '../../src/l1/code-contract.js';
import { deployContract } from '../../src/l1/deploy-contract.js';
import {
  checkTransactionBytes,
  ENVELOPE_BYTES,
  MAX_TRANSACTION_BYTES,
  MAX_TRANSACTION_GAS,
} from '../../src/l1/limits.js';
import { checkPartsFit, fitsOneTransaction, groupParts } from '../../src/l1/plan-parts.js';
import { sendCall } from '../../src/l1/send-call.js';
import { encodePart } from '../../src/proof/parts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { packItems } from '../../src/statement/l1-transactions.js';
import { encodeKeccaks } from '../../src/statement/table-code.js';
import { createDisputeWorld } from '../helpers/dispute-world.js';
import { postedIn } from '../helpers/posted.js';
import { startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { LARGE_PARTS, SMALL_PARTS } from '../helpers/truthful-agents.js';

let l1: TestL1;
let burner: Hex;
beforeAll(async () => {
  l1 = await startTestL1();
  // PUSH0 JUMPDEST PUSH1 1 ADD DUP1 PUSH0 CALLDATALOAD GT PUSH1 1 JUMPI STOP: as many rounds of 31 gas as its first word says.
  const artifact = { abi: [], bytecode: codeContract(('0x5f5b600101805f3511600157' + '00') as Hex) };
  burner = (await deployContract({ ...l1, name: 'burner', artifact, args: [] })).address;
});
afterAll(() => l1?.stop());

const codeOf = async (sending: Promise<unknown>): Promise<string> => {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  // viem puts what a transport throws inside errors of its own.
  const inner = error instanceof BaseError ? error.walk((cause) => cause instanceof L1Error) : error;
  return error === undefined ? 'sent' : inner instanceof L1Error ? inner.code : String(error);
};
/** Nonce and newest block: what a transaction that was signed would change. */
const traces = async () => [
  await l1.reader.getTransactionCount({ address: l1.wallet.account.address, blockTag: 'pending' }),
  await l1.reader.getBlockNumber(),
];
const rounds = (n: bigint) => ({ to: burner, data: toHex(n, { size: 32 }), value: 0n });
const bytes = (n: number): Hex => `0x${'11'.repeat(n)}`;

describe('gas of a transaction', () => {
  it('L1_TRANSACTION_GAS: what needs more than 2^24 is refused before it is signed, not cut to it', async () => {
    const before = await traces();
    expect(await l1.reader.estimateGas(rounds(600_000n))).toBeGreaterThan(MAX_TRANSACTION_GAS);
    expect(await codeOf(sendCall(l1.wallet, l1.reader, rounds(600_000n)))).toBe('L1_TRANSACTION_GAS');
    const above = { gas: MAX_TRANSACTION_GAS + 1n };
    expect(await codeOf(sendCall(l1.wallet, l1.reader, rounds(1n), above))).toBe('L1_TRANSACTION_GAS');
    expect(await traces()).toEqual(before);
  });

  it('L1_TRANSACTION_GAS: also where the node cannot even estimate it', async () => {
    const before = await traces();
    const artifact = { abi: [], bytecode: codeContract('0x5b5f56') };
    const { address } = await deployContract({ ...l1, name: 'endless', artifact, args: [] });
    const call = { to: address, data: '0x', value: 0n } as const;
    await expect(l1.reader.estimateGas(call)).rejects.toThrow(/gas required exceeds allowance/);
    expect(await codeOf(sendCall(l1.wallet, l1.reader, call))).toBe('L1_TRANSACTION_GAS');
    expect(await traces()).toEqual(before.map((n) => (typeof n === 'bigint' ? n + 1n : n + 1)));
  });

  it('what needs less is sent, its margin within the cap', async () => {
    const { status, gasUsed, transactionHash } = await sendCall(l1.wallet, l1.reader, rounds(500_000n));
    expect(status).toBe('success');
    expect((gasUsed * 5n) / 4n).toBeGreaterThan(MAX_TRANSACTION_GAS);
    expect((await l1.reader.getTransaction({ hash: transactionHash })).gas).toBe(MAX_TRANSACTION_GAS);
  });

  it('the private L1 refuses more by itself (EIP-7825)', async () => {
    const before = await traces();
    const call = { ...rounds(1n), gas: MAX_TRANSACTION_GAS + 1n, chain: foundry };
    await expect(l1.wallet.sendTransaction(call)).rejects.toThrow(/tx_gas_limit_cap/);
    expect(await traces()).toEqual(before);
  });

  it('L1_TRANSACTION_GAS: a deployment', async () => {
    const before = await traces();
    const artifact = { abi: [], bytecode: concat(['0x5f5b60010180630010000011600157', '0x00']) };
    expect(await codeOf(deployContract({ ...l1, name: 'slow', artifact, args: [] }))).toBe('L1_TRANSACTION_GAS');
    expect(await traces()).toEqual(before);
  });
});

describe('bytes of a transaction', () => {
  const most = MAX_TRANSACTION_BYTES - ENVELOPE_BYTES;
  const to = zeroAddress;

  it('ENVELOPE_BYTES is what the largest fields take', () => {
    const [gas, nonce] = [maxUint64, Number.MAX_SAFE_INTEGER];
    const fees = { maxFeePerGas: maxUint256, maxPriorityFeePerGas: maxUint256 };
    const fields = { ...fees, gas, nonce, chainId: Number.MAX_SAFE_INTEGER, to: burner, value: maxUint256 };
    const signature = { r: toHex(maxUint256), s: toHex(maxUint256), yParity: 1 };
    const signed = serializeTransaction({ type: 'eip1559', ...fields, data: bytes(most) }, signature);
    // Nonce and chain id have seven bytes here, eight at most.
    expect(size(signed)).toBe(MAX_TRANSACTION_BYTES - 2);
  });

  it('L1_TRANSACTION_BYTES: more than 131,072 is refused before it is signed', async () => {
    const before = await traces();
    const call = { to, data: bytes(most + 1), value: 0n };
    expect(await codeOf(sendCall(l1.wallet, l1.reader, call))).toBe('L1_TRANSACTION_BYTES');
    const artifact = { abi: [], bytecode: bytes(most + 1) };
    expect(await codeOf(deployContract({ ...l1, name: 'large', artifact, args: [] }))).toBe('L1_TRANSACTION_BYTES');
    expect(await traces()).toEqual(before);
    expect((await sendCall(l1.wallet, l1.reader, { ...call, data: bytes(most) })).status).toBe('success');
  });

  it('L1_TRANSACTION_BYTES: nothing larger leaves the process, whoever signed it', async () => {
    const before = await traces();
    const fees = { maxFeePerGas: parseGwei('100'), maxPriorityFeePerGas: 1n };
    const call = { to, data: bytes(MAX_TRANSACTION_BYTES), gas: MAX_TRANSACTION_GAS, ...fees, chain: foundry };
    expect(await codeOf(l1.wallet.sendTransaction(call))).toBe('L1_TRANSACTION_BYTES');
    const send = (raw: Hex) => l1.reader.request({ method: 'eth_sendRawTransaction', params: [raw] });
    expect(await codeOf(send(bytes(MAX_TRANSACTION_BYTES + 1)))).toBe('L1_TRANSACTION_BYTES');
    expect(await codeOf(send(bytes(MAX_TRANSACTION_BYTES)))).not.toBe('L1_TRANSACTION_BYTES');
    expect(await traces()).toEqual(before);
  });
});

describe('a bundle that L1 cannot take, however it is sent', () => {
  const [head, proofs] = SMALL_PARTS as [Hex, Hex];
  const hash = (length: number) =>
    encodePart('keccaks', concat(encodeKeccaks([{ kind: 'general', uses: 1n, input: bytes(length) }])));
  const record = slice(proofs, 1);
  const refused = expect.objectContaining({
    code: 'BUNDLE_PART_TOO_LARGE',
    details: expect.objectContaining({ part: 1 }),
  });

  it('BUNDLE_PART_TOO_LARGE: a part of more bytes than a transaction holds', () => {
    expect(() => checkPartsFit([head, hash(MAX_TRANSACTION_BYTES), proofs])).toThrow(refused);
    expect(() => groupParts([head, hash(MAX_TRANSACTION_BYTES), proofs])).toThrow(refused);
    expect(() => checkPartsFit([head, hash(120_000), proofs])).not.toThrow();
  });

  it('BUNDLE_PART_TOO_LARGE: a part of more gas than a transaction may have', () => {
    const many = (count: number) => encodePart('proofs', concat(Array<Hex>(count).fill(record)));
    expect(() => checkPartsFit([head, many(320)])).toThrow(refused);
    expect(() => checkPartsFit([head, many(240)])).not.toThrow();
  });

  it('what fits in parts goes up in transactions that fit, and what fits one transaction in one', () => {
    for (const { size: each } of groupParts(LARGE_PARTS)) {
      expect(each.gas).toBeLessThanOrEqual(Number(MAX_TRANSACTION_GAS));
      expect(each.bytes).toBeLessThanOrEqual(MAX_TRANSACTION_BYTES);
    }
    expect([fitsOneTransaction(SMALL_PARTS), fitsOneTransaction(LARGE_PARTS)]).toEqual([true, false]);
  });
});

describe('a batch of the largest size is posted in one transaction', () => {
  const MOST = { maxItems: 1_000, maxBytes: 110 * 1_024 };

  it.each([
    ['as many items as there may be', MOST.maxItems],
    ['one item', 1],
  ])('%s', async (_what, count) => {
    const world = await createDisputeWorld({}, { rules: { ...RULES_V2, ...MOST } });
    try {
      const random = new SeededRandom(`largest ${count}`);
      const item = (length: number): Hex =>
        `0x${Array.from({ length }, () => toHex(1 + random.below(255), { size: 1 }).slice(2)).join('')}`;
      const share = Math.floor(MOST.maxBytes / count);
      const txs = Array.from({ length: count }, (_, i) => item(i === 0 ? MOST.maxBytes - share * (count - 1) : share));
      const batch = await world.nextBatch(txs);
      await world.stake(world.sequencer);
      const call = world.posts.submitBatchAndClaim(batch, 77n);
      const { status, gasUsed } = await world.send(world.sequencer, call);
      console.info(count, 'items:', size(call.data), 'bytes,', gasUsed, 'gas');
      expect(status).toBe('success');
      const toBlock = await world.reader.getBlockNumber();
      const [posted] = await postedIn(world.rollup, { fromBlock: 0n, toBlock });
      expect(posted!.txs).toEqual(txs);
    } finally {
      await world.l1.stop();
    }
  });

  it.each([RULES_V2])('version $version: its rules fit', ({ maxItems, maxBytes }) => {
    const lengths = Array.from({ length: maxItems }, (_, i) => (i === 0 ? maxBytes : 0));
    expect(size(packItems(lengths.map(bytes)))).toBe(maxBytes + 3 * maxItems);
    // Beside the items: selector, eleven words of the header, place and length of the items, the diff, padding.
    checkTransactionBytes(bytes(4 + 32 * (11 + 3) + maxBytes + 3 * maxItems + 31));
  });
});
