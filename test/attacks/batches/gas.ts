import { mod } from '../../../src/bus/field.js';
import type { Columns, RowOf, TraceRow } from '../../../src/chips/chip.js';
import { env, envEffect } from '../../../src/chips/env.js';
import { jump, jumpEffect } from '../../../src/chips/jump.js';
import { keccak256, keccak256Effect } from '../../../src/chips/keccak256.js';
import { INV32 } from '../../../src/chips/lib/expand.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import { log, logEffect } from '../../../src/chips/log.js';
import { register, registerEffect } from '../../../src/chips/register.js';
import { returns } from '../../../src/chips/return.js';
import { sload, sloadEffect } from '../../../src/chips/sload.js';
import { returnEnd, stop } from '../../../src/chips/stop.js';
import { OP } from '../../../src/evm/opcodes.js';
import { WORK } from '../../../src/evm/work.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { addressMaskStep } from '../../../src/trace/steps/addressmask.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import type { Lie } from '../../helpers/batch-forger.js';
import { hashWork } from '../../helpers/chips/memory-forgeries.js';
import { callsOf, program } from '../../helpers/code-batch.js';
import { type Attack, amend } from './world.js';

const { STOP, KECCAK256, CODESIZE, RETURNDATASIZE, SLOAD, JUMP } = OP;
const { PC, MSIZE, GAS, LOG0, RETURN } = OP;

/** A word below zero: r less so much in its low half. What GAS has to push when two SLOADs were not paid for. */
const OWED = 4_197n;
/** Stands for that word while rows are made; no other cell has this value. */
const PLACE = (77n << 100n) + 7_777_777n;
const PLENTY = 1n << 40n;
/** An offset with which a range of that length ends where memory begins. */
const OFFSET = 'PUSH2 0x1065';
const WRITES = 'PUSH1 0x09 PUSH1 0x02 SSTORE PUSH1 0x09 PUSH1 0x01 SSTORE';

/** Makes the row of an opcode; not true: the honest builder does. */
type Act = (machine: FrameMachine) => void;

/** Two SLOADs that the gas does not pay for, then this code; `acts` replace builders, by opcode. */
function broke(code: string, acts: Readonly<Record<number, Act>> = {}, gasLimit = 21_010n) {
  const text = program(`PUSH0 SLOAD PUSH1 0x02 SLOAD ${code}`);
  return { honest: () => callsOf(text, [{ gasLimit }]), change: () => below(acts) };
}

/** Nothing halts, and in the end the word is what it should not be. */
function below(acts: Readonly<Record<number, Act>>): Lie {
  const all: Readonly<Record<number, Act>> = { [SLOAD]: unpaid, [GAS]: pushesGas, [LOG0]: logs, ...acts };
  return {
    lists: [0n, 1n, 2n],
    step: (machine, op) => {
      (all[op] ?? unchecked(op))(machine);
      return true;
    },
    rows: (rows) => rows.map(told),
  };
}

/** The honest builder, which sees gas enough. */
const unchecked =
  (op: number): Act =>
  (machine) => {
    const { gas } = machine.exec;
    if (gas >= 0n) return STEPS[op]!(machine, op);
    machine.exec = { ...machine.exec, gas: gas + PLENTY };
    STEPS[op]!(machine, op);
    machine.exec = { ...machine.exec, gas: machine.exec.gas - PLENTY };
    amend(machine, (row) => row.put('exec', { 5: gas }));
  };

/** What the rows of execution say in the end; the tries keep to what is claimed. */
function told(row: TraceRow): TraceRow {
  if (row.chip === 'slotleaf') return row;
  const cell = (x: bigint) => mod(x === PLACE ? -OWED : x);
  const cells = Object.entries(row.row).map(([name, x]) => [name, typeof x === 'bigint' ? cell(x) : x.map(cell)]);
  return { ...row, row: Object.fromEntries(cells) as RowOf<Columns> };
}

/** SLOAD that goes on, whatever the gas is. */
function unpaid(machine: FrameMachine): void {
  const { exec, frame, slots } = machine;
  const head = machine.head();
  const key = machine.pop();
  const addr = BigInt(frame.address);
  const { cells, seen } = slots.touch(addr, key.value, exec.ts, frame.tx);
  machine.push(seen.cur);
  const row = { ...head, oog: 0n, addr, tx: frame.tx, key: key.cells, slot: cells };
  machine.step(sload, row, sloadEffect(cells), 'SLOAD, not paid');
}

/** A row of `register` with this word, whole in the lowest limb. */
function registers(machine: FrameMachine, which: { msize: bigint; gas: bigint }, word = PLACE): void {
  const head = machine.head();
  machine.push(word);
  machine.step(register, { ...head, ...which, value: [word, 0n, 0n, 0n, 0n, 0n] }, registerEffect(which), 'register');
}

const pushesGas: Act = (machine) => registers(machine, { msize: 0n, gas: 1n });

/** MSIZE in a frame whose memory is smaller than none. */
const pushesSize: Act = (machine) => {
  const { mem } = machine.exec;
  machine.exec = { ...machine.exec, mem: mod(-OWED * INV32) };
  registers(machine, { msize: 1n, gas: 0n });
  machine.exec = { ...machine.exec, mem };
};

/** ENV's opcode with the word. */
const reads =
  (op: number): Act =>
  (machine) => {
    const head = machine.head();
    machine.push(PLACE);
    machine.step(env, { ...head, op: BigInt(op), block: 0n, hi: 0n, lo: PLACE }, envEffect(BigInt(op)), 'env');
  };

/** The cells of an expansion to no more than the memory there is. */
function noExpansion({ exec }: FrameMachine, pad = 0n): bigint[] {
  return [1n, 0n, 0n, pad, ...limbsOf(exec.mem, 4)];
}

/** LOG0 whose length gives gas back. */
function logs(machine: FrameMachine): void {
  const head = machine.head();
  const expand = noExpansion(machine);
  const [offset, length] = [machine.pop(), machine.pop()];
  if (length.value !== PLACE) throw new Error('this length is another');
  const none = Array<bigint>(20).fill(0n);
  const row = { has: [0n, 0n, 0n, 0n], offset: offset.cells, length: length.cells.slice(1), lower: [PLACE, 0n, 0n] };
  machine.step(log, { ...head, ...row, topic: none, expand }, logEffect(0n, -OWED), 'LOG0 of a length below zero');
}

/** KECCAK256 of as many bytes, said to be one word. */
function hashes(machine: FrameMachine): void {
  const head = machine.head();
  const expand = noExpansion(machine);
  const [offset, length] = [machine.pop(), machine.pop()];
  const effect = keccak256Effect(1n, { grow: 0n, cost: 0n, delta: 0n });
  const { gas, work } = machine.exec;
  const left = work - hashWork(1n) - BigInt(WORK.gas) * (gas - effect.cost);
  machine.push(0n);
  const row = { offset: offset.cells, length: length.cells.slice(1), expand, id: 0n, words: 1n, hi: 0n, lo: 0n };
  machine.step(keccak256, { ...head, ...row, spare: limbsOf(left, 4) }, effect, 'KECCAK256 of a length below zero');
}

/** RETURN of as many bytes. */
function returnsBytes(machine: FrameMachine): void {
  const head = machine.head();
  const expand = noExpansion(machine);
  const [a, b] = [machine.pop(), machine.pop()];
  const end = returnEnd(machine.exec, 1n);
  const row = { reverts: 0n, a: a.cells, b: b.cells.slice(1), expand, left: limbsOf(machine.exec.gas, 6) };
  machine.finish(returns, { ...head, ...row }, end, 'RETURN of a length below zero');
}

const jumps: Act = (machine) => {
  const head = machine.head();
  const { value, cells } = machine.pop();
  machine.step(jump, { ...head, a: cells.slice(1) }, jumpEffect(machine.exec, value), 'JUMP');
};

/** STOP with what gas is left, whole in the lowest limb. */
const stopsBelow: Act = (machine) => {
  const left = [machine.exec.gas, 0n, 0n, 0n, 0n, 0n];
  machine.finish(stop, { ...machine.head(), left }, returnEnd(machine.exec, 1n), 'STOP');
};

/** The row of a mask whose gas is for fewer than its five steps. */
const masksBelow: Act = (machine) => {
  const { gas } = machine.exec;
  machine.exec = { ...machine.exec, gas: gas + PLENTY };
  if (addressMaskStep(machine) === 0) throw new Error('no mask stands here');
  machine.exec = { ...machine.exec, gas: machine.exec.gas - PLENTY };
  amend(machine, (row) => row.put('exec', { 5: gas }));
};

const REGAIN = `DUP1 ${OFFSET} LOG0`;

/** Lies about a frame that is out of gas and goes on, and about words below zero by whatever pushes them. */
export const GAS_ATTACKS = {
  log: {
    name: 'gas below zero is pushed, and is the length of a log',
    caughtBy: 'RANGE12',
    ...broke(`GAS ${OFFSET} LOG0 ${WRITES} STOP`),
  },
  end: { name: 'gas below zero at the end', caughtBy: 'RANGE12', ...broke('STOP', { [STOP]: stopsBelow }) },
  mask: {
    name: 'gas for three of the five steps of a mask, in one row that goes on',
    caughtBy: 'RANGE12',
    honest: () => callsOf(program('PUSH1 0x01 PUSH1 0x01 PUSH1 0xa0 SHL SUB STOP'), [{ gasLimit: 21_010n }]),
    change: () => ({
      step: (machine, op) => {
        (op === STOP ? stopsBelow : masksBelow)(machine);
        return true;
      },
      rows: (rows) => rows.map(told),
    }),
  },
  memory: {
    name: 'gas below zero goes through memory',
    caughtBy: 'RANGE12',
    ...broke(`GAS PUSH0 MSTORE PUSH0 MLOAD ${OFFSET} LOG0 ${WRITES} STOP`),
  },
  hash: {
    name: 'gas below zero is the length of a hash',
    caughtBy: 'COPY KECCAK RANGE12',
    ...broke(`GAS ${REGAIN} ${OFFSET} KECCAK256 POP ${WRITES} STOP`, { [KECCAK256]: hashes }),
  },
  returned: {
    name: 'gas below zero is the length of RETURN',
    caughtBy: 'RANGE12',
    ...broke(`GAS ${REGAIN} ${WRITES} ${OFFSET} RETURN`, { [RETURN]: returnsBytes }),
  },
  jump: {
    name: 'gas below zero is a jump target',
    caughtBy: 'CODE DEST RANGE12',
    ...broke(`GAS ${REGAIN} ${WRITES} JUMP`, { [JUMP]: jumps }),
  },
  written: {
    name: 'gas below zero is written',
    caughtBy: 'RANGE12 SLOTEND',
    ...broke(`GAS ${REGAIN} PUSH1 0x09 PUSH1 0x02 SSTORE PUSH1 0x01 SSTORE STOP`),
  },
  pc: {
    name: 'gas below zero by PC',
    caughtBy: 'CODE RANGE12',
    ...broke(`PC ${OFFSET} LOG0 ${WRITES} STOP`, { [PC]: pushesGas }),
  },
  msize: {
    name: 'gas below zero, and MSIZE below zero gives it back',
    caughtBy: 'EXEC RANGE12',
    ...broke(`MSIZE ${OFFSET} LOG0 ${WRITES} STOP`, { [MSIZE]: pushesSize }),
  },
  codesize: {
    name: 'gas below zero, and CODESIZE below zero gives it back',
    caughtBy: 'ENV RANGE12',
    ...broke(`CODESIZE ${OFFSET} LOG0 ${WRITES} STOP`, { [CODESIZE]: reads(CODESIZE) }),
  },
  returndatasize: {
    name: 'gas below zero, and RETURNDATASIZE below zero gives it back',
    caughtBy: 'ENV RANGE12',
    ...broke(`RETURNDATASIZE ${OFFSET} LOG0 ${WRITES} STOP`, { [RETURNDATASIZE]: reads(RETURNDATASIZE) }),
  },
} satisfies Readonly<Record<string, Attack>>;

/** GAS says another number, so no tuple is missing: its own equation does not hold. */
export const OTHER_GAS: Attack = {
  name: 'GAS pushes more than there is',
  caughtBy: 'constraint of Register',
  honest: () => callsOf(program('GAS PUSH1 0x01 SSTORE STOP'), [{}]),
  change: () => ({
    step: (machine, op) => {
      if (op !== GAS) return false;
      registers(machine, { msize: 0n, gas: 1n }, 4_095n);
      return true;
    },
  }),
};
