import { type TupleFields, term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { type Exec, execOf, receivedTerm, STEP_COLUMNS } from './lib/step.js';

/** What a frame that ends by STOP or RETURN (ok = 1), or by REVERT, leaves behind. */
export function returnEnd({ ts, call, gas, work, jrn, refund }: Exec, ok: bigint, cost = 0n): TupleFields<'END'> {
  return { ts: ts + 1n, call, ok, gas: gas - cost, work, jrn, refund: ok * refund };
}

/** STOP, in the code or behind it (`circuits/chips/stop.circom`). */
export const stop = defineChip({
  name: 'stop',
  template: 'Stop()',
  columns: { ...STEP_COLUMNS, left: 6 },
  terms: (row) => {
    const { en, left } = row;
    const exec = execOf(row);
    return [
      receivedTerm(row),
      term(-en, 'CODE', { op: BigInt(OP.STOP), code: exec.code, pc: exec.pc }),
      term(en, 'END', returnEnd(exec, 1n)),
      ...rangeTerms(en, left),
    ];
  },
});
