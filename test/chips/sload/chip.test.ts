import type { SlotCell } from '../../../src/chips/lib/slot.js';
import { sload } from '../../../src/chips/sload.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';
import { storageSample } from '../samples/storage.js';

const WORD = (1n << 200n) + 7n;

const rows = (random: Random) => {
  const load = (slot: Partial<SlotCell>, gas?: bigint) =>
    stepRow(sload, random, OP.SLOAD, storageSample(random, { slot, gas, stack: [] }));
  return [
    load({}),
    load({ tx: 0n, warm: 0n, cur: WORD }),
    load({ tx: 3n, warm: 1n }),
    load({ tx: 3n, cur: random.bits(256) }, 2099n),
    load({ tx: 3n }, 100n),
    load({}, 99n),
  ];
};

describeChip(sload, {
  constraints: 52,
  rows,
  exact: [{ constraint: /-1\*oog$/, reason: 'that gas is short; the frame ends with none' }],
});
