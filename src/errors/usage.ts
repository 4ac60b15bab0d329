import { DeltaproofError } from './base.js';

/** Wrong usage or configuration: `USAGE_*`, `CONFIG_*`. The command line exits with 2. */
export class UsageError extends DeltaproofError {}
