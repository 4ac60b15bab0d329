import { beforeAll, describe, expect, it } from 'vitest';
import { toLimbs } from '../../src/bus/field.js';
import { tuple } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { OP, OPCODES } from '../../src/evm/opcodes.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { type ChipCircuit, chipCircuit } from '../helpers/chips/circuit.js';
import { machineOf } from '../helpers/chips/machine.js';
import { mirrorFindings } from '../helpers/chips/mirror.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';

const MODULUS = 1n << 256n;
const wrap = (x: bigint) => BigInt.asUintN(256, x);
const signed = (x: bigint) => BigInt.asIntN(256, x);
const bit = (is: boolean) => (is ? 1n : 0n);

/** What the yellow paper says, in two's complement where the rows work with absolute values and halves. */
const FORMULAS: Readonly<Record<number, (a: bigint, b: bigint) => bigint>> = {
  2: (a, b) => (a * b) % MODULUS,
  4: (a, b) => (b === 0n ? 0n : a / b),
  5: (a, b) => (b === 0n ? 0n : wrap(signed(a) / signed(b))),
  6: (a, b) => (b === 0n ? 0n : a % b),
  7: (a, b) => (b === 0n ? 0n : wrap(signed(a) % signed(b))),
  16: (a, b) => bit(a < b),
  17: (a, b) => bit(a > b),
  18: (a, b) => bit(signed(a) < signed(b)),
  19: (a, b) => bit(signed(a) > signed(b)),
  20: (a, b) => bit(a === b),
  21: (a) => bit(a === 0n),
};

/** 0, powers of two and their neighbours around every border that the circuits know, and the negatives of all. */
const EDGES: readonly bigint[] = [
  ...new Set(
    [0n, 1n, 12n, 64n, 72n, 127n, 128n, 200n, 254n, 255n].flatMap((bits) =>
      [-1n, 0n, 1n].flatMap((by) => [wrap((1n << bits) + by), wrap(-(1n << bits) - by)]),
    ),
  ),
  7n,
];

/** Two items (a on top): edges, words of any length, a multiple of b and its neighbours, equal words. */
function pairOf(random: Random): readonly [a: bigint, b: bigint] {
  const word = () => (random.bool() ? random.pick(EDGES) : random.bits(1 + random.int(256)));
  const b = word();
  const quotient = random.bits(1 + random.int(256));
  const near = [wrap(quotient * b + random.bits(1)), wrap(quotient * b - 1n), b, b ^ (1n << BigInt(random.int(256)))];
  return [random.bool() ? word() : random.pick(near), b];
}

/** The row of one opcode on two items, and the tuple that its result must be. */
function execute(random: Random, op: number, [a, b]: readonly [bigint, bigint], expected: bigint) {
  const { pops, name } = OPCODES[op]!;
  const machine = machineOf(random, { stack: pops === 1 ? [a] : [b, a] });
  const { ts, call, sp } = machine.exec;
  STEPS[op]!(machine, op);
  const [hi, lo] = toLimbs(expected);
  const idx = sp - BigInt(pops);
  return {
    row: machine.rows[0]!,
    name,
    result: machine.stack.at(-1)!.value,
    pushed: tuple('STACK', { ts, call, idx, hi, lo }),
  };
}

/** What is wrong with the tuples of a row: the result, a limb out of range. */
function wrongTuples({ chip, row }: TraceRow, pushed: ReturnType<typeof tuple>): string[] {
  const terms = CHIPS[chip]!.terms(row);
  const sent = terms.filter(({ weight, tuple: { name } }) => weight === 1n && name === 'STACK');
  const isRight = sent.length === 1 && sent[0]!.tuple.values.join() === pushed.values.join();
  const wide = terms.filter(({ tuple: { name, values } }) => name === 'RANGE12' && values[0]! > 4095n);
  return [...(isRight ? [] : ['pushes something else']), ...wide.map(({ tuple: { values } }) => `limb ${values[0]}`)];
}

describe('arithmetic', { timeout: 600_000 }, () => {
  const seed = testSeed();
  console.log(`arithmetic: DELTAPROOF_SEED=${seed}`);

  it.each(Object.keys(FORMULAS).map(Number))('opcode %i gives what its formula says on every pair of edges', (op) => {
    const random = randomOf(seed, `edges ${op}`);
    const wrong: string[] = [];
    for (const a of EDGES) {
      for (const b of OPCODES[op]!.pops === 1 ? [0n] : EDGES) {
        const expected = FORMULAS[op]!(a, b);
        const { row, name, result, pushed } = execute(random, op, [a, b], expected);
        const found = [...(result === expected ? [] : [`gives ${result}`]), ...wrongTuples(row, pushed)];
        if (found.length > 0) wrong.push(`${name} ${a} ${b}: ${found.join(', ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  describe.each([
    ['mul', [OP.MUL]],
    ['div', [OP.DIV, OP.SDIV, OP.MOD, OP.SMOD]],
    ['compare', [OP.LT, OP.GT, OP.SLT, OP.SGT, OP.EQ, OP.ISZERO]],
  ] as const)('circuit %s', (chip, ops) => {
    let circuit: ChipCircuit;
    beforeAll(async () => {
      circuit = await chipCircuit(CHIPS[chip]!);
    });

    it('accepts 300 rows of edges and random words, with the right result', () => {
      const random = randomOf(seed, `rows ${chip}`);
      const rows = Array.from({ length: 300 }, (_, i) => {
        const op = ops[i % ops.length]!;
        const pair = pairOf(random);
        return execute(random, op, pair, FORMULAS[op]!(...pair));
      });
      expect(rows.flatMap(({ row, pushed }) => wrongTuples(row, pushed))).toEqual([]);
      expect(
        mirrorFindings(
          circuit,
          rows.map(({ row }) => row.row),
          random,
        ),
      ).toEqual([]);
    });
  });
});
