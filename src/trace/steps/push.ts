import { toLimbs } from '../../bus/field.js';
import { PUSH0_EFFECT, push, push0, pushEffect } from '../../chips/push.js';
import { pushData } from '../execution/code-rows.js';
import type { StepBuilder } from '../execution/machine.js';

/** PUSH0 to PUSH32. */
export const pushStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const effect = BigInt(op) === PUSH0_EFFECT.op ? PUSH0_EFFECT : pushEffect(BigInt(op));
  const data = pushData(machine.frame.code, Number(machine.exec.pc));
  const value = data.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n);
  machine.push(value);
  if (effect === PUSH0_EFFECT) return machine.step(push0, head, effect, 'PUSH0');
  const [hi, lo] = toLimbs(value);
  machine.step(push, { ...head, op: effect.op, hi, lo }, effect, `PUSH${data.length}`);
};
