import type { Plan } from './plan.js';
import { forEachTermOf } from './rows.js';
import { DIVISION, NONE, STEP } from './steps.js';

/**
 * The committed cells, by number, that a constraint involves: those that stand in it; if none does, those that the wires in it were made from, by the
 * fewest steps back.
 */
export function involvedCells(plan: Plan, constraint: number): number[] {
  const first = plan.publics + 1;
  const isCell = (wire: number) => wire >= first && wire < first + plan.committed;
  const makers = makersOf(plan);
  const seen = new Set<number>();
  for (let front = [constraint]; front.length > 0; ) {
    const wires = new Set<number>();
    for (const k of front) forEachTermOf(plan.rows, k, (_matrix, wire) => wires.add(wire));
    const cells = [...wires].filter(isCell);
    if (cells.length > 0) return cells.map((wire) => wire - first).sort((a, b) => a - b);
    for (const k of front) seen.add(k);
    front = [...new Set([...wires].flatMap((wire) => makers.get(wire) ?? []))].filter((k) => !seen.has(k));
  }
  return [];
}

/** For every wire that the plan determines the constraints that it does it by. */
function makersOf({ steps }: Plan): ReadonlyMap<number, readonly number[]> {
  const makers = new Map<number, readonly number[]>();
  for (let at = 0; at < steps.length; ) {
    const [operation, one, two, three, four] = steps.subarray(at) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (operation === STEP.PRODUCT) {
      makers.set(two, [one]);
      at += 4;
    } else if (operation === STEP.DIVIDE) {
      for (let i = 0; i < one; i++) makers.set(steps[at + 3 + DIVISION * i]!, [steps[at + 2 + DIVISION * i]!]);
      at += 2 + DIVISION * one;
    } else if (operation === STEP.DIGITS) {
      for (let i = 0; i < four; i++) if (steps[at + 5 + 2 * i] !== NONE) makers.set(steps[at + 5 + 2 * i]!, [one]);
      at += 5 + 2 * four;
    } else {
      const [wires, constraints] = [at + 4, at + 4 + two];
      const own = [...steps.subarray(constraints, constraints + three)];
      for (let i = 0; i < two; i++) makers.set(steps[wires + i]!, own);
      at = constraints + three;
    }
  }
  return makers;
}
