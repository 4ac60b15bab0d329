import type { ShapeSpec } from '../proof/types.js';
import { type Copies, type Demand, roomOf } from './demand.js';

/**
 * The fewest copies of bulk shapes that hold what is left of a demand after `mixed` copies of the others. Every chip is in one bulk shape
 * at most, so each shape's number is that of its scarcest chip, and no other choice exists. Undefined when a chip is left that is in none.
 */
export function bulkCopies(need: Demand, shapes: readonly ShapeSpec[], mixed: Copies): Copies | undefined {
  const copies = shapes.map(() => 0);
  for (const [chip, rows] of need) {
    const left = mixed.reduce((sum, n, i) => (n === 0 ? sum : sum - n * roomOf(shapes[i]!, chip)), rows);
    if (left <= 0) continue;
    const home = shapes.findIndex((shape) => shape.bulk === true && roomOf(shape, chip) > 0);
    if (home === -1) return undefined;
    copies[home] = Math.max(copies[home]!, Math.ceil(left / roomOf(shapes[home]!, chip)));
  }
  return copies;
}
