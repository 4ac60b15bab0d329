import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEther } from 'viem';
import { describe, expect, it } from 'vitest';
import { WORST_BATCH } from '../../contracts/generated/worst.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { packageRoot } from '../../src/build/package-root.js';
import { rounds } from '../../src/dispute/bisection.js';
import {
  checkParameters,
  checkRules,
  DEFAULT_INTERVAL,
  DEFAULT_PARAMETERS,
  LOCAL_INTERVAL,
  LOCAL_PARAMETERS,
  longestGame,
  maxMoves,
} from '../../src/dispute/parameters.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { worstSolidity } from '../../src/work/generate-worst.js';
import { worstReport } from '../../src/work/worst.js';

const guardian = '0x0000000000000000000000000000000000000001';
const { worst } = worstReport(shapesOf('default'), RULES_V2);

describe('parameters', () => {
  it('defaults keep every relation, once a guardian is named', () => {
    expect(() => checkParameters({ ...DEFAULT_PARAMETERS, guardian }, DEFAULT_INTERVAL)).not.toThrow();
    expect(() => checkParameters({ ...LOCAL_PARAMETERS, guardian }, LOCAL_INTERVAL)).not.toThrow();
    const nobody = () => checkParameters(DEFAULT_PARAMETERS, DEFAULT_INTERVAL);
    expect(nobody).toThrow(expect.objectContaining({ code: 'DISPUTE_PARAMETERS' }));
    expect(nobody).toThrow('do not fit together: guardian must be an account.');
  });

  it('name all that is broken together', () => {
    const check = () => checkParameters({ ...DEFAULT_PARAMETERS, quiet: 0n, bond: 0n }, DEFAULT_INTERVAL);
    expect(check).toThrow(/guardian must.*; quiet must.*; bond must/);
  });

  it('counts the most moves of a game: the root before the batch and one a round', () => {
    for (const maxAhead of [1n, 2n, 3n, 64n, 65n, 4_096n]) {
      expect(maxMoves(maxAhead)).toBe(1n + BigInt(rounds(0n, maxAhead)));
    }
  });
});

describe('the worst batch', () => {
  it('is that of the figures, in the contracts and in TypeScript', () => {
    expect(WORST_BATCH).toMatchObject({ gas: BigInt(worst.l1Gas), bytes: BigInt(worst.l1Bytes) });
    const generated = readFileSync(join(packageRoot(), 'contracts/generated/WorstBatch.sol'), 'utf8');
    expect(generated).toBe(worstSolidity());
  });

  it('is one of rules with these limits: others need figures of their own', () => {
    expect(() => checkRules(RULES_V2)).not.toThrow();
    expect(() => checkRules({ ...RULES_V2, workBudget: RULES_V2.workBudget - 1n, w1: RULES_V2.w1 + 1n })).not.toThrow();
    const more = { ...RULES_V2, workBudget: RULES_V2.workBudget + 1n };
    expect(() => checkRules(more)).toThrow(expect.objectContaining({ code: 'DISPUTE_PARAMETERS' }));
    expect(() => checkRules({ ...RULES_V2, w1: RULES_V2.w1 - 1n })).toThrow(/w1/);
  });
});

describe('the defaults', () => {
  const p = DEFAULT_PARAMETERS;
  const DAY = 86_400n;

  it('pay whoever proves the worst batch, and a tenth more', () => {
    const purse = p.proofPurse - p.proofPay;
    const ether = parseEther(String(worst.ether));
    expect(purse).toBeGreaterThanOrEqual((ether * 11n) / 10n);
    expect(purse).toBeLessThanOrEqual((ether * 12n) / 10n);
  });

  it('burn more than half of a lost stake', () => {
    expect(2n * (p.proofPurse + p.movePurse + p.reward + p.proofPay)).toBeLessThan(p.stake);
  });

  it('leave time for the worst proofs twice, and for their transactions', () => {
    const minutes = 20n;
    // By the slowest engine, snarkjs, commitment included.
    const secondsOfProof = 27;
    const proving = 2n * BigInt(worst.proofs * secondsOfProof);
    const needed = proving + BigInt(worst.transactions) * minutes * 60n;
    expect(p.proofWindow).toBeGreaterThanOrEqual(needed);
    expect(p.proofWindow).toBeLessThanOrEqual(2n * needed);
  });

  it('are what docs/DISPUTES.md says of them', () => {
    const game = longestGame(p);
    const days = (seconds: bigint) => (Number(seconds) / Number(DAY)).toFixed(1);
    const finality = 2n * p.rootWindow + 2n * game + p.quiet;
    const text = readFileSync(join(packageRoot(), 'docs/DISPUTES.md'), 'utf8');
    for (const fact of [
      `${days(game)} days`,
      `${days(p.rootWindow - game)} days`,
      `${days(finality)} days`,
      `${maxMoves(p.maxAhead)} moves`,
    ]) {
      expect(text).toContain(fact);
    }
  });
});
