import { describe, expect, it } from 'vitest';
import { register } from '../../../src/chips/register.js';
import { OP } from '../../../src/evm/opcodes.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { chipCircuit } from '../../helpers/chips/circuit.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf, stepRow } from '../../helpers/chips/machine.js';
import { randomOf } from '../../helpers/chips/random.js';
import { withoutAll, wordFindings } from '../../helpers/chips/words/words.js';

describeChip(register, {
  constraints: 28,
  rows: (random) => [OP.PC, OP.MSIZE, OP.GAS].map((op) => stepRow(register, random, op, { stack: [] })),
});

describe('the word pushed', () => {
  it.each([
    ['PC', OP.PC, 77n],
    ['MSIZE', OP.MSIZE, 160n],
    ['GAS', OP.GAS, 998n],
  ])('by %s', (name, op, value) => {
    const machine = machineOf(randomOf(1, name), { stack: [], exec: { pc: 77n, mem: 5n, gas: 1000n } });
    STEPS[op]!(machine, op);
    expect(machine.stack.at(-1)!.value).toBe(value);
    expect(machine.exec).toMatchObject({ pc: 78n, gas: 998n });
  });
});

it('gas below zero: without its limbs the word is found to be unchecked', async () => {
  const circuit = await chipCircuit(register);
  expect(wordFindings(withoutAll(circuit, /\+ value\[\d\] \+ 25/))).toEqual([expect.stringMatching(/^STACK\.lo: /)]);
});
