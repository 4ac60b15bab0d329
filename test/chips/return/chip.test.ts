import { describe, expect, it } from 'vitest';
import { returns } from '../../../src/chips/return.js';
import { OP } from '../../../src/evm/opcodes.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf, stepRow } from '../../helpers/chips/machine.js';
import { randomOf, testSeed } from '../../helpers/chips/random.js';

const { RETURN } = OP;
const { REVERT } = OP;

// The length is topmost but one.
describeChip(returns, {
  constraints: 52,
  rows: (random) => [
    stepRow(returns, random, RETURN, {
      stack: [3_000n + random.bits(15), 70_000n + random.bits(16)],
      exec: { mem: 7n },
    }),
    stepRow(returns, random, REVERT, { stack: [100n, 31n], exec: { mem: 4n } }),
    stepRow(returns, random, REVERT, { stack: [100n, 900n], exec: { mem: 40n } }),
    stepRow(returns, random, RETURN, { stack: [0n, random.bits(256)] }),
  ],
});

/** Price of a memory, by the yellow paper. */
const price = (words: bigint) => 3n * words + words ** 2n / 512n;

describe('RETURN, REVERT', () => {
  it.each([
    ['within memory', 30n, 3n, 2n, 2n],
    ['to its last byte', 32n, 32n, 2n, 2n],
    ['a byte beyond', 33n, 32n, 2n, 3n],
    ['far', 1n, 1_000_000n, 2n, 31_251n],
    ['nothing from far away', 0n, 1n << 255n, 2n, 2n],
    ['from no memory', 1n, 0n, 0n, 1n],
  ])('%s', (_, length, offset, mem, to) => {
    for (const op of [RETURN, REVERT]) {
      const machine = machineOf(randomOf(testSeed(), 'return'), { stack: [length, offset], exec: { mem } });
      const { ts, call, gas, work, jrn, refund } = machine.exec;
      STEPS[op]!(machine, op);
      const ok = op === RETURN ? 1n : 0n;
      const left = gas - price(to) + price(mem);
      expect(machine.end).toEqual({ ts: ts + 1n, call, ok, gas: left, work, jrn, refund: ok === 1n ? refund : 0n });
    }
  });

  it('is a row of memhalt when the gas does not suffice for the memory', () => {
    const machine = machineOf(randomOf(testSeed(), 'return'), { stack: [1n, 32n], exec: { mem: 0n, gas: 5n } });
    STEPS[RETURN]!(machine, RETURN);
    expect(machine.rows.map(({ chip }) => chip)).not.toContain('return');
    expect(machine.end).toMatchObject({ ok: 0n, gas: 0n, refund: 0n });
  });
});
