import { RULES_V1, RULES_V2, runsCode } from '../batch/rules.js';
import type { Rules } from '../batch/types.js';
import { L1Error } from '../errors/l1.js';
import type { ShapeSpec } from '../proof/types.js';

/** Chips whose rows are true only where code does not run, and only where it does. */
const BY_VERSION = { withoutCode: ['txskip'], withCode: ['txskip.code', 'txbegin'] } as const;

/** The rules that the circuits of a key set state. */
export function rulesOfKeys(shapes: readonly { readonly spec: ShapeSpec }[]): Rules {
  return shapes.some(({ spec: { chips } }) => BY_VERSION.withCode.some((chip) => (chips[chip] ?? 0) > 0))
    ? RULES_V2
    : RULES_V1;
}

/**
 * Checks that the circuits of a key set state the rules' f: where code runs, a row of `txskip` could skip a call that is to be
 * executed; where it does not, one of `txbegin` could execute what is to be skipped.
 * @throws L1Error `L1_KEYS_OTHER_RULES` naming the shape and the chip
 */
export function checkKeysFit(rules: Pick<Rules, 'version'>, shapes: readonly { readonly spec: ShapeSpec }[]): void {
  const foreign: readonly string[] = runsCode(rules) ? BY_VERSION.withoutCode : BY_VERSION.withCode;
  for (const {
    spec: { name, chips },
  } of shapes) {
    const chip = foreign.find((one) => (chips[one] ?? 0) > 0);
    if (chip === undefined) continue;
    throw new L1Error(
      'L1_KEYS_OTHER_RULES',
      `Shape "${name}" has chip ${chip}, which is not for version ${rules.version}.`,
      {
        hint: 'Use a key set of circuits/shapes.json that is made for these rules.',
      },
    );
  }
}
