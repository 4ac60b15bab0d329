import { toLimbs } from '../../bus/field.js';
import { limbsOf } from '../../chips/lib/range.js';
import { haltEnd } from '../../chips/lib/step.js';
import { type StoreFlags, sstore, sstoreEffect } from '../../chips/sstore.js';
import type { StepBuilder } from '../execution/machine.js';

/** SSTORE. */
export const sstoreStep: StepBuilder = (machine) => {
  const { exec, frame, slots, journal } = machine;
  const head = machine.head();
  const [key, value] = [machine.pop(), machine.pop()];
  const addr = BigInt(frame.address);
  const { cells, seen } = slots.touch(addr, key.value, exec.ts, frame.tx);
  const flags = storeFlags(seen.orig, seen.cur, value.value);
  const effect = sstoreEffect(cells, flags);
  const halts = exec.gas < effect.needed;
  const spare = limbsOf(halts ? effect.needed - 1n - exec.gas : exec.gas - effect.needed, 6);
  const low = spare.slice(0, 2);
  const high = halts ? limbsOf(exec.gas, 4) : spare.slice(2);
  const row = { ...head, oog: halts ? 1n : 0n, addr, tx: frame.tx, key: key.cells, value: value.cells, slot: cells };
  if (halts) {
    machine.finish(sstore, { ...row, ...flags, high, low }, haltEnd(exec), 'SSTORE: out of gas');
    return;
  }
  slots.set(addr, key.value, { ...slots.at(addr, key.value), cur: value.value });
  journal.slot({ idx: exec.jrn, ts: exec.ts, address: addr, key: key.value, old: seen.cur });
  machine.step(sstore, { ...row, ...flags, high, low }, effect, 'SSTORE');
};

function storeFlags(orig: bigint, cur: bigint, next: bigint): StoreFlags {
  const flag = (condition: boolean) => (condition ? 1n : 0n);
  const [origHi, origLo] = toLimbs(orig);
  const differs = [cur, next].flatMap((word) => {
    const [hi, lo] = toLimbs(word);
    return [flag(hi !== origHi), flag(lo !== origLo)];
  });
  return {
    isSet: [orig, cur, next].map((word) => flag(word !== 0n)),
    differs,
    dirty: flag(cur !== orig),
    changes: flag(next !== orig),
  };
}
