import { fromHex } from '../../../../src/batch/bytes.js';
import type { RowOf, TraceRow } from '../../../../src/chips/chip.js';
import type { code } from '../../../../src/chips/code.js';
import { push, pushEffect } from '../../../../src/chips/push.js';
import type { FrameMachine } from '../../../../src/trace/execution/machine.js';
import { assemble } from '../../../helpers/assemble.js';
import { randomOf, testSeed } from '../../../helpers/chips/random.js';
import { codeTrace, type Forging } from '../../../helpers/code-forger.js';
import { Forgeries, type Forgery } from '../../../helpers/forgery.js';
import { type Cells, caughtBy, changeRow } from '../../../helpers/trie/forgery.js';

/** Forgeries of code: `honest` is what runs, `change` how it is forged. */
export function codeForgeries(
  what: string,
  list: readonly Forgery<string, Forging>[],
  truths: Readonly<Record<string, string>> = {},
): Forgeries<string, Forging> {
  return new Forgeries(
    what,
    (code, forging, name) => caughtBy(codeTrace([...fromHex(assemble(code))], forging), randomOf(testSeed(), name)),
    list,
    truths,
  );
}

/** Another builder in place of the honest one, wherever `op` is executed. */
export function at(op: number, make: (machine: FrameMachine) => void): Forging {
  return {
    step: (machine, current) => {
      if (current === op) make(machine);
      return current === op;
    },
  };
}

/** Pushes with data at these places put something else on the stack. */
export function pushing(values: Readonly<Record<number, bigint>>): Forging {
  return {
    step: (machine, op) => {
      const value = values[Number(machine.exec.pc)];
      if (value === undefined) return false;
      const head = machine.head();
      machine.push(value);
      machine.step(push, { ...head, op: BigInt(op), hi: 0n, lo: value }, pushEffect(BigInt(op)), 'PUSH');
      return true;
    },
  };
}

/** The n-th row of a chip changed, before look-ups are counted. */
export function edit(chip: string, n: number, change: (cells: Cells) => Cells): Forging {
  return {
    rows: (rows) => {
      const row = rows.filter((one) => one.chip === chip)[n];
      if (row === undefined) throw new Error(`no row ${n} of ${chip}`);
      return rows.map((one) => (one === row ? changeRow(one, change(one.row as unknown as Cells)) : one));
    },
  };
}

type ByteColumn = 'byte' | 'move' | 'dest';

/** The first row of the code, changed in some bytes. */
export function editCode(changes: Readonly<Record<number, Partial<Record<ByteColumn, bigint>>>>): Forging {
  const changed = (old: readonly bigint[], column: ByteColumn) => old.map((x, i) => changes[i]?.[column] ?? x);
  return edit('code', 0, (cells) => {
    const { byte, move, dest } = cells as unknown as RowOf<typeof code.columns>;
    return { byte: changed(byte, 'byte'), move: changed(move, 'move'), dest: changed(dest, 'dest') };
  });
}

/** The first row of the code. */
export function codeRow(rows: readonly TraceRow[]): TraceRow {
  return rows.find(({ chip }) => chip === 'code')!;
}

/** Limbs of the gas left, as rows that end a frame have them. */
export function gasLimbs({ exec }: FrameMachine): bigint[] {
  return [exec.gas & 0xfffn, exec.gas >> 12n, 0n, 0n, 0n, 0n];
}

/** 128 times the same. */
export function all128(value: bigint): bigint[] {
  return Array<bigint>(128).fill(value);
}
