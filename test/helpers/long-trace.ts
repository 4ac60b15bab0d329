import { ENVIRONMENT } from './code-batch.js';
import { callOf, stateWith } from './code-world.js';
import { traced } from './one-effect/batches.js';

/** A process of its own: traces a call that spends `gas` on ISZERO, whose rows have many tuples, and prints how many rows there are. */
const gas = BigInt(process.argv[2]!);
const state = stateWith(`0x5b5f${'15'.repeat(24_000)}505f56`);
const { trace } = await traced(state, ENVIRONMENT, [await callOf({ gasLimit: gas })]);
console.log(trace.rows.length);
