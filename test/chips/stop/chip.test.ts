import { describe, expect, it } from 'vitest';
import { stop } from '../../../src/chips/stop.js';
import { OP } from '../../../src/evm/opcodes.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf, stepRow } from '../../helpers/chips/machine.js';
import { randomOf, testSeed } from '../../helpers/chips/random.js';

const { STOP } = OP;
const code = new Uint8Array(300);

describeChip(stop, {
  constraints: 20,
  rows: (random) => [
    stepRow(stop, random, STOP, { stack: [], frame: { code } }),
    stepRow(stop, random, STOP, { stack: [], frame: { code }, exec: { pc: 332n, gas: 0n } }),
  ],
});

describe('STOP', () => {
  it.each([
    [299n, /STOP$/],
    [300n, /end of the code$/],
    [332n, /end of the code$/],
  ])('at pc %d of a code of 300 bytes', (pc, what) => {
    const machine = machineOf(randomOf(testSeed(), 'stop'), { stack: [1n], frame: { code }, exec: { pc } });
    const { ts, call, gas, work, jrn, refund } = machine.exec;
    STEPS[STOP]!(machine, STOP);
    expect(machine.rows.map(({ origin }) => origin)).toEqual([expect.stringMatching(what)]);
    expect(machine.end).toEqual({ ts: ts + 1n, call, ok: 1n, gas, work, jrn, refund });
  });
});
