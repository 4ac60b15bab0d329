import { mod } from '../../../../src/bus/field.js';
import type { RowOf } from '../../../../src/chips/chip.js';
import { dup, dupEffect } from '../../../../src/chips/dup.js';
import { halt } from '../../../../src/chips/halt.js';
import { limbsOf } from '../../../../src/chips/lib/range.js';
import { haltEnd } from '../../../../src/chips/lib/step.js';
import { POP_EFFECT, pop } from '../../../../src/chips/pop.js';
import { push, pushEffect } from '../../../../src/chips/push.js';
import { REGISTER_LIMBS, register, registerEffect, registerValue } from '../../../../src/chips/register.js';
import { swap, swapEffect } from '../../../../src/chips/swap.js';
import { OP } from '../../../../src/evm/opcodes.js';
import { STEPS } from '../../../../src/trace/steps/index.js';
import type { Forging } from '../../../helpers/code-forger.js';
import { at, edit, type Forgery, gasLimbs } from './world.js';

const { ADD, POP, PC, PUSH0, PUSH1, SWAP1, LOG0 } = OP;
/** The opcodes behind DUP16 and SWAP16. */
const [DUP17, SWAP17] = [BigInt(OP.DUP16 + 1), BigInt(OP.SWAP16 + 1)];
const SUM = 'PUSH1 0x02 PUSH1 0x03 ADD STOP';
const deep = (op: string) => `${'PUSH0 '.repeat(18)} ${op} STOP`;

/** A row of `halt` where ADD has two items and gas enough. */
function halts(cells: Partial<RowOf<typeof halt.columns>>): Forging {
  return at(ADD, (machine) => {
    const known = { op: 1n, least: 3n, pops: 2n, grows: 15n, covered: 1n, why: [0n, 0n, 0n] };
    const row = { ...machine.head(), left: gasLimbs(machine), ...known, ...cells };
    machine.finish(halt, row, haltEnd(machine.exec), 'halt');
  });
}

/** A push, whatever the gas is, then INVALID. */
const spends: Forging = {
  step: (machine, op) => {
    if (op === PUSH1) STEPS[op]!(machine, op);
    else {
      const known = { op: 0xfen, least: 0n, pops: 0n, grows: 16n, covered: 0n, why: [0n, 0n, 0n] };
      const left = [machine.exec.gas, 0n, 0n, 0n, 0n, 0n];
      machine.finish(halt, { ...machine.head(), left, ...known }, haltEnd(machine.exec), 'halt');
    }
    return true;
  },
};

/** PC, as a row of `register` with other flags. */
function registers(which: { msize: bigint; gas: bigint }): Forging {
  return at(PC, (machine) => {
    const head = machine.head();
    const word = registerValue(machine.exec, which);
    machine.push(word);
    const value = limbsOf(mod(word), REGISTER_LIMBS);
    machine.step(register, { ...head, ...which, value }, registerEffect(which), 'PC');
  });
}

/** Frames that end though they need not, or go on though they must end; stack and registers. */
export const STEPPING: Forgery[] = [
  ['halt for want of gas that is there', 'RANGE12', SUM, halts({ why: [1n, 0n, 0n] })],
  ['halt for want of items that are there', 'RANGE12', SUM, halts({ why: [0n, 1n, 0n] })],
  ['halt for want of room that is there', 'RANGE12', SUM, halts({ why: [0n, 0n, 1n] })],
  ['halt without a reason', 'constraint of halt', SUM, halts({})],
  ['halt for two reasons that cancel', 'constraint of halt', SUM, halts({ why: [1n, mod(-1n), 0n] })],
  ['halt at an opcode that is called uncovered', 'OPINFO', SUM, halts({ covered: 0n })],
  ['halt at a dearer opcode', 'OPINFO', SUM, halts({ least: 100_000n, why: [1n, 0n, 0n] })],
  [
    'halt at an opcode that is called INVALID',
    'CODE',
    SUM,
    halts({ op: 0xfen, least: 0n, pops: 0n, grows: 16n, covered: 0n }),
  ],
  ['halt with gas left', 'END', 'PUSH1 0x01 INVALID', { end: { gas: 5n } }],
  ['halt that succeeds', 'END', 'PUSH1 0x01 INVALID', { end: { ok: 1n } }],
  ['a push without the gas for it, then a halt', 'RANGE12', 'PUSH1 0x01 INVALID', { start: { gas: 1n }, ...spends }],

  ['a stack of 1025 items', 'RANGE12', 'PUSH0 '.repeat(1025), at(PUSH0, (machine) => STEPS[PUSH0]!(machine, PUSH0))],
  [
    'a pop from an empty stack',
    'STACK',
    'POP STOP',
    at(POP, (machine) => machine.step(pop, { ...machine.head(), a: [0n, 7n, 0n, 0n, 0n] }, POP_EFFECT, 'POP')),
  ],
  [
    'SWAP1 as DUP17',
    'AND4',
    deep('SWAP1'),
    at(SWAP1, (machine) => {
      const head = machine.head();
      const { value, cells } = machine.touch(17);
      machine.push(value);
      machine.step(dup, { ...head, op: DUP17, a: cells }, dupEffect(DUP17), 'DUP17');
    }),
  ],
  [
    'LOG0 as SWAP17',
    'AND4',
    deep('LOG0'),
    at(LOG0, (machine) => {
      const head = machine.head();
      const [a, b] = [machine.touch(1).cells, machine.touch(18).cells];
      machine.step(swap, { ...head, op: SWAP17, a, b }, swapEffect(SWAP17), 'SWAP17');
    }),
  ],
  [
    'SWAP that turns both into one',
    'STACK',
    'PUSH1 0x01 PUSH1 0x02 SWAP1 POP POP STOP',
    edit('swap', 0, ({ a }) => ({ b: a! })),
  ],
  [
    'DUP of something else',
    'STACK',
    'PUSH1 0x01 DUP1 POP POP STOP',
    edit('dup', 0, ({ a }) => ({ a: [0n, 9n, ...(a as readonly bigint[]).slice(2)] })),
  ],
  [
    'PUSH1 that skips two bytes',
    'CODE',
    'PUSH1 0x01 ADD STOP',
    at(PUSH1, (machine) => {
      const head = machine.head();
      machine.push(1n);
      machine.step(push, { ...head, op: BigInt(OP.PUSH2), hi: 0n, lo: 1n }, pushEffect(BigInt(OP.PUSH2)), 'PUSH1');
    }),
  ],
  ['MSIZE for PC', 'CODE', 'PC STOP', registers({ msize: 1n, gas: 0n })],
  ['MSIZE and GAS for JUMPDEST', 'constraint of register', 'PC STOP', registers({ msize: 1n, gas: 1n })],
  [
    'more gas than is left',
    'STACK',
    'GAS POP STOP',
    edit('pop', 0, ({ a }) => ({ a: [0n, 99_999n, ...(a as readonly bigint[]).slice(2)] })),
  ],
  [
    'code of another account',
    'CODE EXEC',
    SUM,
    edit('add', 0, ({ exec }) => ({ exec: (exec as readonly bigint[]).map((x, i) => (i === 2 ? 2n : x)) })),
  ],
];
