import { imbalances } from '../../../src/bus/balance.js';
import { type Term, term } from '../../../src/bus/tuple.js';
import { ADDRESS_MASK_CODE, addressmask } from '../../../src/chips/addressmask.js';
import type { Columns, RowOf } from '../../../src/chips/chip.js';
import { stepCells } from '../../../src/chips/lib/step.js';
import { OP } from '../../../src/evm/opcodes.js';
import { stoppedBy } from '../../helpers/chips/broken.js';
import { machineOf } from '../../helpers/chips/machine.js';
import { randomOf, testSeed } from '../../helpers/chips/random.js';
import { isInTable } from '../../helpers/chips/true-tables.js';
import { Draft } from '../../helpers/execution-forger.js';
import { Forgeries } from '../../helpers/forgery.js';

const PC = 7n;

/** What stands where the row says that the mask is made, and how high the stack is there. */
interface Place {
  readonly code: readonly number[];
  readonly sp: bigint;
}

/** Another place than the row's, or cells of the row that are others. */
type Change = Partial<Place> | ((row: Draft) => unknown);

/** The row at a place, and what it leaves open: a byte that does not stand there, a range that does not hold, and a machine that nobody has. */
async function caughtBy({ code, sp }: Place, change: Change | undefined, name: string): Promise<string> {
  const place = { code, sp, ...(typeof change === 'function' ? {} : change) };
  const { exec } = machineOf(randomOf(testSeed(), name), { stack: [], exec: { pc: PC, sp: place.sp } });
  const cells: RowOf<Columns> = Object.fromEntries(Object.entries(stepCells(exec)));
  const draft = new Draft(cells);
  if (typeof change === 'function') change(draft);
  const row = draft.columns as RowOf<typeof addressmask.columns>;
  const codes = place.code.map((op, i) => ({ op: BigInt(op), code: exec.code, pc: PC + BigInt(i) }));
  const machine: Term = term(1n, 'EXEC', exec);
  const open = imbalances([{ origin: '', terms: [machine, ...addressmask.terms(row)] }]).filter(
    ({ tuple, surplus }) => {
      const isCode = codes.some((one) => tuple.values.join() === term(1n, 'CODE', one).tuple.values.join());
      // What the row sends is taken by whoever goes on from it.
      const goesOn = surplus > 0n && ['EXEC', 'STACK'].includes(tuple.name) && tuple !== machine.tuple;
      return !goesOn && !(tuple.name === 'CODE' ? isCode : isInTable(tuple));
    },
  );
  return stoppedBy([{ chip: addressmask.name, row }], open);
}

const honest: Place = { code: ADDRESS_MASK_CODE, sp: 5n };
const { PUSH1, PUSH2, SHL, SHR, ADD, SUB, JUMPDEST } = OP;
const instead = (...code: readonly number[]): Change => ({ code });

/** Lies about the mask of an address. */
export const FORGERIES = new Forgeries<Place, Change>('addressmask', caughtBy, [
  { name: 'of 161 bits', caughtBy: 'CODE', honest, change: instead(PUSH1, 1, PUSH1, 1, PUSH1, 161, SHL, SUB) },
  { name: 'less 2', caughtBy: 'CODE', honest, change: instead(PUSH1, 2, PUSH1, 1, PUSH1, 160, SHL, SUB) },
  { name: 'of 2', caughtBy: 'CODE', honest, change: instead(PUSH1, 1, PUSH1, 2, PUSH1, 160, SHL, SUB) },
  { name: 'shifted to the right', caughtBy: 'CODE', honest, change: instead(PUSH1, 1, PUSH1, 1, PUSH1, 160, SHR, SUB) },
  { name: 'one more', caughtBy: 'CODE', honest, change: instead(PUSH1, 1, PUSH1, 1, PUSH1, 160, SHL, ADD) },
  {
    name: 'two bytes pushed first',
    caughtBy: 'CODE',
    honest,
    change: instead(PUSH2, 1, PUSH1, 1, PUSH1, 160, SHL, SUB),
  },
  {
    name: 'the second push is data',
    caughtBy: 'CODE',
    honest,
    change: instead(PUSH1, 1, PUSH2, 1, PUSH1, 160, SHL, SUB),
  },
  {
    name: 'the third push is data',
    caughtBy: 'CODE',
    honest,
    change: instead(PUSH1, 1, PUSH1, 1, PUSH2, 160, SHL, SUB),
  },
  {
    name: 'a place to jump to amid',
    caughtBy: 'CODE',
    honest,
    change: instead(PUSH1, 1, JUMPDEST, PUSH1, 1, PUSH1, 160, SHL),
  },
  { name: 'no room for the third item', caughtBy: 'RANGE12', honest: { ...honest, sp: 1021n }, change: { sp: 1022n } },
  { name: 'no room for any item', caughtBy: 'RANGE12', honest, change: { sp: 1024n } },
  { name: 'by a row that is off', caughtBy: 'EXEC', honest, change: (row) => row.set('en', 0n) },
  { name: 'twice in a row', caughtBy: 'constraint EXEC', honest, change: (row) => row.set('en', 2n) },
  { name: 'with more gas', caughtBy: 'EXEC', honest, change: (row) => row.put('exec', { 5: 1n << 50n }) },
  { name: 'of another code', caughtBy: 'CODE EXEC', honest, change: (row) => row.put('exec', { 2: 1n << 12n }) },
]);
