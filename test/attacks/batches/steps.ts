import { jump, jumpEffect } from '../../../src/chips/jump.js';
import { OP } from '../../../src/evm/opcodes.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import type { Lie } from '../../helpers/batch-forger.js';
import { callsOf, mixedBatch, program } from '../../helpers/code-batch.js';
import { type Attack, age, amend, amendNth, before, instead, OWNER, timeOf } from './world.js';

const HALF = 1n << 128n;
const one = (text: string) => () => callsOf(program(text), [{}]);
const twice = (text: string) => () => callsOf(program(text), [{}, { value: 1n }]);

/** What the last row pushed is another word. */
function pushes(machine: FrameMachine, value: bigint): void {
  const { ts } = machine.stack.pop()!;
  machine.stack.push({ ts, value });
}

/** MLOAD finds a small number in word 0; what comes after it must be amended to go on from that. */
function finds(value: bigint): Lie {
  return instead(OP.MLOAD, 0, (machine) => {
    STEPS[OP.MLOAD]!(machine, OP.MLOAD);
    amend(machine, (row) => row.put('value', { 1: value }).set('old', [0n, value]));
    pushes(machine, value);
  });
}

/** The slot as an earlier access of the same transaction would have left it. */
function touched(machine: FrameMachine, key: bigint, orig?: bigint): void {
  const cell = machine.slots.at(OWNER, key);
  machine.slots.set(OWNER, key, { ...cell, tx: machine.frame.tx, warm: 1n, orig: orig ?? cell.cur });
}

/** JUMP to wherever the stack says. */
const jumpAnywhere = (machine: FrameMachine) => {
  const head = machine.head();
  const { value, cells } = machine.pop();
  machine.step(jump, { ...head, a: cells.slice(1) }, jumpEffect(machine.exec, value), 'JUMP');
};

const LATE_STORE = 'PUSH0 MLOAD PUSH1 0x01 SSTORE PUSH1 0x07 PUSH0 MSTORE STOP';
/** The first call stores 7 in memory and leaves 9 on the stack, the second one reads memory into slot 1. */
const SECOND_LOADS = `CALLVALUE @second JUMPI PUSH1 0x07 PUSH0 MSTORE PUSH1 0x09 STOP second: PUSH0 MLOAD PUSH1 0x01 SSTORE STOP`;
/** The first call leaves 9 on the stack, the second one stores what it does not have. */
const SECOND_LACKS = `CALLVALUE @second JUMPI PUSH1 0x09 STOP second: PUSH1 0x01 SSTORE STOP`;
const TWO_WRITES = 'PUSH1 0x06 PUSH1 0x01 SSTORE PUSH1 0x09 PUSH1 0x01 SSTORE STOP';
/** 0 - 1 + 1 is 0: slot 1 is not written. */
const IF_SUM = 'PUSH1 0x01 PUSH1 0x01 PUSH0 SUB ADD @writes JUMPI STOP writes: PUSH1 0x09 PUSH1 0x01 SSTORE STOP';

/** Lies about one step. */
export const STEP_ATTACKS = {
  gas: [
    'gas given back',
    'EXEC',
    mixedBatch,
    () =>
      before(OP.STOP, 0, (machine) => {
        machine.exec = { ...machine.exec, gas: machine.exec.gas + 5_000n };
      }),
  ],
  cold: ['a cold slot passed as warm', 'SLOT', mixedBatch, () => before(OP.SLOAD, 0, (m) => touched(m, 1n))],
  original: [
    'original value of a slot forged in its cell',
    'SLOT',
    one(TWO_WRITES),
    () => before(OP.SSTORE, 1, (machine) => touched(machine, 1n, 9n)),
  ],
  unwritten: ['memory read before it was written', 'RANGE12', one(LATE_STORE), readsAhead],
  neverWritten: [
    'memory read as what it never was',
    'MEM',
    one(LATE_STORE),
    () => ({ ...finds(8n), rows: (rows) => amendNth(rows, 'memory', 1, (row) => row.set('old', [0n, 8n])) }),
  ],
  sharedMemory: [
    'memory shared between transactions',
    'MEM',
    twice(SECOND_LOADS),
    () => ({ ...finds(7n), rows: (rows) => amendNth(rows, 'memcell', 1, (row) => row.set('lo', 7n)) }),
  ],
  sharedStack: ['a stack item that an earlier transaction left', 'STACK', twice(SECOND_LACKS), takesBelow],
  intoData: [
    'a jump into push data',
    'DEST',
    one('PUSH1 0x04 JUMP PUSH1 0x5b PUSH1 0x09 PUSH1 0x01 SSTORE STOP'),
    () => ({ ...instead(OP.JUMP, 0, jumpAnywhere), lists: [1n] }),
  ],
  behindCode: [
    'a jump to the zeros behind the code, as if it ended there',
    'DEST',
    one('PUSH1 0x09 PUSH1 0x01 SSTORE PUSH1 0x20 JUMP'),
    () => instead(OP.JUMP, 0, jumpAnywhere),
  ],
  limb: [
    'a result limb plus 2^128, so that 0 is not 0',
    'RANGE12',
    one(IF_SUM),
    () => ({ ...carriesNothing(), lists: [1n] }),
  ],
  result: [
    'another result',
    'constraint of Add',
    mixedBatch,
    () =>
      instead(OP.ADD, 0, (machine) => {
        STEPS[OP.ADD]!(machine, OP.ADD);
        amend(machine, (row) => row.limbs('cLo', 9n));
        pushes(machine, 9n);
      }),
  ],
  hash: [
    'a hash of other words',
    'KECCAK64',
    mixedBatch,
    () =>
      instead(OP.KECCAK256, 0, (machine) => {
        STEPS[OP.KECCAK256]!(machine, OP.KECCAK256);
        amend(machine, (row) => row.set('hi', 0n).set('lo', 1n));
        pushes(machine, 1n);
      }),
  ],
  halt: [
    'out of gas where there is enough',
    'RANGE12',
    mixedBatch,
    () =>
      instead(OP.SLOAD, 0, (machine) => {
        const { gas } = machine.exec;
        machine.exec = { ...machine.exec, gas: 99n };
        STEPS[OP.SLOAD]!(machine, OP.SLOAD);
        amend(machine, (row) => row.put('exec', { 5: gas }));
      }),
  ],
} satisfies Readonly<Record<string, Attack>>;

/** MLOAD takes what MSTORE leaves later, which is what the word was before; only the age is none. */
function readsAhead(): Lie {
  return {
    ...finds(7n),
    rows: (rows) => {
      const [load, store] = [timeOf(rows, 'memory', 0), timeOf(rows, 'memory', 1)];
      const loaded = amendNth(rows, 'memory', 0, (row) => row.set('gap', age(load - 1n - store)));
      const stored = amendNth(loaded, 'memory', 1, (row) => row.set('gap', age(store - load)));
      return amendNth(stored, 'memcell', 0, (row) => row.set('t', load).set('lo', 7n));
    },
  };
}

/** SSTORE takes an item below the stack's first, and STOP does not mind that the stack is lower than empty. */
function takesBelow(): Lie {
  return {
    lists: [1n],
    step: (machine, op) => {
      if (machine.frame.tx !== 2n || (op !== OP.SSTORE && op !== OP.STOP)) return false;
      if (op === OP.SSTORE) machine.stack.unshift({ ts: 5n, value: 9n });
      STEPS[op]!(machine, op);
      return true;
    },
  };
}

/** -1 + 1 carries nothing out of either half: the low one is 2^128, and JUMPI finds it. */
function carriesNothing(): Lie {
  const sum = [HALF - 1n, HALF] as const;
  return {
    step: (machine, op) => {
      if (op !== OP.ADD && op !== OP.JUMPI) return false;
      STEPS[op]!(machine, op);
      if (op === OP.JUMPI) amend(machine, (row) => row.put('b', { 0: sum[0], 1: sum[1] }));
      else {
        amend(machine, (row) => row.limbs('cHi', sum[0]).limbs('cLo', sum[1]).set('carry', [0n, 0n]));
        pushes(machine, 1n);
      }
      return true;
    },
  };
}
