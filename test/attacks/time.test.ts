import { beforeAll, describe, expect, it } from 'vitest';
import { mod, R } from '../../src/bus/field.js';
import { LAYOUT, type TupleName } from '../../src/bus/layout.js';
import { CHIPS } from '../../src/chips/index.js';
import { limbsOf } from '../../src/chips/lib/range.js';
import { OP } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import { FrameMachine } from '../../src/trace/execution/machine.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { forge, type Lie } from '../helpers/batch-forger.js';
import { brokenRows } from '../helpers/chips/broken.js';
import { type ChipCircuit, chipCircuit, randomChallenge, WIRE } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { callsOf, program } from '../helpers/code-batch.js';
import { Assignment } from '../helpers/determinism/assignment.js';
import { type Print, type Statement, statementOf } from '../helpers/determinism/extract.js';
import {
  constantOf,
  type Form,
  minus,
  ONE,
  plus,
  scaled,
  wiresIn,
  without,
  ZERO,
} from '../helpers/determinism/forms.js';
import { Contradiction, centred } from '../helpers/determinism/knowledge.js';
import { CHAIN } from '../helpers/determinism/moments.js';
import type { Edit } from '../helpers/execution-forger.js';
import { type Attack, age, amend, amendNth, before, instead, OWNER, timeOf } from './batches/world.js';

/**
 * Rows that justify each other do not follow from L1's start. That there are none rests on time: a row that hands execution on does so at
 * a later time, what it takes from a cell is older than itself, and a row that takes no part in time does nothing at all. The first part
 * reads this off the r1cs of every chip, the second part tries it out on whole batches that are consistent everywhere else.
 */
const CELLS: readonly TupleName[] = ['ACCT', 'STACK', 'MEM', 'SLOT', 'JRN'];
/** Chips that end cells, at whatever time, and what they take: the argument in each says why that is the last one. */
const ENDS: Readonly<Record<string, TupleName>> = {
  cellend: 'ACCT',
  slotend: 'SLOT',
  memcell: 'MEM',
  drain: 'STACK',
  drainjrn: 'JRN',
};
/** Steps that are not constant; these cells are integers that are not negative, by RANGE12 and by L1's KEYS. */
const COUNTS = ['words', 'count'];

const NAMES = Object.keys(CHIPS).filter((name) => {
  const { columns, padding, terms } = CHIPS[name]!;
  return 'en' in columns && terms(padding).some(({ tuple }) => LAYOUT[tuple.name].class === 'linear');
});
const challenge = randomChallenge(randomOf(testSeed(), 'time'));

describe.each(NAMES)('%s', (name) => {
  let circuit: ChipCircuit;
  let statement: Statement;
  let linear: readonly Print[];
  let en: number;

  beforeAll(async () => {
    circuit = await chipCircuit(CHIPS[name]!);
    statement = statementOf(circuit);
    linear = statement.prints.filter((print) => print.class === 'linear');
    en = WIRE.cells + circuit.cells.indexOf('en');
  });

  it('does nothing when it is off', () => {
    for (const print of linear) {
      for (const weight of [1n, R - 1n]) expect(mayWeigh(statement, print, weight, en), print.name).toBe(false);
    }
  });

  it('hands on at a later time', () => {
    const start = startOf(linear);
    if (start === undefined) return;
    for (const sent of linear.filter((print) => CHAIN.includes(print.name) && !isReceived(print))) {
      const step = minus(stampOf(sent), start);
      expect(centred(step.get(0) ?? 0n), sent.name).toBeGreaterThan(0n);
      for (const wire of wiresIn(step)) {
        expect([COUNTS.includes(nameOf(circuit, wire)), step.get(wire)], sent.name).toEqual([true, 1n]);
      }
    }
  });

  it('leaves cells at times of its own', () => {
    const start = startOf(linear);
    if (start === undefined) return;
    const next = linear.filter((print) => CHAIN.includes(print.name) && !isReceived(print)).map(stampOf);
    const end = Math.min(...next.map((stamp) => Number(centred(minus(stamp, start).get(0) ?? 0n))));
    for (const sent of linear.filter((print) => CELLS.includes(print.name) && !isReceived(print))) {
      const at = constantOf(withoutZeros(statement, minus(stampOf(sent), start)));
      expect([at !== undefined, at! >= 0n && at! < end], sent.name).toEqual([true, true]);
    }
  });

  it('takes what is older', () => {
    const start = startOf(linear) ?? ZERO;
    const taken = linear.filter((print) => CELLS.includes(print.name) && isReceived(print));
    if (name in ENDS) return expect(taken.map((print) => print.name)).toEqual([ENDS[name]]);
    const since = taken.map((print) => {
      const form = withoutZeros(statement, minus(start, stampOf(print)));
      const limbs = wiresIn(form);
      const looked = limbs.filter((wire) => isLookedUp(statement, wire, print.weight, en));
      expect([limbs.map((wire) => form.get(wire)).sort(), looked], print.name).toEqual([LIMBS, limbs]);
      return { account: print.name === 'ACCT', age: centred(form.get(0) ?? 0n) };
    });
    // The k-th account is accessed at k, all other cells at 0; each was left there one unit before, or earlier.
    expect(since.filter(({ account }) => !account).every((one) => one.age === 1n)).toBe(true);
    const accounts = since.filter(({ account }) => account).map((one) => Number(-one.age));
    expect(accounts.sort()).toEqual(accounts.map((_, k) => k));
  });
});

const LIMBS = [1n, 1n << 12n, 1n << 24n].sort();

function isReceived({ weight }: Print): boolean {
  return centred([...weight.values()][0] ?? 0n) < 0n;
}

/** When the row begins: the time of what it receives of execution. */
function startOf(linear: readonly Print[]): Form | undefined {
  const received = linear.filter((print) => CHAIN.includes(print.name) && isReceived(print));
  // `txbegin` takes the end of the walk that it starts, too.
  const first = received.find((print) => print.name !== 'WARMING') ?? received[0];
  return first === undefined ? undefined : stampOf(first);
}

/** The time of a tuple: its first field, an expression of cells. */
function stampOf({ name, fields }: Print): Form {
  expect(Object.keys(LAYOUT[name].fields)[0]).toBe('ts');
  return fields[0]!.reduce<Form>((sum, { a, b }) => {
    const [x, y] = [constantOf(a), constantOf(b)];
    if (x === undefined && y === undefined) throw new Error('a time that is a product');
    return plus(sum, x === undefined ? scaled(a, y!) : scaled(b, x));
  }, ZERO);
}

function nameOf({ cells }: ChipCircuit, wire: number): string {
  return cells[wire - WIRE.cells] ?? '';
}

/** A form without wires that are 0 by a constraint of their own. */
function withoutZeros({ equations }: Statement, form: Form): Form {
  const zeros = equations.flatMap(({ a, b, c }) =>
    (a.size === 0 || b.size === 0) && c.size === 1 ? [...c.keys()] : [],
  );
  return zeros.reduce(without, form);
}

/** Whether a cell is in RANGE12 whenever a tuple has this weight. */
function isLookedUp({ prints }: Statement, wire: number, weight: Form, en: number): boolean {
  const isSame = (a: Form, b: Form) => minus(a, b).size === 0;
  return prints.some(
    (print) =>
      print.name === 'RANGE12' &&
      print.fields[0]!.length === 1 &&
      isSame(print.fields[0]![0]!.a, ONE) &&
      isSame(print.fields[0]![0]!.b, new Map([[wire, 1n]])) &&
      (isSame(print.weight, weight) || isSame(print.weight, new Map([[en, R - 1n]]))),
  );
}

/** Whether a row that is off may give a tuple this weight, as far as its constraints say. */
function mayWeigh(statement: Statement, print: Print, weight: bigint, en: number): boolean {
  const weighs = { a: ZERO, b: ZERO, c: minus(print.weight, new Map([[0, weight]])) };
  const nothing = { live: () => [], entries: () => [] };
  const visit = (row: Assignment): boolean => {
    try {
      row.propagate();
      return row.alternatives(2n)?.some((choose) => visit(choose())) ?? true;
    } catch (error) {
      if (error instanceof Contradiction) return false;
      throw error;
    }
  };
  const row = new Assignment({ ...statement, equations: [...statement.equations, weighs] }, nothing);
  row.set(en, 0n);
  return visit(row);
}

const one = (text: string) => () => callsOf(program(text), [{}]);

/** KECCAK256 of nothing, which is said to have -1 words: it takes no time, and gives gas and work back. */
function standsStill(edit: Edit = () => {}): Lie {
  return instead(OP.KECCAK256, 0, (machine) => {
    STEPS[OP.KECCAK256]!(machine, OP.KECCAK256);
    const { ts, gas, work } = machine.exec;
    machine.exec = { ...machine.exec, ts: ts - 1n, gas: gas + 6n, work: work + BigInt(WORK.keccakWord) };
    const spare = machine.exec.work - BigInt(WORK.gas) * machine.exec.gas;
    amend(machine, (row) => edit(row.set('words', mod(-1n)).set('spare', limbsOf(spare, 4))));
  });
}

/** The length agrees with that: 32 bytes less than none, of a memory that has a word more than it needs. */
const negativeLength: Edit = (row) =>
  row.put('length', { 0: mod(-32n) }).set('expand', [1n, 0n, 0n, 0n, 1n, 0n, 0n, 0n]);

const HASH = one('PUSH0 PUSH0 KECCAK256 PUSH1 0x09 PUSH1 0x01 SSTORE STOP');
/** From byte 1 on a loop behind STOP, which writes slot 3. */
const LOOP = one('STOP loop: PUSH1 0x09 PUSH1 0x03 SSTORE @loop JUMP');
const ROUND = [OP.JUMPDEST, OP.PUSH1, OP.PUSH1, OP.SSTORE, OP.PUSH1, OP.JUMP];
const TWO_WRITES = one('PUSH1 0x09 PUSH1 0x01 SSTORE PUSH1 0x09 PUSH1 0x01 SSTORE STOP');

/** One round of the loop, by rows beside the frame's. */
function loopsBeside(): Lie {
  const stop = before(OP.STOP, 0, (machine) => {
    const { exec, frame, rows } = machine;
    const beside = new FrameMachine({ ...exec, ts: exec.ts + 1_000n, pc: 1n }, frame, machine);
    for (const op of ROUND) STEPS[op]!(beside, op);
    rows.push(...beside.rows);
  });
  return { ...stop, lists: [3n] };
}

/** Two writes of 9 each find what the other leaves, so that none pays for a change; the slot's own path goes past them. */
function writesInARing(): Lie {
  let start: ReturnType<FrameMachine['slots']['at']> | undefined;
  return {
    step: (machine, op) => {
      if (op !== OP.SSTORE) return false;
      const { slots, frame } = machine;
      const own = slots.at(OWNER, 1n);
      if (start === undefined) slots.set(OWNER, 1n, { ...own, cur: 9n, orig: 9n, tx: frame.tx, warm: 1n });
      STEPS[op]!(machine, op);
      if (start !== undefined) slots.set(OWNER, 1n, start);
      start = own;
      return true;
    },
    rows: (rows) => {
      const gap = age(timeOf(rows, 'sstore', 0) - 1n - timeOf(rows, 'sstore', 1));
      return amendNth(rows, 'sstore', 0, (row) => row.put('slot', { 6: gap[0]!, 7: gap[1]!, 8: gap[2]! }));
    },
  };
}

const ATTACKS = {
  still: {
    name: 'a hash of fewer words than none, so that time stands still',
    caughtBy: 'RANGE12',
    honest: HASH,
    change: standsStill,
  },
  length: {
    name: 'a hash of fewer bytes than none',
    caughtBy: 'COPY KECCAK STACK',
    honest: HASH,
    change: () => standsStill(negativeLength),
  },
  loop: { name: 'a loop that no frame enters', caughtBy: 'EXEC', honest: LOOP, change: loopsBeside },
  ring: {
    name: 'two writes that find each other, beside the slot',
    caughtBy: 'RANGE12',
    honest: TWO_WRITES,
    change: writesInARing,
  },
} satisfies Readonly<Record<string, Attack>>;

describe('a batch of rows that justify each other', () => {
  it.each(Object.values(ATTACKS))('$name: $caughtBy', async ({ caughtBy, honest, change }) => {
    const taken = await honest();
    const truth = await forge(taken, 'diff');
    const { bundle, rows, open } = await forge(taken, 'diff', change());
    expect([truth.open, bundle.value === truth.bundle.value]).toEqual([[], false]);
    const proven = rows.filter(({ chip }) => chip !== 'tables' && chip !== 'bits');
    expect(await brokenRows(proven, challenge)).toEqual([]);
    expect([...new Set(open.map(({ tuple }) => tuple.name))].sort().join(' ')).toBe(caughtBy);
  });
});
