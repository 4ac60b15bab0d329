import { runsCode } from '../batch/rules.js';
import type { Rules } from '../batch/types.js';
import { L1Error } from '../errors/l1.js';
import { CHIPS_OF_CODE } from '../proof/rules.js';
import type { ShapeSpec } from '../proof/types.js';

/** Chips whose rows are true only where code does not run. */
const CHIPS_WITHOUT_CODE: readonly string[] = ['txskip'];

/**
 * Checks that the circuits of a key set state the rules' f: where code runs, a row of `txskip` could skip a call that is to be
 * executed; where it does not, one of `txbegin` could execute what is to be skipped.
 * @throws L1Error `L1_KEYS_OTHER_RULES` naming the shape and the chip
 */
export function checkKeysFit(rules: Pick<Rules, 'version'>, shapes: readonly { readonly spec: ShapeSpec }[]): void {
  const foreign = runsCode(rules) ? CHIPS_WITHOUT_CODE : CHIPS_OF_CODE;
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
