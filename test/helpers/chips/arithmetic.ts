import { imbalances } from '../../../src/bus/balance.js';
import { mod, toLimbs } from '../../../src/bus/field.js';
import { type Term, term } from '../../../src/bus/tuple.js';
import { type Columns, cellsOf, type RowOf } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { Draft, type Edit } from '../execution-forger.js';
import type { ChipCircuit } from './circuit.js';
import { randomChallenge } from './circuit.js';
import { machineOf } from './machine.js';
import type { Random } from './random.js';
import { ConstraintFailed } from './witness.js';

/**
 * A row that lies: its name, its barrier, whose row it is, the items it finds (a first) and what is changed in the honest row;
 * `at` is the opcode that stands in the code, when it is another one.
 */
export type Forgery = readonly [
  name: string,
  barrier: string,
  op: number,
  items: readonly bigint[],
  edit: Edit,
  at?: number,
];

/** The two halves of a number, of a negative one with a negative high half. */
export const split = (x: bigint): readonly [hi: bigint, lo: bigint] => [x >> 128n, BigInt.asUintN(128, x)];

/** What stops a forgery: `constraint`, and the kinds of tuples that stay open in a world that takes whatever the row sends. */
export function barrierOf(
  circuits: ReadonlyMap<string, ChipCircuit>,
  random: Random,
  [, , op, items, edit, at = op]: Forgery,
): { readonly barrier: string; readonly lies: boolean } {
  const { pops } = OPCODES[at]!;
  // More items below, for a row that takes more than the opcode does.
  const machine = machineOf(random, { stack: [99n, ...[...items].reverse()] });
  const before = machine.exec;
  const found: Term[] = machine.stack
    .slice(-pops)
    .map(({ ts, value }, i) => word(before.call, before.sp - BigInt(pops - i), ts, value));
  STEPS[op]!(machine, op);
  const { chip: name, row: honest } = machine.rows[0]!;
  const draft = new Draft(honest);
  edit(draft);
  const row = draft.columns as RowOf<Columns>;
  const chip = CHIPS[name]!;
  const terms = chip.terms(row);
  const world = [
    term(1n, 'EXEC', before),
    ...found,
    term(1n, 'CODE', { op: BigInt(at), code: before.code, pc: before.pc }),
    ...['EXEC', 'STACK'].flatMap((kind) => receiving(terms, kind)),
    ...terms.filter(({ tuple }) => tuple.name === 'RANGE12' && tuple.values[0]! < 4096n).map(negative),
  ];
  const open = imbalances([
    { origin: 'row', terms },
    { origin: 'world', terms: world },
  ]);
  const kinds = new Set(open.map((one) => one.tuple.name));
  const broken = isBroken(circuits.get(name)!, cellsOf(chip, row), random) ? ['constraint'] : [];
  return {
    barrier: [...broken, ...[...kinds].sort()].join(' '),
    lies: at !== op || sent(terms) !== sent(chip.terms(honest)),
  };
}

/** The world takes one tuple of a kind that the row sends, whatever is in it. */
function receiving(terms: readonly Term[], kind: string): Term[] {
  return terms
    .filter(({ weight, tuple }) => weight === 1n && tuple.name === kind)
    .slice(0, 1)
    .map(negative);
}

function negative({ weight, tuple }: Term): Term {
  return { weight: mod(-weight), tuple };
}

/** What a row makes of the machine and its stack. */
function sent(terms: readonly Term[]): string {
  const effects = terms.filter(({ weight, tuple }) => weight > 0n && tuple.name !== 'RANGE12');
  return effects.map(({ weight, tuple }) => `${weight} ${tuple.name} ${tuple.values.join()}`).join('\n');
}

function word(call: bigint, idx: bigint, ts: bigint, value: bigint): Term {
  const [hi, lo] = toLimbs(value);
  return term(1n, 'STACK', { ts, call, idx, hi, lo });
}

function isBroken(circuit: ChipCircuit, cells: readonly bigint[], random: Random): boolean {
  try {
    circuit.witness(cells, randomChallenge(random));
    return false;
  } catch (error) {
    if (error instanceof ConstraintFailed) return true;
    throw error;
  }
}
