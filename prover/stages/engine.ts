import type { ProofEngine } from '../../src/proof/engine.js';
import { openEngine } from '../../src/proof/engines.js';
import { engineChoice } from '../config/options.js';

let opened: Promise<ProofEngine> | undefined;

/** The engine of this process, which may have been opened before there was a task for it. Whoever uses it closes it. */
export function engineOfProcess(): Promise<ProofEngine> {
  opened ??= openEngine(engineChoice());
  return opened;
}
