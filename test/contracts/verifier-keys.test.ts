import { concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V1 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { deployVerifier, rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { keySetHash, negateG2 } from '../../src/proof/keys.js';
import { bn254, encodeG2 } from '../../src/proof/points.js';
import { fakeKeyBlob } from '../helpers/key-blob.js';
import { compileVerifier, startTestL1, type TestL1 } from '../helpers/test-l1.js';

const { ProofVerifier } = compileVerifier();
const HEAD = 192;
const SHAPE = 512;
/** Offsets of a shape's points, and of the head's. */
const [IC, GAMMA2, DELTA, BETA2] = [0, 256, 384, 64];

let l1: TestL1;
let blob: Hex;
let one: Hex;
let minusOne: Hex;

beforeAll(async () => {
  l1 = await startTestL1();
  blob = await fakeKeyBlob(3);
  const curve = await bn254();
  one = encodeG2(curve, curve.G2.g);
  minusOne = negateG2(curve, one);
});
afterAll(() => l1?.stop());

const deploy = (keys: Hex, rules: Rules = RULES_V1, development = true, chain = l1) =>
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
      rules: RULES_V1,
    });
    const read = (name: string) => l1.call(address, ProofVerifier!.abi, name, []);
    expect(await read('KEY_SET_HASH')).toBe(keySetHash(blob));
    expect(await read('SHAPES')).toBe(3n);
    expect(await read('DEVELOPMENT_KEYS')).toBe(true);
    expect(await read('rules')).toEqual(rulesCalldata(RULES_V1));
    const keys = (await read('KEYS')) as Hex;
    expect(await l1.reader.getCode({ address: keys })).toBe(concat(['0x00', blob]));
    expect(keccak256(concat(['0x00', blob]))).toBe(keySetHash(blob));
  });

  it('has whole shapes, at least one, that fit into a contract', async () => {
    expect(await deploy(blob)).toBe('accepted');
    expect(await deploy(await fakeKeyBlob(1))).toBe('accepted');
    for (const bad of ['0x', slice(blob, 0, HEAD), slice(blob, 0, HEAD + SHAPE - 1), `${blob}00`] as Hex[]) {
      expect(await deploy(bad)).toBe('BadKeyLength');
    }
    expect(await deploy(await fakeKeyBlob(48))).toBe('KeysNotStored');
  });

  it('is refused when a point is infinity or two trapdoors are related', async () => {
    const [g2Zero, g1Zero] = [toHex(0n, { size: 128 }), toHex(0n, { size: 64 })];
    const curve = await bn254();
    const minus = (point: Hex) => negateG2(curve, point);
    const bad: [string, Hex][] = [
      ['alpha1 infinity', put(0, g1Zero)],
      ['beta2 infinity', put(BETA2, g2Zero)],
      ['beta2 = [1]', put(BETA2, minusOne)],
      ['beta2 = gamma2', put(BETA2, get(at(1, GAMMA2), 128))],
      ['gamma2 infinity', put(at(1, GAMMA2), g2Zero)],
      ['delta infinity', put(at(2, DELTA), g2Zero)],
      ['gamma2 = delta', put(at(0, DELTA), get(at(0, GAMMA2), 128))],
      ['gamma2 = -delta', put(at(0, DELTA), minus(get(at(0, GAMMA2), 128)))],
      ['two shapes, one delta', put(at(2, DELTA), get(at(0, DELTA), 128))],
      ['two shapes, one gamma2', put(at(1, GAMMA2), get(at(0, GAMMA2), 128))],
      ['gamma2 of one is delta of another', put(at(2, GAMMA2), get(at(0, DELTA), 128))],
      ['gamma2 = [1]', put(at(0, GAMMA2), minusOne)],
      ['gamma2 = -[1]', put(at(0, GAMMA2), one)],
      ['delta = [1]', put(at(2, DELTA), minusOne)],
      ...[0, 1, 2, 3].map((i): [string, Hex] => [`IC${i} infinity`, put(at(i % 3, IC + 64 * i), g1Zero)]),
    ];
    for (const [name, keys] of bad) expect(await deploy(keys), name).toBe('DegenerateKey');
  });

  it('with public trapdoors is refused outside of a private chain', async () => {
    const other = await startTestL1(['--chain-id', '1']);
    try {
      expect(await deploy(blob, RULES_V1, true, other)).toBe('DevelopmentKeys');
      expect(await deploy(blob, RULES_V1, false, other)).toBe('accepted');
    } finally {
      await other.stop();
    }
  });

  it('comes with rules that circuits and tables can represent', async () => {
    expect(await deploy(blob, { ...RULES_V1, chainId: 0n })).toBe('BadRules');
    expect(await deploy(blob, { ...RULES_V1, workBudget: 2n ** 48n })).toBe('BadRules');
    expect(await deploy(blob, { ...RULES_V1, workBudget: 2n ** 48n - 1n })).toBe('accepted');
  });
});

describe('size', () => {
  it('of the runtime code is below EIP-170’s limit', () => {
    console.log(`ProofVerifier: ${ProofVerifier!.runtimeSize} bytes`);
    expect(ProofVerifier!.runtimeSize).toBeLessThan(24_576);
  });
});
