import { parseEther } from 'viem';
import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { rounds } from '../../src/dispute/bisection.js';
import {
  checkParameters,
  DEFAULT_PARAMETERS,
  LOCAL_PARAMETERS,
  maxMoves,
  type Parameters,
} from '../../src/dispute/parameters.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { worstReport } from '../../src/work/worst.js';

const guardian = '0x0000000000000000000000000000000000000001';

describe('parameters', () => {
  it('defaults keep every relation, once a guardian is named', () => {
    expect(() => checkParameters({ ...DEFAULT_PARAMETERS, guardian })).not.toThrow();
    expect(() => checkParameters({ ...LOCAL_PARAMETERS, guardian })).not.toThrow();
    expect(() => checkParameters(DEFAULT_PARAMETERS)).toThrow(/guardian/);
  });

  const broken: readonly [string, Partial<Parameters>][] = [
    ['stake', { stake: DEFAULT_PARAMETERS.stake - 1n }],
    ['stake', { stake: 0n, reward: 0n, proverFee: 0n, stipendCap: 0n, stipend: 0n }],
    ['bond', { bond: 2n * 13n * DEFAULT_PARAMETERS.moveFee - 1n }],
    ['maxAhead', { maxAhead: 0n }],
    ['window', { minWindow: DEFAULT_PARAMETERS.window + 1n }],
    ['clock', { extension: DEFAULT_PARAMETERS.clock + 1n }],
    ['proofWindow', { proofWindow: 0n }],
    ['stipend', { stipend: DEFAULT_PARAMETERS.stipendCap + 1n }],
  ];
  it.each(broken)('refuses a broken relation of %s', (name, changes) => {
    const check = () => checkParameters({ ...DEFAULT_PARAMETERS, guardian, ...changes });
    expect(check).toThrow(expect.objectContaining({ code: 'DISPUTE_PARAMETERS' }));
    expect(check).toThrow(new RegExp(`${name} must`));
  });

  it('counts the most moves of a game: the root before the batch and one a round', () => {
    for (const maxAhead of [1n, 2n, 3n, 64n, 65n, 4_096n]) {
      expect(maxMoves(maxAhead)).toBe(1n + BigInt(rounds(0n, maxAhead)));
    }
  });
});

describe('the defaults', () => {
  const { worst } = worstReport(shapesOf('default'), RULES_V2);
  const { stake, proverFee, reward, stipendCap, proofWindow } = DEFAULT_PARAMETERS;

  it('pay whoever proves the worst batch, and a tenth more', () => {
    const ether = parseEther(String(worst.ether));
    expect(proverFee).toBeGreaterThanOrEqual((ether * 11n) / 10n);
    expect(proverFee).toBeLessThanOrEqual((ether * 12n) / 10n);
  });

  it('burn half of a lost stake', () => {
    expect(stake).toBe(2n * (proverFee + reward + stipendCap));
  });

  it('leave time for the worst proofs twice, and for their transactions', () => {
    const minutes = 20n;
    // By the slowest engine, snarkjs, commitment included.
    const secondsOfProof = 27;
    const proving = 2n * BigInt(worst.proofs * secondsOfProof);
    const needed = proving + BigInt(worst.transactions) * minutes * 60n;
    expect(proofWindow).toBeGreaterThanOrEqual(needed);
    expect(proofWindow).toBeLessThanOrEqual(2n * needed);
  });
});
