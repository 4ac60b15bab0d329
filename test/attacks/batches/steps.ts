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
  gas: {
    name: 'gas given back',
    caughtBy: 'EXEC',
    honest: mixedBatch,
    change: () =>
      before(OP.STOP, 0, (machine) => {
        machine.exec = { ...machine.exec, gas: machine.exec.gas + 5_000n };
      }),
  },
  cold: {
    name: 'a cold slot passed as warm',
    caughtBy: 'SLOT',
    honest: mixedBatch,
    change: () => before(OP.SLOAD, 0, (m) => touched(m, 1n)),
  },
  original: {
    name: 'original value of a slot forged in its cell',
    caughtBy: 'SLOT',
    honest: one(TWO_WRITES),
    change: () => before(OP.SSTORE, 1, (machine) => touched(machine, 1n, 9n)),
  },
  unwritten: {
    name: 'memory read before it was written',
    caughtBy: 'RANGE12',
    honest: one(LATE_STORE),
    change: readsAhead,
  },
  neverWritten: {
    name: 'memory read as what it never was',
    caughtBy: 'MEM',
    honest: one(LATE_STORE),
    change: () => ({ ...finds(8n), rows: (rows) => amendNth(rows, 'memory', 1, (row) => row.set('old', [0n, 8n])) }),
  },
  sharedMemory: {
    name: 'memory shared between transactions',
    caughtBy: 'MEM',
    honest: twice(SECOND_LOADS),
    change: () => ({ ...finds(7n), rows: (rows) => amendNth(rows, 'memcell', 1, (row) => row.set('lo', 7n)) }),
  },
  sharedStack: {
    name: 'a stack item that an earlier transaction left',
    caughtBy: 'STACK',
    honest: twice(SECOND_LACKS),
    change: takesBelow,
  },
  intoData: {
    name: 'a jump into push data',
    caughtBy: 'DEST',
    honest: one('PUSH1 0x04 JUMP PUSH1 0x5b PUSH1 0x09 PUSH1 0x01 SSTORE STOP'),
    change: () => ({ ...instead(OP.JUMP, 0, jumpAnywhere), lists: [1n] }),
  },
  behindCode: {
    name: 'a jump to the zeros behind the code, as if it ended there',
    caughtBy: 'DEST',
    honest: one('PUSH1 0x09 PUSH1 0x01 SSTORE PUSH1 0x20 JUMP'),
    change: () => instead(OP.JUMP, 0, jumpAnywhere),
  },
  limb: {
    name: 'a result limb plus 2^128, so that 0 is not 0',
    caughtBy: 'RANGE12',
    honest: one(IF_SUM),
    change: () => ({ ...carriesNothing(), lists: [1n] }),
  },
  result: {
    name: 'another result',
    caughtBy: 'constraint of Add',
    honest: mixedBatch,
    change: () =>
      instead(OP.ADD, 0, (machine) => {
        STEPS[OP.ADD]!(machine, OP.ADD);
        amend(machine, (row) => row.limbs('cLo', 9n));
        pushes(machine, 9n);
      }),
  },
  hash: {
    name: 'a hash of other words',
    caughtBy: 'KECCAK64',
    honest: mixedBatch,
    change: () =>
      instead(OP.KECCAK256, 0, (machine) => {
        STEPS[OP.KECCAK256]!(machine, OP.KECCAK256);
        amend(machine, (row) => row.set('hi', 0n).set('lo', 1n));
        pushes(machine, 1n);
      }),
  },
  halt: {
    name: 'out of gas where there is enough',
    caughtBy: 'RANGE12',
    honest: mixedBatch,
    change: () =>
      instead(OP.SLOAD, 0, (machine) => {
        const { gas } = machine.exec;
        machine.exec = { ...machine.exec, gas: 99n };
        STEPS[OP.SLOAD]!(machine, OP.SLOAD);
        amend(machine, (row) => row.put('exec', { 5: gas }));
      }),
  },
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
