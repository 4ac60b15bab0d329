import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common';
import { createTxFromRLP } from '@ethereumjs/tx';
import { SECP256K1_ORDER } from '@ethereumjs/util';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Address, Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { rlpBytes, rlpList, rlpUint } from '../../src/batch/rlp.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import {
  encodeTransaction,
  flipSignature,
  privateKeyOf,
  signFields,
  signingHash,
  signTransaction,
  type TransactionFields,
} from '../../src/batch/sign.js';
import { parseTransaction, UNCOVERED_BAD } from '../../src/batch/transaction.js';
import { fuzzTransactions, plainFields } from '../helpers/transactions.js';

const KEY = privateKeyOf('transaction test', 0);
const SENDER = privateKeyToAddress(KEY).toLowerCase();
const common = createCustomCommon({ chainId: Number(RULES_V2.chainId) }, Mainnet, { hardfork: Hardfork.Cancun });

async function parse(over: Partial<TransactionFields> = {}) {
  return parseTransaction(await signTransaction(plainFields(over), KEY), RULES_V2);
}

/** Rules of this rollup that ethereumjs does not apply when it decodes a transaction. */
const OURS_ALONE = /^(this version does not cover|cap below|gas limit below|maximal cost)/;

/** Whether ethereumjs, an independent implementation, decodes `raw` to the same transaction as we do, or refuses it too. */
function expectSameAsEthereumjs(raw: Hex) {
  const ours = parseTransaction(raw, RULES_V2);
  if (ours.kind === 'bad') {
    const accept = () => createTxFromRLP(fromHex(raw), { common }).getSenderAddress();
    if (!OURS_ALONE.test(ours.reason)) expect(accept, `${ours.reason}: ${raw}`).toThrow();
    return false;
  }
  const theirs = createTxFromRLP(fromHex(raw), { common });
  const cap = 'maxFeePerGas' in theirs ? (theirs.maxFeePerGas as bigint) : (theirs as { gasPrice: bigint }).gasPrice;
  expect({ ...ours }).toMatchObject({
    sender: theirs.getSenderAddress().toString(),
    to: theirs.to?.toString(),
    nonce: theirs.nonce,
    value: theirs.value,
    gasLimit: theirs.gasLimit,
    intrinsic: theirs.getIntrinsicGas(),
    dataLen: BigInt(theirs.data.length),
    tip: theirs.getEffectivePriorityFee(RULES_V2.baseFee),
    maxCost: theirs.gasLimit * cap + theirs.value,
  });
  expect(ours.price).toBe(RULES_V2.baseFee + ours.tip);
  return true;
}

describe('parseTransaction', () => {
  it.each([0, 1, 2] as const)('reads a transfer of type %i', async (type) => {
    const accessList =
      type === 0 ? [] : [{ address: `0x${'11'.repeat(20)}` as Address, keys: [`0x${'22'.repeat(32)}` as Hex] }];
    const parsed = await parse({ type, data: '0x0001', accessList, gasLimit: 30_000n });
    const raw = await signTransaction(plainFields({ type, data: '0x0001', accessList, gasLimit: 30_000n }), KEY);
    const bytes = BigInt((raw.length - 2) / 2);
    expect(parsed).toEqual({
      kind: 'tx',
      sender: SENDER,
      to: '0x00000000000000000000000000000000000000aa',
      nonce: 0n,
      value: 5n,
      gasLimit: 30_000n,
      intrinsic: type === 0 ? 21_020n : 25_320n,
      price: type === 2 ? 2_000_000_000n : 3_000_000_000n,
      tip: type === 2 ? 1_000_000_000n : 2_000_000_000n,
      maxCost: 30_000n * 3_000_000_000n + 5n,
      dataLen: 2n,
      use: RULES_V2.w0 + RULES_V2.w2 * bytes,
      reserve: RULES_V2.w1 * 30_000n + (type === 0 ? 0n : 2n * RULES_V2.wAccess) + RULES_V2.wCode,
      data: '0x0001',
      keys: accessList.map(({ address, keys: [key] }) => ({ address, key })),
    });
  });

  it('reads a signature without chain id, and limits the tip by the cap', async () => {
    expect(await parse({ type: 0, chainId: undefined })).toMatchObject({ kind: 'tx', sender: SENDER });
    expect(await parse({ tip: 3_000_000_000n })).toMatchObject({ tip: 2_000_000_000n, price: 3_000_000_000n });
    expect(await parse({ tip: 0n, cap: RULES_V2.baseFee })).toMatchObject({ tip: 0n, price: RULES_V2.baseFee });
  });

  it.each<[string, Partial<TransactionFields>, string]>([
    ['chain id', { chainId: 1n }, 'wrong chain id'],
    ['legacy chain id', { type: 0, chainId: 1n }, 'v names another chain or is no v'],
    ['nonce 2^64 - 1', { nonce: 2n ** 64n - 1n }, 'nonce 2^64 - 1'],
    ['nonce of 9 bytes', { nonce: 2n ** 64n }, 'nonce is not a canonical integer of at most 8 bytes'],
    ['tip above cap', { tip: 4_000_000_000n }, 'tip above cap'],
    ['cap below base fee', { tip: 0n, cap: RULES_V2.baseFee - 1n }, 'cap below the base fee'],
    ['intrinsic gas', { gasLimit: 20_999n }, 'gas limit below intrinsic gas'],
    ['intrinsic gas of data', { gasLimit: 21_019n, data: '0x0001' }, 'gas limit below intrinsic gas'],
    ['maxCost', { gasLimit: 2n ** 64n - 1n, cap: 2n ** 192n, value: 2n ** 192n }, 'maximal cost of 2^256 or more'],
    ['creation', { to: '0x', gasLimit: 100_000n }, UNCOVERED_BAD.creation],
    ['precompile 1', { to: `0x${'00'.repeat(19)}01` }, UNCOVERED_BAD.precompile],
    ['precompile 10', { to: `0x${'00'.repeat(19)}0a` }, UNCOVERED_BAD.precompile],
    ['to of 19 bytes', { to: `0x${'11'.repeat(19)}` }, 'to is neither empty nor 20 bytes'],
  ])('refuses by the rules: %s', async (_name, over, reason) => {
    expect(await parse(over)).toMatchObject({ kind: 'bad', reason });
  });

  it('accepts each of these limits exactly', async () => {
    expect(await parse({ nonce: 2n ** 64n - 2n })).toMatchObject({ kind: 'tx' });
    expect(await parse({ to: `0x${'00'.repeat(20)}` })).toMatchObject({ kind: 'tx' });
    expect(await parse({ to: `0x${'00'.repeat(19)}0b` })).toMatchObject({ kind: 'tx' });
    const gasLimit = 2n ** 64n - 1n;
    const most = { gasLimit, tip: 0n, cap: 2n ** 192n, value: 2n ** 256n - 1n - gasLimit * 2n ** 192n };
    expect(await parse(most)).toMatchObject({ kind: 'tx', maxCost: 2n ** 256n - 1n });
    expect(await parse({ ...most, value: most.value + 1n })).toMatchObject({ kind: 'bad' });
  });

  it('refuses every signature that ECRECOVER or EIP-2 refuses', async () => {
    const fields = plainFields();
    const good = await signFields(fields, KEY);
    const reason = (over: Partial<typeof good>) => {
      const parsed = parseTransaction(encodeTransaction(fields, { ...good, ...over }), RULES_V2);
      return parsed.kind === 'bad' ? parsed.reason : 'accepted';
    };
    expect(reason({})).toBe('accepted');
    expect(reason(flipSignature(good))).toBe('s above n/2');
    expect(reason({ yParity: 2n })).toBe('yParity above 1');
    expect(reason({ yParity: 2n ** 64n })).toContain('at most 8 bytes');
    for (const r of [0n, SECP256K1_ORDER, 2n ** 256n - 1n, 5n])
      expect(reason({ r })).toBe('signature does not recover');
    expect(reason({ s: 0n })).toBe('signature does not recover');
    expect(reason({ s: SECP256K1_ORDER / 2n })).toBe('accepted');
    // R = k·G and s = z/k make s·R = z·G: the recovered point is infinity.
    const k = 12_345n;
    const { x, y } = secp256k1.Point.BASE.multiply(k).toAffine();
    const s = secp256k1.Point.Fn.create(BigInt(signingHash(fields)) * secp256k1.Point.Fn.inv(k));
    const infinity = { r: x, s, yParity: y & 1n };
    const low = s > SECP256K1_ORDER / 2n ? flipSignature(infinity) : infinity;
    expect(reason(low)).toBe('signature does not recover');
    expect(reason({ ...low, s: low.s - 1n })).toBe('accepted');
  });

  it('refuses non-canonical and ill-formed bytes', async () => {
    const fields = plainFields({ type: 1 });
    const { r, s, yParity } = await signFields(fields, KEY);
    const uint = (value: bigint) => rlpUint(value);
    const address = rlpBytes(fromHex(`0x${'11'.repeat(20)}`));
    const key = rlpBytes(new Uint8Array(32).fill(7));
    const build = (over: Record<number, Uint8Array>, extra: Uint8Array[] = []) => {
      const items = [uint(RULES_V2.chainId), uint(0n), uint(fields.cap), uint(60_000n), rlpBytes(fromHex(fields.to))];
      items.push(uint(5n), rlpBytes(new Uint8Array(0)), rlpList([]), uint(yParity), uint(r), uint(s), ...extra);
      const raw = toHex(Uint8Array.from([1, ...rlpList(items.map((item, i) => over[i] ?? item))]));
      return parseTransaction(raw, RULES_V2).kind;
    };
    expect(build({})).toBe('tx');
    const bytes = (...list: number[]) => Uint8Array.from(list);
    const bad: [string, Record<number, Uint8Array>][] = [
      ['nonce as a zero byte', { 1: bytes(0x00) }],
      ['nonce with a leading zero', { 1: bytes(0x82, 0x00, 0x05) }],
      ['nonce 5 with a header', { 1: bytes(0x81, 0x05) }],
      ['nonce as a list', { 1: bytes(0xc0) }],
      ['value as a list', { 5: bytes(0xc1, 0x05) }],
      ['value of 33 bytes', { 5: rlpBytes(new Uint8Array(33).fill(1)) }],
      ['data as a list', { 6: bytes(0xc0) }],
      ['long form for a short string', { 6: bytes(0xb8, 0x02, 0x01, 0x01) }],
      ['long form with a leading zero', { 6: bytes(0xb9, 0x00, 0x38, ...new Uint8Array(56)) }],
      ['length of 8 bytes', { 6: bytes(0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) }],
      ['to as a list', { 4: rlpList([address]) }],
      ['access list as a string', { 7: bytes(0x80) }],
      ['access list entry as a string', { 7: rlpList([address]) }],
      ['access list entry of one field', { 7: rlpList([rlpList([address])]) }],
      ['access list entry of three fields', { 7: rlpList([rlpList([address, rlpList([]), rlpList([])])]) }],
      ['access list keys as a string', { 7: rlpList([rlpList([address, key])]) }],
      ['access list key of 31 bytes', { 7: rlpList([rlpList([address, rlpList([rlpBytes(new Uint8Array(31))])])]) }],
      ['access list key as a list', { 7: rlpList([rlpList([address, rlpList([rlpList([key])])])]) }],
      ['access list address as a list', { 7: rlpList([rlpList([rlpList([]), rlpList([])])]) }],
      ['access list that overruns', { 7: bytes(0xc2, 0xc5, 0x80) }],
    ];
    for (const [name, over] of bad) expect(build(over), name).toBe('bad');
    expect(build({ 7: rlpList([rlpList([address, rlpList([key, key])]), rlpList([address, rlpList([])])]) })).toBe(
      'tx',
    );
    expect(build({}, [uint(1n)])).toBe('bad');
    for (const raw of [
      '0x',
      '0x00',
      '0x01',
      '0x02',
      '0x03c0',
      '0x7f',
      '0x80',
      '0xbf',
      '0xc0',
      '0x01c0',
      '0x02c0',
      '0xff',
    ])
      expect(parseTransaction(raw as Hex, RULES_V2).kind, raw).toBe('bad');
    const raw = await signTransaction(plainFields(), KEY);
    expect(parseTransaction(`${raw}00`, RULES_V2).kind).toBe('bad');
    expect(parseTransaction(raw.slice(0, -2) as Hex, RULES_V2).kind).toBe('bad');
    expect(parseTransaction(`0x03${raw.slice(4)}`, RULES_V2).kind).toBe('bad');
  });

  it('refuses every legacy v but 27, 28 and those of its chain', async () => {
    const fields = plainFields({ type: 0 });
    const { r, s, yParity } = await signFields(fields, KEY);
    const withV = (v: bigint) => {
      const body = [0n, fields.cap, fields.gasLimit].map(rlpUint);
      const items = [...body, rlpBytes(fromHex(fields.to)), rlpUint(5n), rlpBytes(new Uint8Array(0)), rlpUint(v)];
      return parseTransaction(toHex(rlpList([...items, rlpUint(r), rlpUint(s)])), RULES_V2);
    };
    const base = 35n + 2n * RULES_V2.chainId;
    expect(withV(base + yParity)).toMatchObject({ kind: 'tx', sender: SENDER });
    expect(withV(base + 1n - yParity)).not.toMatchObject({ sender: SENDER });
    for (const v of [0n, 1n, 26n, 29n, 34n, 35n, base - 1n, base + 2n, 2n ** 64n - 1n, 2n ** 64n])
      expect(withV(v).kind, String(v)).toBe('bad');
    // 27 and 28 sign another hash, so they recover somebody else or nobody
    expect(withV(27n)).not.toMatchObject({ sender: SENDER });
  });

  it('agrees with ethereumjs on whatever it accepts, over seeded mutations', async () => {
    const seed = process.env.FUZZ_SEED ?? 'l2-1';
    const items = await fuzzTransactions(seed, 2_000);
    const accepted = items.filter(expectSameAsEthereumjs).length;
    console.log(`transaction fuzz: seed ${seed}, ${accepted} of ${items.length} accepted`);
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(1_500);
  });
});
