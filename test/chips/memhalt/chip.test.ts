import type { RowOf } from '../../../src/chips/chip.js';
import { memhalt } from '../../../src/chips/memhalt.js';
import { OP } from '../../../src/evm/opcodes.js';
import { WORK } from '../../../src/evm/work.js';
import { memoryHalt } from '../../../src/trace/steps/memhalt.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { type MachineSample, machineOf } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';

describeChip(memhalt, {
  constraints: 105,
  redundant: [
    {
      constraint: /\(-1 \+ exact\) \* \(exact\)/,
      reason:
        'with en = 1 only -1 is left, for byLength = 1 and an offset that is far; then the length is not 0, and `some` of the expansion, 0 or 1, ' +
        'is exact',
    },
    {
      constraint: /\(-1 \+ byLength\) \* \(byLength\)/,
      reason:
        'with en = 1 only -1 is left, where exact = 1 and there is a length: then nothing depends on byLength, nor on which offset is far',
    },
  ],
  rows: (random) => {
    const row = (op: number, stack: bigint[], exec: MachineSample['exec'] = {}) =>
      haltRow(random, op, { stack, exec: { mem: 20n, gas: 5_000n, ...exec } });
    return [
      row(OP.LOG3, [1n, 2n, 3n, 600n, 77n + random.bits(8)], { mem: 5n }),
      row(OP.MSTORE, [random.bits(256), (1n << 30n) + random.bits(20)]),
      row(OP.MLOAD, [(1n << 30n) + random.bits(20)]),
      row(OP.MLOAD, [(1n << 255n) + random.bits(200)]),
      row(OP.MLOAD, [(1n << 47n) + random.bits(100)]),
      row(OP.KECCAK256, [65_537n + random.bits(100), random.bits(256)]),
      row(OP.KECCAK256, [33n + random.bits(4), 65n + random.bits(8)], {
        gas: 1_000_000n,
        work: BigInt(WORK.gas) * 1_000_000n,
      }),
      row(OP.LOG1, [random.bits(256), 0n, random.bits(256)], { gas: 500n }),
      row(OP.REVERT, [1n + random.bits(100), (1n << 47n) + random.bits(40)]),
    ];
  },
});

function haltRow(random: Random, op: number, sample: MachineSample): RowOf<typeof memhalt.columns> {
  const machine = machineOf(random, sample);
  if (!memoryHalt(machine, op)) throw new Error(`opcode 0x${op.toString(16)} did not halt`);
  return machine.rows[0]!.row as unknown as RowOf<typeof memhalt.columns>;
}
