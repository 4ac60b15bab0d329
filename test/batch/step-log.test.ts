import { describe, expect, it } from 'vitest';
import type { EvmStep } from '../../src/evm/step-log.js';
import { StepLog } from '../../src/evm/step-log.js';

const stepAt = (i: number): EvmStep => ({
  pc: i % 24_576,
  op: i % 256,
  gas: 2n ** 64n - 1n - BigInt(i),
  work: BigInt(i) - 5n,
  sp: i % 1025,
  top: BigInt(i) << 240n,
  mem: 2 * i,
  refund: BigInt(i) * 19_900n,
});

describe('a log of steps', () => {
  it('gives back what was noted, over the borders of its chunks', () => {
    const log = new StepLog();
    const count = 70_000;
    for (let i = 0; i < count; i++) log.push(stepAt(i));
    expect(log.length).toBe(count);
    for (const i of [0, 1, 32_767, 32_768, 65_535, 65_536, count - 1]) expect(log.at(i)).toEqual(stepAt(i));
    expect(log.at(-1)).toEqual(stepAt(count - 1));
    expect([log.at(count), log.at(-count - 1), new StepLog().at(-1)]).toEqual([undefined, undefined, undefined]);
    let sum = 0;
    for (const { pc } of log) sum += pc;
    expect(sum).toBe([...Array(count).keys()].reduce((all, i) => all + (i % 24_576), 0));
  });
});
