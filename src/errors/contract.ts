import { DeltaproofError } from './base.js';

/** Compiling or deploying contracts: `CONTRACT_COMPILE`, `CONTRACT_IMPORT`. */
export class ContractError extends DeltaproofError {}
