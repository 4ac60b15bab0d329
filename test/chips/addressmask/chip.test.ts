import { describe, expect, it } from 'vitest';
import { imbalances } from '../../../src/bus/balance.js';
import { LAYOUT } from '../../../src/bus/layout.js';
import { ADDRESS_MASK, ADDRESS_MASK_CODE, addressmask } from '../../../src/chips/addressmask.js';
import type { RowOf } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { addressMaskStep } from '../../../src/trace/steps/addressmask.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf } from '../../helpers/chips/machine.js';
import { type Random, randomOf, testSeed } from '../../helpers/chips/random.js';

const PC = 7n;
const COST = 15n;

/** A machine before the five steps; `changed` bytes of them are others. */
function machineBefore(
  random: Random,
  exec: Partial<FrameMachine['exec']> = {},
  changed: Readonly<Record<number, number>> = {},
) {
  const code = Uint8Array.from({ length: 40 }, () => random.int(256));
  code.set(ADDRESS_MASK_CODE, Number(PC));
  for (const [i, byte] of Object.entries(changed)) code[Number(PC) + Number(i)] = byte;
  return machineOf(random, { stack: [5n], exec: { pc: PC, ...exec }, frame: { code } });
}

function maskRow(random: Random): RowOf<typeof addressmask.columns> {
  const machine = machineBefore(random);
  addressMaskStep(machine);
  return machine.rows[0]!.row as unknown as RowOf<typeof addressmask.columns>;
}

describeChip(addressmask, { constraints: 22, rows: (random) => [maskRow(random), maskRow(random)] });

describe("an address's mask", () => {
  const seed = testSeed();
  const [one, five] = [0, 1].map(() => machineBefore(randomOf(seed, 'mask'))) as [FrameMachine, FrameMachine];
  const taken = addressMaskStep(one);
  for (let i = 0; i < taken; i++)
    STEPS[five.frame.code[Number(five.exec.pc)]!]!(five, five.frame.code[Number(five.exec.pc)]!);

  it('leaves the machine as its five steps do', () => {
    console.log(`address mask: DELTAPROOF_SEED=${seed}`);
    expect(taken).toBe(5);
    expect(five.rows.map(({ chip }) => chip)).toEqual(['push', 'push', 'push', 'pow2', 'add']);
    expect(one.rows.map(({ chip }) => chip)).toEqual(['addressmask']);
    expect(one.exec).toEqual(five.exec);
    expect(one.stack).toEqual(five.stack);
    expect(one.stack.at(-1)!.value).toBe(ADDRESS_MASK);
  });

  it('says what its five steps say together: no linear tuple differs, and it looks up no other code', () => {
    const terms = ({ rows }: FrameMachine) => rows.flatMap(({ chip, row }) => CHIPS[chip]!.terms(row as never));
    const against = terms(five).map(({ weight, tuple }) => ({ weight: -weight, tuple }));
    const differ = imbalances([{ origin: '', terms: [...terms(one), ...against] }]);
    expect(differ.filter(({ tuple }) => LAYOUT[tuple.name].class === 'linear')).toEqual([]);
    const codes = (machine: FrameMachine) => terms(machine).filter(({ tuple }) => tuple.name === 'CODE');
    // The five read the data of pushes by PUSH, and each opcode by CODE.
    for (const { tuple } of codes(five))
      expect(codes(one).map((other) => other.tuple.values)).toContainEqual(tuple.values);
    expect(codes(one)).toHaveLength(8);
  });

  it('is five steps where the frame ends amid them, or a byte is another', () => {
    const steps = (exec: Partial<FrameMachine['exec']>, changed: Readonly<Record<number, number>> = {}) =>
      addressMaskStep(machineBefore(randomOf(seed, 'mask'), exec, changed));
    expect([steps({ gas: COST - 1n }), steps({ gas: COST })]).toEqual([0, 5]);
    expect([steps({ sp: 1022n }), steps({ sp: 1021n })]).toEqual([0, 5]);
    ADDRESS_MASK_CODE.forEach((byte, i) => {
      expect(steps({}, { [i]: byte ^ 1 }), `byte ${i}`).toBe(0);
    });
  });
});
