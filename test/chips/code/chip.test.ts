import type { RowOf } from '../../../src/chips/chip.js';
import { code } from '../../../src/chips/code.js';
import { OP } from '../../../src/evm/opcodes.js';
import { codeRows } from '../../../src/trace/execution/code-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';

/** Rows of a random code of `length` bytes, with multiplicities. */
function rows(random: Random, length: number): RowOf<typeof code.columns>[] {
  // Half of the bytes are pushes and jump targets, as in real code.
  const byte = () =>
    random.bool() ? random.int(256) : random.pick([OP.JUMPDEST, OP.PUSH1, OP.PUSH2, OP.PUSH20, OP.PUSH32]);
  const bytes = Uint8Array.from({ length }, byte);
  const m = () => Array.from({ length: 128 }, () => 2n + random.bits(10));
  return codeRows(2n + random.bits(8), bytes).map(
    ({ row }) => ({ ...row, mCode: m(), mDest: m() }) as unknown as RowOf<typeof code.columns>,
  );
}

describeChip(code, { constraints: 788, mutations: 30, rows: (random) => rows(random, 300).slice(1, 3) });
