import type { RowOf } from '../../../src/chips/chip.js';
import type { SlotCell } from '../../../src/chips/lib/slot.js';
import { sstore } from '../../../src/chips/sstore.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { storageSample } from '../samples/storage.js';

describeChip(sstore, {
  constraints: 95,
  rows: (random) => {
    const store = (slot: Partial<SlotCell>, value: bigint, gas?: bigint): RowOf<typeof sstore.columns> =>
      stepRow(sstore, random, OP.SSTORE, storageSample(random, { slot, gas, stack: [value] }));
    const [a, b, c] = [random.bits(256), random.bits(256), random.bits(256)];
    const high = a ^ (1n << 255n);
    const low = a ^ 1n;
    return [
      // fresh slot set; reset; cleared; refilled; restored; dirty and changed again
      store({ tx: 1n, cur: 0n, orig: b }, a),
      store({ cur: a, orig: a }, high),
      store({ cur: a, orig: a }, 0n),
      store({ cur: 0n, orig: b }, c),
      store({ cur: low, orig: a }, a),
      store({ cur: b, orig: 0n }, 0n),
      store({ cur: b, orig: a }, c),
      // nothing changes; halts: for the price, by the stipend rule
      store({ tx: 1n, cur: a, orig: b }, a),
      store({ tx: 1n, cur: 0n }, a, 22099n),
      store({ cur: low, orig: a }, high, 2300n),
    ];
  },
});
