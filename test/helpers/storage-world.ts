import { RULES_V2 } from '../../src/batch/rules.js';
import { type Imbalance, imbalances } from '../../src/bus/balance.js';
import { fromLimbs, mod } from '../../src/bus/field.js';
import { LAYOUT } from '../../src/bus/layout.js';
import { describe, type Term, type Tuple, term, tuple } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { initialSlot, type SlotCell, slotFields } from '../../src/chips/lib/slot.js';
import { OP } from '../../src/evm/opcodes.js';
import { hex } from '../../src/trace/execution/account-cells.js';
import { Journal, type JournalEntry } from '../../src/trace/execution/journal.js';
import { FrameMachine } from '../../src/trace/execution/machine.js';
import { type ListedSlots, SlotCells } from '../../src/trace/execution/slot-cells.js';
import {
  drainJournal,
  drainStack,
  slotEndRow,
  undoChanges,
  type WarmKey,
  warmRows,
} from '../../src/trace/execution/storage-rows.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { headerOf } from './execution.js';
import { termsOf } from './execution-bus.js';
import { type Edit, edited, namedOf } from './execution-forger.js';

const PUSH_GAS = 3n;
const asIs: Edit = () => {};

/**
 * A batch in which only storage happens: its rows are real, all other chips and L1 are played by their tuples. It may lie in one
 * place, by the edit of a row or by a cell that a row is made to see, and is consistent everywhere else: whatever a row sends
 * after it was edited, the rows after it and the claimed values go on from. What remains open on the bus is the lie itself.
 */
export class StorageWorld {
  readonly rows: TraceRow[] = [];
  readonly slots: SlotCells;
  readonly log = new Journal();
  /** Tuples of L1 and of the other chips. */
  readonly others: Term[] = [];
  /** Slots that have an end, but are not in L1's list. */
  readonly unlisted: WarmKey[] = [];
  machine!: FrameMachine;
  ts = 0n;
  tx = 0n;
  #saved = 0n;
  #jrn = 0n;
  #walked = 0n;
  /** Keys that `begin` was given, until code runs. */
  #keys: readonly WarmKey[] | undefined;
  #runs = false;
  readonly #tables = new Set<string>();

  /** `listed`: the slots in L1's list, with their values before the batch. */
  constructor(readonly listed: readonly (WarmKey & { readonly pre: bigint })[]) {
    this.slots = new SlotCells(listed.map(({ address: owner, key, pre }) => listedSlot(owner, key, pre)));
    for (const { address: owner, key, pre } of listed)
      this.others.push(term(1n, 'SLOT', slotFields(owner, key, initialSlot(pre))));
  }

  /** What is on the journal. */
  get journal(): JournalEntry[] {
    return this.log.entries;
  }

  /** txbegin: the walk over the access list, whose keys L1 knows, starts. */
  begin(keys: readonly WarmKey[] = []): this {
    this.tx++;
    keys.forEach(({ address: addr, key }, i) => {
      const { keyHi, keyLo } = slotFields(addr, key, initialSlot(0n));
      this.#supply(tuple('WARM', { n: BigInt(i) + 1n, addr, keyHi, keyLo, tx: this.tx }));
    });
    const [ts, count] = [this.ts + 3n, BigInt(keys.length)];
    this.others.push(
      term(1n, 'WARMING', { ts, n: 1n, tx: this.tx }),
      term(-1n, 'WARMING', { ts: ts + count, n: count + 1n, tx: this.tx }),
    );
    this.#walked = 0n;
    this.#keys = keys;
    return this;
  }

  /** One `warm` row, for the next key. */
  warm(key: WarmKey, edit: Edit = asIs): this {
    const at = this.#walked++;
    const before = this.slots.at(key.address, key.key);
    const [row] = warmRows([key], this.ts + 3n + at, this.tx, this.slots);
    this.slots.set(key.address, key.key, before);
    return this.add(row!, (draft) => edit(draft.set('n', at + 1n)));
  }

  /** Code of `owner` starts, when `keys` of the access list have been walked over. */
  run(owner: bigint, gas = 1_000_000n, keys = this.#walked): this {
    const call = this.ts;
    const exec = {
      ...{ ts: this.ts + 3n + keys, call, code: this.tx, pc: 0n, sp: 0n, gas },
      ...{ work: 1n << 40n, mem: 0n, jrn: this.#jrn, refund: 0n },
    };
    const frame = { tx: this.tx, address: hex(owner), caller: hex(1n), value: 0n, price: 0n };
    const rest = { data: new Uint8Array(), code: new Uint8Array(), header: headerOf(RULES_V2, hex(2n)) };
    this.machine = new FrameMachine(exec, { ...frame, ...rest }, { slots: this.slots, journal: this.log });
    this.#saved = this.#jrn;
    this.#keys = undefined;
    this.#runs = true;
    this.others.push(term(1n, 'EXEC', exec));
    this.#supply(tuple('FRAME', { birth: 0n, call, addr: owner, tx: this.tx }));
    return this;
  }

  /** A transaction to `owner`, its keys warmed. */
  call(owner: bigint, { gas, keys = [] }: { gas?: bigint; keys?: readonly WarmKey[] } = {}): this {
    this.begin(keys);
    for (const key of keys) this.warm(key);
    return this.run(owner, gas);
  }

  /** SLOAD of a key. */
  load(key: bigint, edit?: Edit): this {
    return this.push(key).step(OP.SLOAD, edit);
  }

  /** SSTORE. */
  store(key: bigint, value: bigint, edit?: Edit): this {
    return this.push(value).push(key).step(OP.SSTORE, edit);
  }

  /** A PUSH, played. */
  push(value: bigint): this {
    const { machine } = this;
    const { exec } = machine;
    machine.push(value);
    machine.exec = { ...exec, ts: exec.ts + 1n, pc: exec.pc + 1n, sp: exec.sp + 1n, gas: exec.gas - PUSH_GAS };
    const [hi, lo] = [value >> 128n, value & ((1n << 128n) - 1n)];
    this.others.push(term(-1n, 'EXEC', exec), term(1n, 'EXEC', machine.exec));
    this.others.push(term(1n, 'STACK', { ts: exec.ts, call: exec.call, idx: exec.sp, hi, lo }));
    return this;
  }

  /** The row of an opcode whose items are on the stack. */
  step(op: number, edit: Edit = asIs): this {
    const { machine, slots } = this;
    const [owner, key] = [BigInt(machine.frame.address), machine.stack.at(-1)!.value];
    const before = slots.at(owner, key);
    const { exec } = machine;
    this.#supply(tuple('CODE', { op: BigInt(op), code: exec.code, pc: exec.pc }));
    const entries = this.journal.length;
    STEPS[op]!(machine, op);
    slots.set(owner, key, before);
    this.journal.length = entries;
    machine.end = undefined;
    return this.add(machine.rows.pop()!, edit);
  }

  /** STOP (ok) or REVERT, played. */
  stop(ok: boolean): this {
    const { ts, call, gas, work, jrn, refund } = this.machine.exec;
    const end = { ts: ts + 1n, call, ok: ok ? 1n : 0n, gas, work, jrn, refund: ok ? refund : 0n };
    this.others.push(term(-1n, 'EXEC', this.machine.exec), term(1n, 'END', end));
    this.machine.end = end;
    return this;
  }

  /** One `undo` row. */
  undo(edit: Edit = asIs): this {
    const { machine, slots, journal } = this;
    const { address: owner, key } = journal.at(-1)!;
    const before = slots.at(owner, key);
    undoChanges(machine, machine.end!.jrn - 1n);
    slots.set(owner, key, before);
    return this.add(machine.rows.pop()!, edit);
  }

  /** txend: takes the frame's end, a failed one only when all is undone. What is left on the stack is drained. */
  close(): this {
    const end = this.machine.end!;
    this.#jrn = end.ok === 1n ? end.jrn : this.#saved;
    this.others.push(term(-1n, 'END', { ...end, jrn: this.#jrn }));
    this.rows.push(...drainStack(this.machine));
    this.ts = end.ts + 4n;
    this.#runs = false;
    return this;
  }

  /** The frame ends, is undone unless ok, and the transaction ends. */
  end(ok: boolean): this {
    if (this.machine.end === undefined) this.stop(ok);
    while (this.machine.end!.ok === 0n && this.machine.end!.jrn > this.#saved) this.undo();
    return this.close();
  }

  /** Adds a row, edited; the world goes on from what it sends. */
  add({ chip, row, origin }: TraceRow, edit: Edit = asIs): this {
    const forged = { chip, row: edited(row, edit), origin };
    this.rows.push(forged);
    for (const { weight, tuple: sent } of termsOf(forged)) if (mod(weight) === 1n) this.#follow(sent);
    return this;
  }

  /** Lets the next row of a slot see another cell. */
  sees({ address: owner, key }: WarmKey, patch: Partial<SlotCell>): this {
    this.slots.set(owner, key, { ...this.slots.at(owner, key), ...patch });
    return this;
  }

  /** Ends the transaction that has begun; then slots' ends with the values that the rows claim, and what is left on the journal. */
  finish(): this {
    if (this.#keys !== undefined) {
      for (const key of this.#keys.slice(Number(this.#walked))) this.warm(key);
      this.run(this.listed[0]!.address);
    }
    if (this.#runs) this.end(true);
    for (const { address: owner, key } of [...this.listed, ...this.unlisted]) {
      const row = slotEndRow(owner, key, this.slots.at(owner, key));
      this.rows.push(row);
      const listed = this.listed.some((slot) => slot.address === owner && slot.key === key);
      const claimed = termsOf(row).find(({ tuple: sent }) => sent.name === 'SLOTEND')!.tuple;
      if (listed) this.others.push({ weight: -1n, tuple: claimed });
    }
    this.rows.push(...drainJournal(this.journal));
    return this;
  }

  /** What does not balance; a look-up that its table has is served. */
  open(): Imbalance[] {
    const terms = [...this.others, ...this.rows.flatMap(termsOf)];
    const left = terms.filter(({ tuple: sent }) => !this.#served(sent));
    return imbalances([{ origin: 'storage', terms: left }]);
  }

  #served(sent: Tuple): boolean {
    if (LAYOUT[sent.name].class !== 'table') return false;
    return sent.name === 'RANGE12' ? sent.values[0]! < 4096n : this.#tables.has(describe(sent));
  }

  #supply(row: Tuple): void {
    this.#tables.add(describe(row));
  }

  #follow(sent: Tuple): void {
    const { machine } = this;
    if (sent.name === 'EXEC') machine.exec = namedOf<'EXEC'>(sent);
    if (sent.name === 'END') machine.end = namedOf<'END'>(sent);
    if (sent.name === 'STACK') {
      const { ts, hi, lo } = namedOf<'STACK'>(sent);
      machine.stack[machine.stack.length - 1] = { ts, value: fromLimbs(hi, lo) };
    }
    if (sent.name === 'SLOT') {
      const { ts, addr, keyHi, keyLo, curHi, curLo, origHi, origLo, tx, warm } = namedOf<'SLOT'>(sent);
      const cell = { ts, cur: fromLimbs(curHi, curLo), orig: fromLimbs(origHi, origLo), tx, warm };
      this.slots.set(addr, fromLimbs(keyHi, keyLo), cell);
    }
    if (sent.name === 'JRN') {
      const { idx, ts, addr, keyHi, keyLo, oldHi, oldLo } = namedOf<'JRN'>(sent);
      const [key, old] = [fromLimbs(keyHi, keyLo), fromLimbs(oldHi, oldLo)];
      this.log.slot({ idx, ts, address: addr, key, old });
    }
  }
}

function listedSlot(owner: bigint, key: bigint, pre: bigint): ListedSlots {
  return { address: hex(owner), slots: [{ key: `0x${key.toString(16)}`, pre }] };
}
