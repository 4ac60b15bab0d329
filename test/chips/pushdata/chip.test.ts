import type { Chip, Columns, RowOf } from '../../../src/chips/chip.js';
import { pushdata2, pushdata4, pushdata32 } from '../../../src/chips/pushdata.js';
import { OP } from '../../../src/evm/opcodes.js';
import { pushDataRow } from '../../../src/trace/execution/code-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';

/** A row of `chip` for PUSHn somewhere in a code, in use. */
function row<C extends Columns>(chip: Chip<C>, random: Random, n: number): RowOf<C> {
  const pc = 2 + random.int(200);
  const code = Uint8Array.from({ length: pc + 40 }, (_, i) => (i === pc ? OP.PUSH0 + n : 1 + random.int(255)));
  const made = pushDataRow(2n + random.bits(8), code, pc);
  if (made.chip !== chip.name) throw new Error(`PUSH${n} made a row of ${made.chip}`);
  return { ...made.row, m: 2n + random.bits(10) } as unknown as RowOf<C>;
}

describeChip(pushdata2, { constraints: 13, rows: (random) => [1, 2].map((n) => row(pushdata2, random, n)) });
describeChip(pushdata4, { constraints: 19, rows: (random) => [3, 4].map((n) => row(pushdata4, random, n)) });
describeChip(pushdata32, { constraints: 104, rows: (random) => [5, 20, 32].map((n) => row(pushdata32, random, n)) });
