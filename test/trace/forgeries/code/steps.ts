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
import { at, codeForgeries, edit, gasLimbs } from './world.js';

const { ADD, POP, PC, PUSH0, PUSH1, SWAP1, LOG0 } = OP;
/** What runs as it should. */
const TRUTHS = {
  'all kinds of pushes, dup, swap, registers': `PUSH0 PUSH1 0x01 PUSH4 0x01020304 PUSH32 0x${'ab'.repeat(32)} DUP3 SWAP4 PC MSIZE GAS POP STOP`,
  jumps: 'PUSH1 0x04 JUMP STOP JUMPDEST PUSH1 0x01 PUSH1 0x0b JUMPI STOP JUMPDEST PUSH0 PUSH1 0x0b JUMPI STOP',
  'a long code': `PUSH2 0x00c9 JUMP 0x${'60'.repeat(197)} JUMPDEST STOP`,
  'a push cut short by the end of a row': `JUMPDEST ${'PUSH0 POP '.repeat(63)} PUSH32`,
  'no STOP at the end': 'PUSH1 0x01',
  'a jump into push data': 'PUSH1 0x04 JUMP PUSH1 0x5b STOP',
  'a jump behind the code': 'PUSH1 0x77 JUMP',
  'a jump far away': `PUSH32 0x${'ff'.repeat(32)} JUMP`,
  'JUMPI to a bad place': 'PUSH1 0x01 PUSH1 0x00 JUMPI',
  INVALID: 'INVALID',
  underflow: 'PUSH0 ADD',
  overflow: 'PUSH0 '.repeat(1025),
};

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
export const STEPPING = codeForgeries(
  'code: halts, stack, registers',
  [
    { name: 'out of gas, truly', caughtBy: '', honest: 'PUSH1 0x01 PUSH1 0x02 STOP', change: { start: { gas: 5n } } },
    {
      name: 'halt for want of gas that is there',
      caughtBy: 'RANGE12',
      honest: SUM,
      change: halts({ why: [1n, 0n, 0n] }),
    },
    {
      name: 'halt for want of items that are there',
      caughtBy: 'RANGE12',
      honest: SUM,
      change: halts({ why: [0n, 1n, 0n] }),
    },
    {
      name: 'halt for want of room that is there',
      caughtBy: 'RANGE12',
      honest: SUM,
      change: halts({ why: [0n, 0n, 1n] }),
    },
    { name: 'halt without a reason', caughtBy: 'constraint of halt', honest: SUM, change: halts({}) },
    {
      name: 'halt for two reasons that cancel',
      caughtBy: 'constraint of halt',
      honest: SUM,
      change: halts({ why: [1n, mod(-1n), 0n] }),
    },
    {
      name: 'halt at an opcode that is called uncovered',
      caughtBy: 'OPINFO',
      honest: SUM,
      change: halts({ covered: 0n }),
    },
    {
      name: 'halt at a dearer opcode',
      caughtBy: 'OPINFO',
      honest: SUM,
      change: halts({ least: 100_000n, why: [1n, 0n, 0n] }),
    },
    {
      name: 'halt at an opcode that is called INVALID',
      caughtBy: 'CODE',
      honest: SUM,
      change: halts({ op: 0xfen, least: 0n, pops: 0n, grows: 16n, covered: 0n }),
    },
    { name: 'halt with gas left', caughtBy: 'END', honest: 'PUSH1 0x01 INVALID', change: { end: { gas: 5n } } },
    { name: 'halt that succeeds', caughtBy: 'END', honest: 'PUSH1 0x01 INVALID', change: { end: { ok: 1n } } },
    {
      name: 'a push without the gas for it, then a halt',
      caughtBy: 'RANGE12',
      honest: 'PUSH1 0x01 INVALID',
      change: { start: { gas: 1n }, ...spends },
    },

    {
      name: 'a stack of 1025 items',
      caughtBy: 'RANGE12',
      honest: 'PUSH0 '.repeat(1025),
      change: at(PUSH0, (machine) => STEPS[PUSH0]!(machine, PUSH0)),
    },
    {
      name: 'a pop from an empty stack',
      caughtBy: 'STACK',
      honest: 'POP STOP',
      change: at(POP, (machine) =>
        machine.step(pop, { ...machine.head(), a: [0n, 7n, 0n, 0n, 0n] }, POP_EFFECT, 'POP'),
      ),
    },
    {
      name: 'SWAP1 as DUP17',
      caughtBy: 'AND4',
      honest: deep('SWAP1'),
      change: at(SWAP1, (machine) => {
        const head = machine.head();
        const { value, cells } = machine.touch(17);
        machine.push(value);
        machine.step(dup, { ...head, op: DUP17, a: cells }, dupEffect(DUP17), 'DUP17');
      }),
    },
    {
      name: 'LOG0 as SWAP17',
      caughtBy: 'AND4',
      honest: deep('LOG0'),
      change: at(LOG0, (machine) => {
        const head = machine.head();
        const [a, b] = [machine.touch(1).cells, machine.touch(18).cells];
        machine.step(swap, { ...head, op: SWAP17, a, b }, swapEffect(SWAP17), 'SWAP17');
      }),
    },
    {
      name: 'SWAP that turns both into one',
      caughtBy: 'STACK',
      honest: 'PUSH1 0x01 PUSH1 0x02 SWAP1 POP POP STOP',
      change: edit('swap', 0, ({ a }) => ({ b: a! })),
    },
    {
      name: 'DUP of something else',
      caughtBy: 'STACK',
      honest: 'PUSH1 0x01 DUP1 POP POP STOP',
      change: edit('dup', 0, ({ a }) => ({ a: [0n, 9n, ...(a as readonly bigint[]).slice(2)] })),
    },
    {
      name: 'PUSH1 that skips two bytes',
      caughtBy: 'CODE',
      honest: 'PUSH1 0x01 ADD STOP',
      change: at(PUSH1, (machine) => {
        const head = machine.head();
        machine.push(1n);
        machine.step(push, { ...head, op: BigInt(OP.PUSH2), hi: 0n, lo: 1n }, pushEffect(BigInt(OP.PUSH2)), 'PUSH1');
      }),
    },
    { name: 'MSIZE for PC', caughtBy: 'CODE', honest: 'PC STOP', change: registers({ msize: 1n, gas: 0n }) },
    {
      name: 'MSIZE and GAS for JUMPDEST',
      caughtBy: 'constraint of register',
      honest: 'PC STOP',
      change: registers({ msize: 1n, gas: 1n }),
    },
    {
      name: 'more gas than is left',
      caughtBy: 'STACK',
      honest: 'GAS POP STOP',
      change: edit('pop', 0, ({ a }) => ({ a: [0n, 99_999n, ...(a as readonly bigint[]).slice(2)] })),
    },
    {
      name: 'code of another account',
      caughtBy: 'CODE EXEC',
      honest: SUM,
      change: edit('add', 0, ({ exec }) => ({ exec: (exec as readonly bigint[]).map((x, i) => (i === 2 ? 2n : x)) })),
    },
  ],
  TRUTHS,
);
