import { EVMError } from '@ethereumjs/evm';
import type { Address, Hex } from 'viem';
import { word } from '../batch/bytes.js';
import { ExecutionError } from '../errors/execution.js';
import { OP, OPCODES, UNCOVERED_OPCODES } from '../evm/opcodes.js';
import type { Halt, HaltReason, SlotKey } from '../evm/run.js';
import { StepLog } from '../evm/step-log.js';
import { WORK } from '../evm/work.js';
import type { RunState, StepListener } from './opcode-table.js';

/** A run of code before its first step. */
export interface RunStart {
  /** Work left of the batch, EXEC's field: see {@link workAtBegin}. */
  readonly work: bigint;
  /** Work that every unit of gas left has reserved. */
  readonly w1: bigint;
  /** The account whose code runs. */
  readonly address: Address;
  /** Storage keys of the transaction's access list. */
  readonly keys: readonly SlotKey[];
}

/** A write to storage, of a run that may fail. */
export interface SlotWrite {
  readonly key: Hex;
  readonly value: bigint;
}

/** What was seen of a run. */
export interface Trace {
  readonly steps: StepLog;
  readonly halt: Halt | undefined;
  readonly workAfter: bigint;
  /** Slots in the order of their first touch, those of the access list first. */
  readonly touched: readonly SlotKey[];
  readonly writes: readonly SlotWrite[];
}

/** Longest input of KECCAK256 in bytes: a longer one halts (FORMATS.md, "Execution of code"). */
export const MAX_HASH_BYTES = 65_536n;

/**
 * Notes the steps of one run at a time, and counts its work (FORMATS.md, "Work"): the rules' own second meter beside gas, which halts
 * hashes that nobody could prove. A halted opcode uses up no work, so that the reason for which it halts makes no difference.
 */
export class StepTracer implements StepListener {
  #run: Run | undefined;

  /** Must be called before code is executed. */
  start(start: RunStart): void {
    this.#run = new Run(start);
  }

  before(op: number, state: RunState): void {
    this.#running().before(op, state);
  }

  priced(op: number, state: RunState, cost: bigint): void {
    this.#running().priced(op, state, cost);
  }

  /** Ends the run. @param error with which the VM ended the frame */
  finish(error: EVMError | undefined): Trace {
    const trace = this.#running().finish(error);
    this.#run = undefined;
    return trace;
  }

  #running(): Run {
    if (this.#run !== undefined) return this.#run;
    throw new ExecutionError('EXECUTION_VM_DISAGREES', 'The VM runs code where the rules run none.');
  }
}

class Run {
  readonly #start: RunStart;
  readonly #steps = new StepLog();
  readonly #touched = new Map<string, SlotKey>();
  readonly #writes: SlotWrite[] = [];
  #work: bigint;
  /** Work of the step that is being executed; it counts once the step has not halted. */
  #pending = 0n;
  #byRule: HaltReason | undefined;

  constructor(start: RunStart) {
    this.#start = start;
    this.#work = start.work;
    for (const slot of start.keys) this.#touch(slot);
  }

  before(op: number, { programCounter, gasLeft, gasRefund, stack, memoryWordCount }: RunState): void {
    this.#work -= this.#pending;
    this.#pending = WORK_OF[op]!;
    const sp = stack.length;
    const [top = 0n, second = 0n] = sp === 0 ? [] : stack.peek(Math.min(sp, 2));
    const mem = Number(memoryWordCount);
    this.#steps.push({ pc: programCounter, op, gas: gasLeft, work: this.#work, sp, top, mem, refund: gasRefund });
    const opcode = OPCODES[op];
    if (opcode === undefined) {
      if (UNCOVERED_OPCODES[op] !== undefined) this.#byRule = 'uncovered';
    } else if ((op === OP.SLOAD || op === OP.SSTORE) && sp >= opcode.pops && gasLeft >= BigInt(opcode.gas)) {
      // A row of `sload` or `sstore` then, also where the gas does not suffice for a cold slot or a change: it looks at the slot.
      const key = word(top);
      if (this.#touch({ address: this.#start.address, key })) this.#pending += BigInt(WORK.coldSlot);
      if (op === OP.SSTORE) this.#writes.push({ key, value: second });
    }
  }

  priced(op: number, { stack, gasLeft, memoryWordCount }: RunState, cost: bigint): void {
    if (cost > gasLeft || op === OP.RETURN || op === OP.REVERT) return;
    // What computes the price has made memory grow.
    const delta = memoryWordCount - BigInt(this.#steps.at(-1)!.mem);
    if (delta > 0n) this.#pending += BigInt(WORK.expansion) + BigInt(WORK.memoryWord) * delta;
    if (op !== OP.KECCAK256) return;
    const length = stack.peek(2)[1]!;
    if (length > MAX_HASH_BYTES) this.#haltByRule('hashLength');
    this.#pending += BigInt(WORK.keccakWord) * ((length + 31n) / 32n);
    if (this.#work - this.#pending < this.#start.w1 * (gasLeft - cost)) this.#haltByRule('hashWork');
  }

  finish(error: EVMError | undefined): Trace {
    const halts = error !== undefined && error.error !== EVMError.errorMessages.REVERT;
    const last = this.#steps.at(-1);
    return {
      steps: this.#steps,
      halt:
        halts && last !== undefined ? { reason: this.#byRule ?? reasonOf(error), pc: last.pc, op: last.op } : undefined,
      workAfter: halts ? this.#work : this.#work - this.#pending,
      touched: [...this.#touched.values()],
      writes: this.#writes,
    };
  }

  /** Whether the slot was cold. */
  #touch(slot: SlotKey): boolean {
    const name = `${slot.address} ${slot.key}`;
    if (this.#touched.has(name)) return false;
    this.#touched.set(name, slot);
    return true;
  }

  #haltByRule(reason: HaltReason): never {
    this.#byRule = reason;
    throw new EVMError(EVMError.errorMessages.OUT_OF_GAS);
  }
}

/** Work of a step by its opcode; one that is not covered is none. */
const WORK_OF: readonly bigint[] = Array.from({ length: 256 }, (_, op) => BigInt(OPCODES[op]?.work ?? 0));

const { OUT_OF_GAS, INVALID_OPCODE, INVALID_JUMP, STACK_UNDERFLOW, STACK_OVERFLOW } = EVMError.errorMessages;
const REASONS: readonly (readonly [message: string, reason: HaltReason])[] = [
  [OUT_OF_GAS, 'outOfGas'],
  [INVALID_OPCODE, 'invalid'],
  [INVALID_JUMP, 'badJump'],
  [STACK_UNDERFLOW, 'stackUnderflow'],
  [STACK_OVERFLOW, 'stackOverflow'],
];

/** Messages of some errors go on with the place. */
function reasonOf({ error }: EVMError): HaltReason {
  const known = REASONS.find(([message]) => error.startsWith(message));
  if (known !== undefined) return known[1];
  const what = `The VM halts a frame for "${error}", which no opcode of this version does.`;
  throw new ExecutionError('EXECUTION_VM_DISAGREES', what);
}
