import { EVMError } from '@ethereumjs/evm';
import { createVM, runTx } from '@ethereumjs/vm';
import { UNCOVERED_OPCODES } from '../../src/evm/opcodes.js';
import { commonOf, decodeForVm } from '../../src/execution/batch-vm.js';
import { FlatStateManager } from '../../src/execution/flat-state-manager.js';
import { versionOpcodes } from '../../src/execution/opcode-table.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { ordinaryBlock } from '../helpers/ordinary-block.js';
import type { VectorCase } from './vector.js';

/** What a case does, as far as it decides whether this version can prove it. */
export interface Screened {
  /** Steps of its code; one more than `maxSteps` when there are more. */
  readonly steps: number;
  /** The opcode that this version does not cover and that ended it. */
  readonly uncovered?: number;
}

/**
 * Runs a case's transaction in the VM alone, without rules and rows, for `maxSteps` steps at most: a replay notes every step, and some tests
 * have ten million, or no end at all. A transaction that the VM refuses has no steps.
 */
export async function screen({ pre, raw, environment }: VectorCase, maxSteps: number): Promise<Screened> {
  const common = commonOf(environment.chainId).copy();
  let steps = 0;
  let uncovered: number | undefined;
  const listener = {
    before: (op: number) => {
      if (UNCOVERED_OPCODES[op] !== undefined) uncovered = op;
      if (++steps > maxSteps) throw new EVMError(EVMError.errorMessages.OUT_OF_GAS);
    },
    priced: () => undefined,
  };
  const stateManager = new FlatStateManager(new MemoryState(pre));
  const vm = await createVM({ common, stateManager, evmOpts: { customOpcodes: versionOpcodes(common, listener) } });
  const block = ordinaryBlock(environment, common);
  try {
    await runTx(vm, { tx: decodeForVm(raw, environment.chainId), block });
  } catch {
    // Refused: the replay says why.
  }
  return { steps, ...(uncovered === undefined ? {} : { uncovered }) };
}
