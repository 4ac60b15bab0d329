import { describe, expect, it } from 'vitest';
import { env } from '../../../src/chips/env.js';
import { OP, OPCODES } from '../../../src/evm/opcodes.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf, stepRow } from '../../helpers/chips/machine.js';
import { randomOf } from '../../helpers/chips/random.js';

describeChip(env, {
  constraints: 23,
  rows: (random) => [
    stepRow(env, random, OP.CALLVALUE, { stack: [] }),
    stepRow(env, random, OP.PREVRANDAO, { stack: [] }),
    stepRow(env, random, OP.ADDRESS, { stack: [], exec: { sp: 1023n } }),
  ],
});

describe('what the opcodes of env push', () => {
  const machine = machineOf(randomOf(1, 'env'), { stack: [] });
  const { frame } = machine;
  const { header } = frame;
  const expected: Readonly<Record<string, bigint>> = {
    ADDRESS: BigInt(frame.address),
    ORIGIN: BigInt(frame.caller),
    CALLER: BigInt(frame.caller),
    CALLVALUE: frame.value,
    CALLDATASIZE: BigInt(frame.data.length),
    CODESIZE: BigInt(frame.code.length),
    GASPRICE: frame.price,
    RETURNDATASIZE: 0n,
    COINBASE: BigInt(header.feeRecipient),
    TIMESTAMP: header.timestamp,
    NUMBER: header.number,
    PREVRANDAO: BigInt(header.originHash),
    GASLIMIT: header.gasLimit,
    CHAINID: header.chainId,
    BASEFEE: header.baseFee,
    BLOBBASEFEE: 1n,
  };
  const opcodes = Object.entries(OPCODES).filter(([, opcode]) => opcode?.chip === 'env');

  it('is listed here for every one', () => {
    expect(opcodes.map(([, opcode]) => opcode!.name).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(opcodes.map(([op, opcode]) => [opcode!.name, Number(op)] as const))('%s', (name, op) => {
    const before = machine.exec;
    STEPS[op]!(machine, op);
    expect(machine.stack.at(-1)).toEqual({ ts: before.ts, value: expected[name] });
    expect(machine.exec).toMatchObject({ pc: before.pc + 1n, sp: before.sp + 1n, gas: before.gas - 2n });
  });
});

it('pushes to a stack with room alone: a full one leaves a limb of it out of range', () => {
  const isWide = (sp: bigint) =>
    env
      .terms(stepRow(env, randomOf(1, 'room'), OP.CALLER, { stack: [], exec: { sp } }))
      .some(({ tuple: { name, values } }) => name === 'RANGE12' && values[0]! > 4095n);
  expect([1023n, 1024n].map(isWide)).toEqual([false, true]);
});
