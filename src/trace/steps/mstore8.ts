import { toLimbs } from '../../bus/field.js';
import { bytesOf, splitAt } from '../../chips/lib/bytes.js';
import { grownBy, WORD } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';
import { MSTORE8_EFFECT, mstore8, REST_LIMBS } from '../../chips/mstore8.js';
import type { StepBuilder } from '../execution/machine.js';
import { memoryHalt } from './memhalt.js';
import { reached } from './reached.js';

/** MSTORE8. */
export const mstore8Step: StepBuilder = (machine, op) => {
  if (memoryHalt(machine, op)) return;
  const { common, expansion, offset } = reached(machine, 1n);
  const popped = machine.pop();
  const { ts } = machine.exec;
  const [word, start] = [offset / WORD, offset % WORD];
  const place = 8n * (WORD - 1n - start);
  const byte = popped.value & 0xffn;
  const before = machine.memory.at(word).value;
  const { old, gap } = machine.memory.access(word, ts, (before & ~(0xffn << place)) | (byte << place));
  const halves = toLimbs(old);
  const second = Number(start / 16n);
  const [hi, lo] = toLimbs(popped.value);
  const row = {
    ...common,
    second: BigInt(second),
    valueHi: hi,
    rest: limbsOf(lo >> 8n, REST_LIMBS),
    new: byte,
    gap: popped.cells.slice(2),
    shift: splitAt(Number(start % 16n)),
    bytes: bytesOf(halves[second]!),
    other: halves[1 - second]!,
    age: gap,
  };
  machine.step(mstore8, row, { ...MSTORE8_EFFECT, more: grownBy(expansion) }, 'MSTORE8');
};
