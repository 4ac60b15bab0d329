import { mod } from '../../../../src/bus/field.js';
import { badjump, badjumpi } from '../../../../src/chips/badjump.js';
import type { RowOf } from '../../../../src/chips/chip.js';
import { jump, jumpEffect, jumpi, jumpiEffect } from '../../../../src/chips/jump.js';
import { haltEnd } from '../../../../src/chips/lib/step.js';
import { OP } from '../../../../src/evm/opcodes.js';
import type { Forging } from '../../../helpers/code-forger.js';
import { all128, at, editCode, type Forgery, gasLimbs } from './world.js';

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
export const JUMPS: Forgery[] = [
  ['a jump into push data', 'DEST', INTO_DATA, jumpAnywhere],
  [
    'the same, and the byte calls itself an opcode',
    'constraint of code',
    INTO_DATA,
    { ...jumpAnywhere, ...editCode({ 4: { move: 1n, dest: 1n } }) },
  ],
  [
    'the same, and its push calls itself push data',
    'constraint of code',
    INTO_DATA,
    { ...jumpAnywhere, ...editCode({ 3: { move: 0n }, 4: { move: 1n, dest: 1n } }) },
  ],
  [
    'the same, and the byte is push data and a target',
    'BYTE',
    INTO_DATA,
    { ...jumpAnywhere, ...editCode({ 4: { dest: 1n } }) },
  ],
  ['a jump to an opcode that is not JUMPDEST', 'DEST', 'PUSH1 0x04 JUMP ADD STOP', jumpAnywhere],
  [
    'the same, and the opcode calls itself a target',
    'BYTE',
    'PUSH1 0x04 JUMP ADD STOP',
    { ...jumpAnywhere, ...editCode({ 4: { dest: 1n } }) },
  ],
  ['a jump behind the code', 'DEST', 'PUSH1 0x77 JUMP', jumpAnywhere],
  ['a jump to 2^128 times something more', 'STACK', FAR, jumpAnywhere],
  ['JUMPI taken, though the condition is 0', 'constraint of jumpi', IF('0x00'), branches(1n)],
  ['JUMPI not taken, though it is not', 'constraint of jumpi', IF('0x07'), branches(0n)],
  ['JUMPI half taken', 'constraint of jumpi', IF('0x07'), branches(2n)],
  ['JUMPI into push data', 'DEST', 'PUSH1 0x01 PUSH1 0x06 JUMPI PUSH1 0x5b STOP', branches(1n)],

  ['a good jump called bad', 'DEST', GOOD, badJumps({})],
  ['a near jump called far', 'constraint of badjump', GOOD, badJumps({ far: 1n })],
  [
    'a jump called to be beyond the code, at less than its length',
    'RANGE12',
    GOOD,
    badJumps({ beyond: 1n, past: NO_PAST.map((x, i) => (i === 0 ? mod(-2n) : x)) }),
  ],
  ['the same, with a shorter length', 'CODELEN', GOOD, badJumps({ beyond: 1n })],
  ['two reasons that leave none', 'constraint of badjump', GOOD, badJumps({ far: 1n, beyond: 1n })],
  ['a good jump called bad, its target hidden', 'RANGE12', GOOD, { ...badJumps({}), ...hidden }],
  ['a frame that ends at a JUMPI that is not taken', 'constraint of badjumpi', IF('0x00'), endsAtJumpi],
];
