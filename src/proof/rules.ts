import { RULES_V1, RULES_V2 } from '../batch/rules.js';
import type { Rules } from '../batch/types.js';
import type { ShapeSpec } from './types.js';

/** Chips whose rows are true only where code runs. */
export const CHIPS_OF_CODE: readonly string[] = ['txskip.code', 'txbegin'];

/** The rules that the circuits of a key set state. */
export function rulesOfKeys(shapes: readonly { readonly spec: ShapeSpec }[]): Rules {
  const runs = shapes.some(({ spec: { chips } }) => CHIPS_OF_CODE.some((chip) => (chips[chip] ?? 0) > 0));
  return runs ? RULES_V2 : RULES_V1;
}
