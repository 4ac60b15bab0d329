import { concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { deployVerifier, rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { assertSound, keySetHash } from '../../src/proof/keys.js';
import { encodeG1, G1, negateG2, ONE_G2 as one } from '../../src/proof/points.js';
import { developmentTrapdoors } from '../../src/proof/setup/seeds.js';
import { fakeKeyBlob } from '../helpers/key-blob.js';
import { compileVerifier, startTestL1, type TestL1 } from '../helpers/test-l1.js';

const { ProofVerifier } = compileVerifier();
const HEAD = 224;
const SHAPE = 512;
/** Offsets of a shape's points, and of the head's. */
const [IC, GAMMA2, DELTA, BETA2] = [0, 256, 384, 64];

const minusOne = negateG2(one);
const blob = await fakeKeyBlob(3);
let l1: TestL1;
beforeAll(async () => {
  l1 = await startTestL1();
});
afterAll(() => l1?.stop());

/** Rules of a version that is not released. */
const OTHER: Rules = { ...RULES_V2, version: 3n };
/** The blob of the same keys for other rules. */
const named = (keys: Hex, rules: Rules): Hex => concat([slice(keys, 0, 192), rulesHash(rules), slice(keys, HEAD)]);
const deploy = (keys: Hex, rules: Rules = RULES_V2, development = true, chain = l1) =>
  chain.create(ProofVerifier!, [keys, rulesCalldata(rules), development]);
const put = (offset: number, part: Hex): Hex =>
  concat([
    slice(blob, 0, offset),
    part,
    ...(offset + size(part) === size(blob) ? [] : [slice(blob, offset + size(part))]),
  ]);
const get = (offset: number, length: number) => slice(blob, offset, offset + length);
const at = (shape: number, offset: number) => HEAD + shape * SHAPE + offset;

describe('the key set of a verifier', () => {
  it('is stored as it is and named by its code hash', async () => {
    const address = await deployVerifier({
      wallet: l1.wallet,
      reader: l1.reader,
      keys: { blob, development: true },
      rules: RULES_V2,
    });
    const read = (name: string) => l1.call(address, ProofVerifier!.abi, name, []);
    expect(await read('KEY_SET_HASH')).toBe(keySetHash(blob));
    expect(await read('SHAPES')).toBe(3n);
    expect(await read('DEVELOPMENT_KEYS')).toBe(true);
    expect(await read('rules')).toEqual(rulesCalldata(RULES_V2));
    expect(await read('rulesHash')).toBe(rulesHash(RULES_V2));
    const keys = (await read('KEYS')) as Hex;
    expect(await l1.reader.getCode({ address: keys })).toBe(concat(['0x00', blob]));
    expect(keccak256(concat(['0x00', blob]))).toBe(keySetHash(blob));
  });

  it('has whole shapes, at least one, that fit into a contract', async () => {
    expect(await deploy(blob)).toBe('accepted');
    expect(await deploy(await fakeKeyBlob(1))).toBe('accepted');
    // 40 shapes are what fits a deployment's initcode (EIP-3860) beside the verifier's own.
    const many = await fakeKeyBlob(40);
    expect(await deploy(many)).toBe('accepted');
    const args = [many, rulesCalldata(RULES_V2), true];
    const ended = new Set<string>();
    for (let gas = 5_000_000n; gas < 13_000_000n; gas += 500_000n)
      ended.add(await l1.create(ProofVerifier!, args, gas));
    // Somewhere between too little for anything and enough, there is just not enough for the data contract.
    expect(ended).toContain('KeysNotStored');
  });

  it('with public trapdoors is refused outside of a private chain', async () => {
    const other = await startTestL1(['--chain-id', '1']);
    try {
      expect(await deploy(blob, RULES_V2, true, other)).toBe('DevelopmentKeys');
      expect(await deploy(blob, RULES_V2, false, other)).toBe('accepted');
    } finally {
      await other.stop();
    }
  });

  it('comes with rules that circuits and tables can represent', async () => {
    const withRules = (rules: Rules) => deploy(named(blob, rules), rules);
    expect(await withRules({ ...RULES_V2, chainId: 0n })).toBe('BadRules');
    expect(await withRules({ ...RULES_V2, workBudget: 2n ** 48n })).toBe('BadRules');
    expect(await withRules({ ...RULES_V2, workBudget: 2n ** 48n - 1n })).toBe('accepted');
  });

  it('is for certain rules: with others, in whatever field, no verifier takes it', async () => {
    expect(await deploy(blob, OTHER)).toBe('KeysOfOtherRules');
    expect(await deploy(named(blob, OTHER), RULES_V2)).toBe('KeysOfOtherRules');
    expect(await deploy(named(blob, OTHER), OTHER)).toBe('accepted');
    for (const field of Object.keys(RULES_V2) as (keyof Rules)[]) {
      const other = { ...RULES_V2, [field]: typeof RULES_V2[field] === 'bigint' ? 5n : 5 };
      expect(await deploy(blob, other), field).toBe('KeysOfOtherRules');
    }
    // Its hash is one of keys and rules: that is what a published key set commits to.
    expect(keySetHash(named(blob, OTHER))).not.toBe(keySetHash(blob));
  });

  it('of the development set-up is known by its alpha, whatever the deployer says', async () => {
    const alpha = encodeG1(G1.BASE.multiply(developmentTrapdoors('any shape').alpha));
    const development = put(0, alpha);
    const other = await startTestL1(['--chain-id', '1']);
    try {
      expect(await deploy(development, RULES_V2, false, other)).toBe('DevelopmentKeys');
      expect(await deploy(development, RULES_V2, true, other)).toBe('DevelopmentKeys');
      expect(await deploy(blob, RULES_V2, false, other)).toBe('accepted');
    } finally {
      await other.stop();
    }
    const address = await l1.deploy(ProofVerifier!, [development, rulesCalldata(RULES_V2), false]);
    expect(await l1.call(address, ProofVerifier!.abi, 'DEVELOPMENT_KEYS', [])).toBe(true);
    const honest = await l1.deploy(ProofVerifier!, [blob, rulesCalldata(RULES_V2), false]);
    expect(await l1.call(honest, ProofVerifier!.abi, 'DEVELOPMENT_KEYS', [])).toBe(false);
  });
});

/** A key set with one fault, by the bytes that both L1 and the node check; G2 points are negated in it. */
describe('a degenerate key set is refused on L1 and off-chain', () => {
  const g2Zero = toHex(0n, { size: 128 });
  const g1Zero = toHex(0n, { size: 64 });
  const [g1, minusG1] = [G1.BASE, G1.BASE.negate()].map(encodeG1);
  const minus = (point: Hex) => negateG2(point);
  const g2 = (offset: number) => get(offset, 128);
  const bad: readonly (readonly [string, () => Hex])[] = [
    ['alpha1 is infinity', () => put(0, g1Zero)],
    ['alpha1 = [1]', () => put(0, g1!)],
    ['alpha1 = -[1]', () => put(0, minusG1!)],
    ['beta2 is infinity', () => put(BETA2, g2Zero)],
    ['beta2 = [1]', () => put(BETA2, minusOne)],
    ['beta2 = -[1]', () => put(BETA2, one)],
    ['beta2 = gamma2', () => put(BETA2, g2(at(1, GAMMA2)))],
    ['beta2 = delta', () => put(at(2, DELTA), g2(BETA2))],
    ['beta2 = -delta', () => put(at(1, DELTA), minus(g2(BETA2)))],
    ['gamma2 is infinity', () => put(at(1, GAMMA2), g2Zero)],
    ['delta is infinity', () => put(at(2, DELTA), g2Zero)],
    ['gamma2 = delta', () => put(at(0, DELTA), g2(at(0, GAMMA2)))],
    ['gamma2 = -delta', () => put(at(0, DELTA), minus(g2(at(0, GAMMA2))))],
    ['one delta for two shapes', () => put(at(2, DELTA), g2(at(0, DELTA)))],
    ['one gamma2 for two shapes', () => put(at(1, GAMMA2), g2(at(0, GAMMA2)))],
    ['gamma2 of one shape is delta of another', () => put(at(2, GAMMA2), g2(at(0, DELTA)))],
    ['gamma2 = [1]', () => put(at(0, GAMMA2), minusOne)],
    ['gamma2 = -[1]', () => put(at(0, GAMMA2), one)],
    ['delta = [1]', () => put(at(2, DELTA), minusOne)],
    ['delta = -[1]', () => put(at(1, DELTA), one)],
    ...[0, 1, 2, 3].map((i) => [`IC${i} is infinity`, () => put(at(i % 3, IC + 64 * i), g1Zero)] as const),
  ];

  it.each(bad)('%s', async (_name, make) => {
    const keys = make();
    expect(await deploy(keys)).toBe('DegenerateKey');
    expect(() => assertSound(keys)).toThrow(expect.objectContaining({ code: 'KEY_DEGENERATE' }));
  });

  it('and a sound one by neither', async () => {
    expect(await deploy(blob)).toBe('accepted');
    expect(() => assertSound(blob)).not.toThrow();
  });

  it('nor is anything a key set that is not a head and shapes', async () => {
    for (const bad of ['0x', get(0, HEAD), get(0, HEAD + SHAPE - 1), `${blob}00`] as Hex[]) {
      expect(await deploy(bad)).toBe('BadKeyLength');
      expect(() => assertSound(bad)).toThrow(expect.objectContaining({ code: 'KEY_FORMAT' }));
    }
  });
});

describe('size', () => {
  it('of the runtime code is below EIP-170’s limit', () => {
    console.log(`ProofVerifier: ${ProofVerifier!.runtimeSize} bytes`);
    expect(ProofVerifier!.runtimeSize).toBeLessThan(24_576);
  });
});
