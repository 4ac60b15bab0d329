/**
 * The program of a thread that hashes (jobs.ts): it waits for a list, then at the list's gate, takes part, and says how many jobs it ran. It
 * holds no data of its own, and is no file to be found or bundled. Waits end by themselves, so that none can be for ever.
 */
export const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { module: code, memory, control, stack, NEXT, DONE, JOB_WORDS, NODE_WORDS } = workerData;
const { exports } = new WebAssembly.Instance(code, { env: { memory } });
exports.init(stack);
const MS = 5;
parentPort.on('message', ({ nodes: nodesAt, jobs: jobsAt, total, gate }) => {
  const words = new Int32Array(memory.buffer, control, 2);
  const nodes = new Uint32Array(memory.buffer, nodesAt);
  const jobs = new Int32Array(memory.buffer, jobsAt, total * JOB_WORDS);
  while (gate && Atomics.load(words, DONE) < total) {
    const open = Atomics.load(gate.flag, 0);
    if (open >= gate.number) break;
    Atomics.wait(gate.flag, 0, open, MS);
  }
  let ran = 0;
  for (let job; (job = Atomics.add(words, NEXT, 1)) < total; ran++) {
    const at = job * JOB_WORDS;
    for (let done; (done = Atomics.load(words, DONE)) < jobs[at + 2]; ) Atomics.wait(words, DONE, done, MS);
    for (let n = jobs[at] * NODE_WORDS; n < jobs[at + 1] * NODE_WORDS; n += NODE_WORDS) {
      exports.fr_poseidon(nodes[n], nodes[n + 1], nodes[n + 2], nodes[n + 3], nodes[n + 4]);
    }
    if (Atomics.compareExchange(jobs, at + 3, 0, 1) !== 0) continue;
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
  parentPort.postMessage(ran);
});`;
