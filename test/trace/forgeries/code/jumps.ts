import { mod } from '../../../../src/bus/field.js';
import { badjump, badjumpi } from '../../../../src/chips/badjump.js';
import type { RowOf } from '../../../../src/chips/chip.js';
import { jump, jumpEffect, jumpi, jumpiEffect } from '../../../../src/chips/jump.js';
import { haltEnd } from '../../../../src/chips/lib/step.js';
import { OP } from '../../../../src/evm/opcodes.js';
import type { Forging } from '../../../helpers/code-forger.js';
import { all128, at, codeForgeries, editCode, gasLimbs } from './world.js';

const { JUMP, JUMPI } = OP;
const NO_PAST = Array<bigint>(11).fill(0n);
/** 2^128 + 19, where a JUMPDEST stands. */
const FAR = `PUSH17 0x01${'00'.repeat(15)}13 JUMP JUMPDEST STOP`;

const GOOD = 'PUSH1 0x03 JUMP JUMPDEST STOP';
/** The byte at 4 is push data that looks like JUMPDEST. */
const INTO_DATA = 'PUSH1 0x04 JUMP PUSH1 0x5b STOP';
const IF = (condition: string) => `PUSH1 ${condition} PUSH1 0x06 JUMPI STOP JUMPDEST STOP`;

/** JUMP to wherever the stack says. */
const jumpAnywhere = at(JUMP, (machine) => {
  const head = machine.head();
  const { value, cells } = machine.pop();
  const to = value % (1n << 128n);
  machine.step(jump, { ...head, a: cells.slice(1) }, jumpEffect(machine.exec, to), 'JUMP');
});

/** JUMPI as the forger says. */
function branches(taken: bigint): Forging {
  return at(JUMPI, (machine) => {
    const head = machine.head();
    const [a, b] = [machine.pop(), machine.pop()];
    const effect = jumpiEffect(machine.exec, a.value, taken);
    machine.step(jumpi, { ...head, a: a.cells, b: b.cells, taken }, effect, 'JUMPI');
  });
}

/** A row of `badjump` at a good JUMP. */
function badJumps(cells: Partial<RowOf<typeof badjump.columns>>): Forging {
  return at(JUMP, (machine) => {
    const honest = { ...machine.head(), left: gasLimbs(machine), far: 0n, beyond: 0n, past: NO_PAST };
    const a = machine.pop().cells;
    machine.finish(badjump, { ...honest, a, ...cells }, haltEnd(machine.exec), 'JUMP');
  });
}

/** A row of `badjumpi` at a JUMPI. */
const endsAtJumpi = at(JUMPI, (machine) => {
  const honest = { ...machine.head(), left: gasLimbs(machine), far: 0n, beyond: 0n, past: NO_PAST };
  const [a, b] = [machine.pop().cells, machine.pop().cells];
  machine.finish(badjumpi, { ...honest, a, b }, haltEnd(machine.exec), 'JUMPI');
});

/** The code from byte 3 on is push data, says its row. */
const hidden = editCode(Object.fromEntries(all128(0n).flatMap((_, i) => (i < 3 ? [] : [[i, { move: 0n, dest: 0n }]]))));

/** Jumps to where none may go, and none to where they must. */
export const JUMPS = codeForgeries('code: jumps', [
  { name: 'a jump into push data', caughtBy: 'DEST', honest: INTO_DATA, change: jumpAnywhere },
  {
    name: 'the same, and the byte calls itself an opcode',
    caughtBy: 'constraint of code',
    honest: INTO_DATA,
    change: { ...jumpAnywhere, ...editCode({ 4: { move: 1n, dest: 1n } }) },
  },
  {
    name: 'the same, and its push calls itself push data',
    caughtBy: 'constraint of code',
    honest: INTO_DATA,
    change: { ...jumpAnywhere, ...editCode({ 3: { move: 0n }, 4: { move: 1n, dest: 1n } }) },
  },
  {
    name: 'the same, and the byte is push data and a target',
    caughtBy: 'BYTE',
    honest: INTO_DATA,
    change: { ...jumpAnywhere, ...editCode({ 4: { dest: 1n } }) },
  },
  {
    name: 'a jump to an opcode that is not JUMPDEST',
    caughtBy: 'DEST',
    honest: 'PUSH1 0x04 JUMP ADD STOP',
    change: jumpAnywhere,
  },
  {
    name: 'the same, and the opcode calls itself a target',
    caughtBy: 'BYTE',
    honest: 'PUSH1 0x04 JUMP ADD STOP',
    change: { ...jumpAnywhere, ...editCode({ 4: { dest: 1n } }) },
  },
  { name: 'a jump behind the code', caughtBy: 'DEST', honest: 'PUSH1 0x77 JUMP', change: jumpAnywhere },
  { name: 'a jump to 2^128 times something more', caughtBy: 'STACK', honest: FAR, change: jumpAnywhere },
  {
    name: 'JUMPI taken, though the condition is 0',
    caughtBy: 'constraint of jumpi',
    honest: IF('0x00'),
    change: branches(1n),
  },
  {
    name: 'JUMPI not taken, though it is not',
    caughtBy: 'constraint of jumpi',
    honest: IF('0x07'),
    change: branches(0n),
  },
  { name: 'JUMPI half taken', caughtBy: 'constraint of jumpi', honest: IF('0x07'), change: branches(2n) },
  {
    name: 'JUMPI into push data',
    caughtBy: 'DEST',
    honest: 'PUSH1 0x01 PUSH1 0x06 JUMPI PUSH1 0x5b STOP',
    change: branches(1n),
  },

  { name: 'a good jump called bad', caughtBy: 'DEST', honest: GOOD, change: badJumps({}) },
  { name: 'a near jump called far', caughtBy: 'constraint of badjump', honest: GOOD, change: badJumps({ far: 1n }) },
  {
    name: 'a jump called to be beyond the code, at less than its length',
    caughtBy: 'RANGE12',
    honest: GOOD,
    change: badJumps({ beyond: 1n, past: NO_PAST.map((x, i) => (i === 0 ? mod(-2n) : x)) }),
  },
  { name: 'the same, with a shorter length', caughtBy: 'CODELEN', honest: GOOD, change: badJumps({ beyond: 1n }) },
  {
    name: 'two reasons that leave none',
    caughtBy: 'constraint of badjump',
    honest: GOOD,
    change: badJumps({ far: 1n, beyond: 1n }),
  },
  {
    name: 'a good jump called bad, its target hidden',
    caughtBy: 'RANGE12',
    honest: GOOD,
    change: { ...badJumps({}), ...hidden },
  },
  {
    name: 'a frame that ends at a JUMPI that is not taken',
    caughtBy: 'constraint of badjumpi',
    honest: IF('0x00'),
    change: endsAtJumpi,
  },
]);
