import { toLimbs } from '../../bus/field.js';
import { PUSH0_EFFECT, push, push0, pushEffect } from '../../chips/push.js';
import { opcodeName } from '../../evm/opcodes.js';
import { pushData } from '../execution/code-rows.js';
import type { StepBuilder } from '../execution/machine.js';

/** PUSH1 to PUSH32. */
export const pushStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const data = pushData(machine.frame.code, Number(machine.exec.pc));
  const value = data.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n);
  machine.push(value);
  const [hi, lo] = toLimbs(value);
  machine.step(push, { ...head, op: BigInt(op), hi, lo }, pushEffect(BigInt(op)), opcodeName(op));
};

/** PUSH0. */
export const push0Step: StepBuilder = (machine) => {
  const head = machine.head();
  machine.push(0n);
  machine.step(push0, head, PUSH0_EFFECT, 'PUSH0');
};
