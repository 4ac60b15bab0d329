import { OPCODES } from '../../../src/evm/opcodes.js';
import { OpcodeCases } from '../../helpers/chips/opcode-cases.js';
import type { Random } from '../../helpers/chips/random.js';

/** What an opcode pushes for a, on top, and b: what the yellow paper says, in two's complement. */
export type Formula = (a: bigint, b: bigint) => bigint;

export const wrap = (x: bigint) => BigInt.asUintN(256, x);
export const signed = (x: bigint) => BigInt.asIntN(256, x);

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

/** A chip's opcodes on every pair of edges; rows of some, and of random words, are put through the circuit. */
export function arithmetic(chip: string, formulas: Readonly<Record<number, Formula>>): OpcodeCases {
  const all = Object.entries(formulas).map(([op, formula]) => ({ op: Number(op), formula }));
  const caseOf = ({ op, formula }: (typeof all)[number], [a, b]: readonly [bigint, bigint]) => ({
    op,
    stack: OPCODES[op]!.pops === 1 ? [a] : [b, a],
    pushed: formula(a, b),
  });
  return new OpcodeCases(
    [chip],
    (random) => Array.from({ length: 300 }, (_, i) => caseOf(all[i % all.length]!, pairOf(random))),
    () =>
      all.flatMap((one) =>
        EDGES.flatMap((a) => (OPCODES[one.op]!.pops === 1 ? [0n] : EDGES).map((b) => caseOf(one, [a, b]))),
      ),
  );
}
