import type { ShapeSpec } from '../proof/types.js';
import { fits } from './bulk.js';
import { type ChipCounts, shapeCounts } from './counts.js';

/**
 * What ordinary batches use little of: first to give up a row when circuits grow, a row of each in turn. A batch with more of them takes a
 * bulk shape.
 */
const SPARE = ['unaligned', 'mul', 'byte', 'div', 'bitwise', 'nokey8', 'register', 'not', 'halt', 'undo', 'txbad'];

/**
 * A mixed shape that fits the power of two which it is nearest to; as it is when it does.
 * @throws RangeError when giving up rows is not enough
 */
export function fitted(shape: ShapeSpec, counts: Readonly<Record<string, ChipCounts>>): ShapeSpec {
  const size = (chips: ShapeSpec['chips']) => shapeCounts({ chips }, counts).constraints;
  const domain = 2 ** Math.round(Math.log2(size(shape.chips)));
  let chips = shape.chips;
  for (let turn = 0; !fits(size(chips), domain); turn++) {
    const spare = SPARE.filter((chip) => (chips[chip] ?? 0) > 1);
    if (spare.length === 0)
      throw new RangeError(`Shape ${shape.name} is too large for ${domain} and has nothing to spare.`);
    const chip = spare[turn % spare.length]!;
    chips = { ...chips, [chip]: chips[chip]! - 1 };
  }
  return { ...shape, chips };
}

/** A shape with twice the rows, tables that serve a whole batch excepted. */
export function twice({ chips }: ShapeSpec, name: string): ShapeSpec {
  const doubled = Object.entries(chips).map(([chip, rows]) => [
    chip,
    ['tables', 'bits'].includes(chip) ? rows : 2 * rows,
  ]);
  return { name, chips: Object.fromEntries(doubled) };
}
