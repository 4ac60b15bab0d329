import { describe, expect, it } from 'vitest';
import { stop } from '../../src/chips/stop.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { describeChip } from '../helpers/chips/describe-chip.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { machineOf, stepRow } from '../helpers/machine.js';

const STOP = 0x00;
const code = new Uint8Array(300);

describeChip(stop, {
  constraints: 24,
  rows: (random) => [
    stepRow(stop, random, STOP, { stack: [], frame: { code }, exec: { pc: 299n } }),
    stepRow(stop, random, STOP, { stack: [], frame: { code }, exec: { pc: 300n } }),
    stepRow(stop, random, STOP, { stack: [], frame: { code }, exec: { pc: 332n, gas: 0n } }),
  ],
});

describe('STOP', () => {
  it.each([
    [0n, 0n, 0n],
    [299n, 0n, 0n],
    [300n, 1n, 0n],
    [332n, 1n, 32n],
  ])('at pc %d of a code of 300 bytes', (pc, past, beyond) => {
    const machine = machineOf(randomOf(testSeed(), 'stop'), { stack: [1n], frame: { code }, exec: { pc } });
    const { ts, call, gas, work, jrn, refund } = machine.exec;
    STEPS[STOP]!(machine, STOP);
    expect(machine.rows.map(({ row }) => [row.past, row.beyond])).toEqual([[past, beyond]]);
    expect(machine.end).toEqual({ ts: ts + 1n, call, ok: 1n, gas, work, jrn, refund });
  });
});
