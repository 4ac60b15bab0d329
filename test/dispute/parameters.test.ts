import { describe, expect, it } from 'vitest';
import { rounds } from '../../src/dispute/bisection.js';
import {
  checkParameters,
  DEFAULT_PARAMETERS,
  LOCAL_PARAMETERS,
  maxMoves,
  type Parameters,
} from '../../src/dispute/parameters.js';

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
