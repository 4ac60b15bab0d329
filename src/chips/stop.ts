import { type Term, type TupleFields, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { type Exec, execOf, NO_STEP, receivedTerm, STEP_COLUMNS } from './lib/step.js';

/** What a frame that ends by STOP or RETURN (ok = 1), or by REVERT, leaves behind. */
export function returnEnd({ ts, call, gas, work, jrn, refund }: Exec, ok: bigint, cost = 0n): TupleFields<'END'> {
  return { ts: ts + 1n, call, ok, gas: gas - cost, work, jrn, refund: ok * refund };
}

/** STOP, in the code or behind it (`circuits/chips/stop.circom`). */
export const stop = defineChip({
  name: 'stop',
  file: 'stop',
  template: 'Stop()',
  outputs: 11,
  columns: { ...STEP_COLUMNS, past: 1, beyond: 1, left: 6 },
  padding: { ...NO_STEP, past: 0n, beyond: 0n, left: Array<bigint>(6).fill(0n) },
  terms: (row): Term[] => {
    const { en, past, beyond, left } = row;
    const exec = execOf(row);
    const { code, pc } = exec;
    return [
      receivedTerm(row),
      term(past - en, 'CODE', { op: 0n, code, pc }),
      term(-past, 'CODELEN', { code, len: pc - beyond }),
      term(en, 'END', returnEnd(exec, 1n)),
      ...rangeTerms(en, [beyond, ...left]),
    ];
  },
});
