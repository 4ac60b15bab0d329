import { push, push0 } from '../../../src/chips/push.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';

/** The row of PUSHn amid random code. */
function pushRow(random: Random, n: number) {
  return stepRow(push, random, OP.PUSH0 + n, { stack: [], exec: { pc: 7n }, frame: { code: codeWith(random, n) } });
}

function codeWith(random: Random, n: number): Uint8Array {
  return Uint8Array.from({ length: 60 }, (_, i) => (i === 7 ? OP.PUSH0 + n : 1 + random.int(255)));
}

describeChip(push, { constraints: 19, rows: (random) => [1, 2, 20, 32].map((n) => pushRow(random, n)) });
describeChip(push0, { constraints: 15, rows: (random) => [stepRow(push0, random, OP.PUSH0, { stack: [] })] });
