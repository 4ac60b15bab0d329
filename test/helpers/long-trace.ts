import { rulesFor, worstBatch } from '../../prover/bench/worst-batch.js';
import { traceRequestInto } from '../../prover/stages/trace-request.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { Spool } from '../../src/trace/spool.js';

/** A process of its own: traces a call that spends `gas` on JUMPDEST, the opcode with the most rows, and prints how many rows there are. */
const gas = BigInt(process.argv[2]!);
const loop = { name: 'JUMPDEST', code: '5b', gas: 1, rows: { jumpdest: 1 } };
const spool = Spool.open();
try {
  await traceRequestInto(await worstBatch(loop, gas, rulesFor(gas, RULES_V2)), spool, () => undefined);
  console.log([...spool.counts().values()].reduce((sum, count) => sum + count, 0));
} finally {
  spool.close();
}
