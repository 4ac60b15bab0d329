import { describe, expect, it } from 'vitest';
import { register } from '../../src/chips/register.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { describeChip } from '../helpers/chips/describe-chip.js';
import { randomOf } from '../helpers/chips/random.js';
import { machineOf, stepRow } from '../helpers/machine.js';

describeChip(register, {
  constraints: 28,
  rows: (random) => [0x58, 0x59, 0x5a].map((op) => stepRow(register, random, op, { stack: [] })),
});

describe('the word pushed', () => {
  it.each([
    ['PC', 0x58, 77n],
    ['MSIZE', 0x59, 160n],
    ['GAS', 0x5a, 998n],
  ])('by %s', (name, op, value) => {
    const machine = machineOf(randomOf(1, name), { stack: [], exec: { pc: 77n, mem: 5n, gas: 1000n } });
    STEPS[op]!(machine, op);
    expect(machine.stack.at(-1)!.value).toBe(value);
    expect(machine.exec).toMatchObject({ pc: 78n, gas: 998n });
  });
});
