import { type Address, BaseError, encodeDeployData, parseEther, zeroAddress } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute, Rollup } from '../../contracts/generated/artifacts.js';
import { WORST_BATCH } from '../../contracts/generated/worst.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { MOVE_GAS } from '../../src/dispute/move-gas.js';
import {
  checkParameters,
  checkRules,
  DEFAULT_PARAMETERS,
  longestGame,
  maxMoves,
  type Parameters,
} from '../../src/dispute/parameters.js';
import { DisputeError } from '../../src/errors/dispute.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { contractError, waitForReceipt } from '../../src/l1/send-call.js';
import { SeededRandom } from '../../src/samples/random.js';
import { compileTestContracts, createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';

/** What parameters have to fulfil together: the constructor and `checkParameters` say the same. */
const INTERVAL = 40n;
const SEED = process.env.FUZZ_SEED ?? String(Date.now());
let world: DisputeWorld;
let rollup: Address;
let good: Parameters;
beforeAll(async () => {
  world = await createDisputeWorld();
  rollup = await rollupOf(RULES_V2, INTERVAL);
  good = { ...DEFAULT_PARAMETERS, guardian: world.guardian.account.address };
});
afterAll(() => world?.l1.stop());

async function deploy(artifact: { abi: unknown; bytecode: unknown }, args: readonly unknown[]): Promise<Address> {
  const hash = await world.bob.deployContract({ ...artifact, args, chain: foundry } as never);
  return (await waitForReceipt(world.reader, hash)).contractAddress!;
}

function rollupOf(rules: Rules, minInterval: bigint): Promise<Address> {
  const { sequencer, dispute } = world;
  const lags = { maxOriginLag: 100n, maxTimestampLag: 100n, minInterval };
  const config = { sequencer: sequencer.account.address, dispute: dispute.address, ...lags };
  return deploy(Rollup, [config, rulesCalldata(rules)]);
}

/** What the constructor says: the parameter that it names, or undefined when it is content. */
async function constructed(p: Parameters, at = rollup, verifier = world.verifier): Promise<string | undefined> {
  const { abi, bytecode } = Dispute;
  const args = [at, verifier, 1n, p] as const;
  const data = encodeDeployData({ abi, bytecode, args });
  return world.reader.call({ data, account: world.bob.account, gas: 16_000_000n }).then(
    () => undefined,
    (error: unknown) => {
      const found = contractError(error);
      if (found === undefined) throw error instanceof BaseError ? new Error(error.shortMessage) : error;
      expect(found.name).toBe('BadParameter');
      return String(found.args[0]);
    },
  );
}

/** The parameters that `checkParameters` names, one for each broken relation. */
function checked(p: Parameters, interval = INTERVAL): string[] {
  try {
    checkParameters(p, interval);
    return [];
  } catch (error) {
    if (!(error instanceof DisputeError)) throw error;
    return [...error.message.matchAll(/(?:: |; )(\w+) must/g)].map(([, name]) => name!);
  }
}

const moves = maxMoves(DEFAULT_PARAMETERS.maxAhead);
const game = longestGame(DEFAULT_PARAMETERS);
const { rootWindow, diffWindow, quiet, extension, proofPay, reward } = DEFAULT_PARAMETERS;
const finality = 2n * rootWindow + 2n * game + quiet;
const spent = MOVE_GAS.challenge + moves * MOVE_GAS.answer + MOVE_GAS.settle;
const PRICE = DEFAULT_PARAMETERS.maxPrice;
/** What a cheater can get back of a stake, with the default R and q. */
const gained = reward + proofPay + 12n * WORST_BATCH.bytes * PRICE;
/** Small enough that the stake has to be more than the sums of purses, and not ten times what a cheater gets back. */
const CHEAP = { maxPrice: 1n, moveFee: 10n ** 6n, bond: 10n ** 9n };

/** Each relation: what the message names, and changes that just keep it and just break it, alone; with another interval if need be. */
const RELATIONS: readonly [name: string, kept: Partial<Parameters>, broken: Partial<Parameters>, interval?: bigint][] =
  [
    ['guardian', {}, { guardian: zeroAddress }],
    ['rootEvery', { rootEvery: 1n }, { rootEvery: 0n }],
    ['maxAhead', { rootEvery: 32_768n }, { rootEvery: 32_769n }],
    ['maxAhead', { maxAhead: 2n ** 20n }, { maxAhead: 2n ** 20n + 1n }],
    [
      'maxAhead',
      { quiet: 65_536n * INTERVAL - finality + quiet },
      { quiet: 65_536n * INTERVAL - finality + quiet + 1n },
    ],
    ['extension', { extension: 1n }, { extension: 0n }],
    ['clock', { clock: extension }, { clock: extension - 1n }],
    ['proofWindow', { proofWindow: 1n }, { proofWindow: 0n }],
    ['quiet', { quiet: extension }, { quiet: extension - 1n }],
    ['rootWindow', { rootWindow: game }, { rootWindow: game - 1n }],
    ['diffWindow', { diffWindow: rootWindow + game }, { diffWindow: rootWindow + game - 1n }],
    ['diffWindow', { diffWindow: 2n ** 40n - 1n }, { diffWindow: 2n ** 40n }],
    ['quiet', { quiet: 2n ** 40n - 1n }, { quiet: 2n ** 40n }, 2n ** 25n],
    ['maxPrice', { maxPrice: 1n }, { maxPrice: 0n }],
    [
      'proofPurse',
      { proofPurse: WORST_BATCH.gas * PRICE + proofPay },
      { proofPurse: WORST_BATCH.gas * PRICE + proofPay - 1n },
    ],
    ['movePurse', { movePurse: 4n * spent * PRICE }, { movePurse: 4n * spent * PRICE - 1n }],
    ['moveFee', { moveFee: MOVE_GAS.state * PRICE }, { moveFee: MOVE_GAS.state * PRICE - 1n }],
    ['bond', { bond: 2n * moves * DEFAULT_PARAMETERS.moveFee }, { bond: 2n * moves * DEFAULT_PARAMETERS.moveFee - 1n }],
    ['stake', { stake: 10n * gained }, { stake: 10n * gained - 1n }],
    // With a bond of nothing much, R and q count twice; with a larger one, ten bonds are more than they.
    ['stake', { ...CHEAP, proofPurse: parseEther('92') }, { ...CHEAP, proofPurse: parseEther('92') + 1n }],
    [
      'stake',
      { ...CHEAP, bond: parseEther('3'), proofPurse: parseEther('64') },
      { ...CHEAP, bond: parseEther('3'), proofPurse: parseEther('64') + 1n },
    ],
  ];

describe('relations (H18)', () => {
  it.each(RELATIONS.map((relation, i) => [relation[0], i] as const))(
    'test_relation of %s, number %i: kept at its limit, refused beyond it by both, and nothing else is',
    async (name, i) => {
      const [, kept, broken, interval = INTERVAL] = RELATIONS[i]!;
      const at = interval === INTERVAL ? rollup : await rollupOf(RULES_V2, interval);
      const named = async (p: Parameters) => [checked(p, interval), await constructed(p, at)];
      expect(await named({ ...good, ...kept })).toEqual([[], undefined]);
      expect(await named({ ...good, ...broken })).toEqual([[name], name]);
    },
  );

  it('test_relations_all: the table has each of them', () => {
    const worstOf = {
      ...good,
      guardian: zeroAddress,
      rootEvery: 0n,
      maxAhead: 0n,
      extension: 0n,
      clock: 0n,
      quiet: 2n ** 41n,
    };
    const one = { ...worstOf, clock: 1n, proofWindow: 0n, rootWindow: 0n, diffWindow: 0n, maxPrice: 2n ** 60n };
    const named = new Set([
      ...checked({ ...one, proofPurse: 0n, movePurse: 0n, moveFee: 0n, bond: 0n, stake: 0n }),
      ...checked({ ...good, maxPrice: 0n, clock: 0n, bond: 0n }),
    ]);
    expect([...named].toSorted()).toEqual([...new Set(RELATIONS.map(([name]) => name))].toSorted());
  });

  it(`test_relations_random: 60 mixtures, seed ${SEED}: both refuse the same, by a name of the other's`, async () => {
    const random = new SeededRandom(SEED);
    const limits = RELATIONS.flatMap(([, kept, broken]) => [kept, broken]);
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const changes = Array.from({ length: 1 + random.below(3) }, () => random.pick(limits));
      const p = Object.assign({ ...good }, ...changes) as Parameters;
      const [names, name] = [checked(p), await constructed(p)];
      if (name === undefined) expect(names, `mixture ${i}`).toEqual([]);
      else expect(names, `mixture ${i}`).toContain(name);
      if (name !== undefined) refused += 1;
    }
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(60);
  });

  it('test_relation_addresses: contracts stand where they are said to', async () => {
    expect(await constructed(good, zeroAddress)).toBe('rollup');
    expect(await constructed(good, rollup, world.bob.account.address)).toBe('verifier');
    expect(diffWindow).toBeLessThan(2n ** 40n);
  });
});

describe('rules with a worse batch than the purses can pay for', () => {
  const LIMITS = ['gasLimit', 'maxItems', 'maxBytes', 'workBudget'] as const;
  const CHARGES = ['w0', 'w1', 'w2', 'wAccess', 'wCode'] as const;
  const changed = (name: keyof Rules, by: number): Rules => {
    const value = RULES_V2[name];
    return { ...RULES_V2, [name]: typeof value === 'bigint' ? value + BigInt(by) : value + by };
  };
  const outcome = async (rules: Rules) => {
    const { abi, bytecode } = compileTestContracts().FakeVerifier!;
    const verifier = await deploy({ abi, bytecode }, [rulesHash(rules)]);
    return constructed(good, await rollupOf(rules, INTERVAL), verifier);
  };
  const accepts = (rules: Rules) => {
    try {
      checkRules(rules);
      return undefined;
    } catch (error) {
      return error instanceof DisputeError ? 'rules' : String(error);
    }
  };

  it.each([...LIMITS, ...CHARGES, 'version'] as const)(
    'test_rules_%s: refused by both; lighter ones are not',
    async (name) => {
      const worse = CHARGES.includes(name as never) ? -1 : 1;
      expect([accepts(changed(name, worse)), await outcome(changed(name, worse))]).toEqual(['rules', 'rules']);
      const lighter = name === 'version' ? RULES_V2 : changed(name, -worse);
      expect([accepts(lighter), await outcome(lighter)]).toEqual([undefined, undefined]);
    },
  );
});
