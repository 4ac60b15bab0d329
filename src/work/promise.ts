import type { Rules } from '../batch/types.js';
import { PRICES } from '../evm/gas.js';
import { OPCODES } from '../evm/opcodes.js';
import { WORK } from '../evm/work.js';
import type { ShapeSpec } from '../proof/types.js';
import { priceOf, pricesOf, workOf } from './price.js';
import { UNITS } from './units.js';

/** What a batch must have room for, one at a time. */
export const WANTED = { gas: 5_500_000, bytes: 110 * 1_024, items: 1_000 } as const;

/** Bytes of a transfer, and of a call without data: the shortest that a batch can be full of. */
const PLAIN_BYTES = 120;

/** What a batch may hold: its work and bytes and items, and the gas limit of one transaction when nothing else is in it. */
export interface Budget {
  readonly work: number;
  readonly bytes: number;
  readonly items: number;
  readonly gas: number;
}

/** The budget of a version's rules. */
export function budgetOf(rules: Rules): Budget {
  const left = rules.workBudget - rules.w0 - rules.w2 * BigInt(PLAIN_BYTES) - rules.wCode;
  const gas = left / rules.w1;
  return {
    work: Number(rules.workBudget),
    bytes: rules.maxBytes,
    items: rules.maxItems,
    gas: Number(gas < rules.gasLimit ? gas : rules.gasLimit),
  };
}

/**
 * Everything in which these shapes and charges break the promise that a batch needs at most work / 262,000 proofs and one for each shape, or
 * in which gas does not cover the work of a step, or the budget is smaller than wanted: in words, with the number that would do.
 */
export function brokenPromises(bulk: readonly ShapeSpec[], rules: Rules): string[] {
  return [...unpaidUnits(bulk, rules), ...uncoveredWork(), ...narrowBudget(rules)];
}

/** Units that are charged less than they cost. */
function unpaidUnits(bulk: readonly ShapeSpec[], rules: Rules): string[] {
  const prices = pricesOf(bulk);
  return UNITS.filter(({ work }) => Object.keys(work).length > 0).flatMap((unit) => {
    const [work, price] = [workOf(unit, rules), Math.ceil(priceOf(unit, prices))];
    return work >= price
      ? []
      : [`${unit.name}: charged ${work} (${Object.keys(unit.work).join(' + ')}), costs ${price}`];
  });
}

/** Steps whose gas does not reserve their work. */
function uncoveredWork(): string[] {
  const steps = Object.values(OPCODES).flatMap((opcode) => {
    const { name, gas, work } = opcode!;
    return name === 'KECCAK256' || work <= WORK.gas * gas ? [] : [`${name}: work ${work} above ${WORK.gas * gas}`];
  });
  const others: readonly (readonly [string, number, number])[] = [
    ['a run', WORK.run, PRICES.transaction],
    ['a word of memory and its expansion', WORK.memoryWord + WORK.expansion, PRICES.memoryWord],
    ['a cold slot', WORK.coldSlot, PRICES.coldSlot - PRICES.warmSlot],
  ];
  return [
    ...steps,
    ...others.flatMap(([name, work, gas]) =>
      work <= WORK.gas * gas ? [] : [`${name}: work ${work} above ${WORK.gas * gas}`],
    ),
  ];
}

function narrowBudget(rules: Rules): string[] {
  const { gas, bytes, items } = budgetOf(rules);
  const each = rules.w0 + rules.w2 * BigInt(PLAIN_BYTES);
  const reserve = rules.w1 * BigInt(PRICES.transaction) + rules.wCode;
  const full = each * BigInt(WANTED.items) + reserve;
  const one = rules.w0 + rules.w2 * BigInt(WANTED.bytes) + reserve;
  return [
    ...(gas < WANTED.gas ? [`budget: a transaction of ${gas} gas, not ${WANTED.gas}`] : []),
    ...(bytes < WANTED.bytes ? [`budget: ${bytes} bytes, not ${WANTED.bytes}`] : []),
    ...(items < WANTED.items ? [`budget: ${items} items, not ${WANTED.items}`] : []),
    ...(full > rules.workBudget ? [`budget: ${WANTED.items} plain items need work ${full}`] : []),
    ...(one > rules.workBudget ? [`budget: ${WANTED.bytes} bytes need work ${one}`] : []),
  ];
}
