import { describe, expect, it } from 'vitest';
import { compileCircuit } from '../../src/build/compile-circuits.js';
import { type R1cs, readR1cs } from '../../src/build/r1cs.js';
import { inverse, mod, R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { planOf } from '../../src/engine/plan.js';
import { readPlan, writePlan } from '../../src/engine/plan-file.js';
import { mainCircuit } from '../../src/proof/shapes.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { type Combination, r1csOf } from '../helpers/engine/r1cs.js';
import { PlanRunner } from '../helpers/engine/run-plan.js';
import { solveByBigint } from '../helpers/engine/solve-plan.js';

const CHALLENGE = { alpha: 5n, beta: 7n };
const failsAs = (code: string) => expect.objectContaining({ code });
/** Wires: 1, the output, alpha, beta, then cells from here. */
const CELL = 4;
const NOTHING: Combination = {};

/** The witness of these cells, which the engine and bigints agree on, or the constraint that is violated. */
function solved(r1cs: R1cs, cells: readonly bigint[]): readonly bigint[] | number {
  const plan = planOf(r1cs);
  const { a, b, ...expected } = solveByBigint(plan, cells, CHALLENGE);
  const engine = new PlanRunner(new Kernel(), plan).run(cells, CHALLENGE);
  expect({ witness: engine.witness, violated: engine.violated }).toEqual(expected);
  const publics = [1n, ...expected.witness.slice(1, 4)];
  const zeros = (length: number) => new Array<bigint>(length).fill(0n);
  expect(engine.a).toEqual([...a, ...publics, ...zeros(2 ** plan.power - a.length - publics.length)]);
  expect(engine.b).toEqual([...b, ...zeros(2 ** plan.power - b.length)]);
  return expected.violated ?? expected.witness;
}

/** The output is this wire. */
const output = (wire: number): [Combination, Combination, Combination] => [NOTHING, NOTHING, { 1: -1n, [wire]: 1n }];

describe('a plan', () => {
  it('takes products: a wire that stands in C alone, with any coefficient', () => {
    for (const k of [1n, -1n, 6n, R / 2n]) {
      const r1cs = r1csOf(2, 7, [
        [
          { [CELL]: 2n, 2: 1n },
          { [CELL + 1]: -1n, 3: 1n },
          { 6: k, [CELL]: 3n, 0: 4n },
        ],
        output(6),
      ]);
      const x = mod(((2n * 10n + 5n) * (7n - 20n) - 3n * 10n - 4n) * inverse(k));
      expect(solved(r1cs, [10n, 20n])).toEqual([1n, x, 5n, 7n, 10n, 20n, x]);
    }
  });

  it('takes quotients: a wire that stands in one factor alone, 0 where the other is 0', () => {
    for (const [k, swapped] of [
      [1n, false],
      [-1n, true],
      [9n, false],
      [9n, true],
    ] as const) {
      const [x, y]: Combination[] = [
        { 6: k, 2: 1n },
        { [CELL]: 1n, 0: -1n },
      ];
      const r1cs = r1csOf(2, 7, [[swapped ? y! : x!, swapped ? x! : y!, { [CELL + 1]: 1n }], output(6)]);
      const quotient = mod((20n * inverse(9n) - 5n) * inverse(k));
      expect(solved(r1cs, [10n, 20n])).toEqual([1n, quotient, 5n, 7n, 10n, 20n, quotient]);
      expect(solved(r1cs, [1n, 20n])).toBe(0);
      expect(solved(r1cs, [1n, 0n])).toEqual([1n, 0n, 5n, 7n, 1n, 0n, 0n]);
    }
  });

  it('divides by quotients in a later step, and leaves to no product what its empty C does not say', () => {
    // inverse * d = flag, and inverse * (1 - flag) = 0, which comes first and would give 0 / 0 where flag is 1
    const r1cs = r1csOf(2, 8, [
      [{ 6: 1n }, { 0: 1n, [CELL + 1]: -1n }, NOTHING],
      [{ 6: 1n }, { [CELL]: 1n }, { [CELL + 1]: 1n }],
      [{ 7: 1n }, { 6: 1n, 0: 1n }, { [CELL]: 1n }],
      output(7),
    ]);
    const [x, y] = [inverse(10n), mod(10n * inverse(inverse(10n) + 1n))];
    expect(solved(r1cs, [10n, 1n])).toEqual([1n, y, 5n, 7n, 10n, 1n, x, y]);
    expect(solved(r1cs, [0n, 0n])).toEqual([1n, 0n, 5n, 7n, 0n, 0n, 0n, 0n]);
    expect(solved(r1cs, [0n, 1n])).toBe(1);
  });

  const bit = (wire: number, top: Combination = { 0: -1n }): [Combination, Combination, Combination] => [
    { [wire]: 1n, ...top },
    { [wire]: 1n },
    NOTHING,
  ];

  it('takes digits: bits, of any weights that grow, in a sum or with the last one an expression', () => {
    const random = randomOf(testSeed(), 'digits');
    console.log(`digits: DELTAPROOF_SEED=${testSeed()}`);
    // cell = 3 * (b0 + 17 b1 + 273 b2)
    const weights = r1csOf(1, 8, [
      bit(5),
      bit(6),
      bit(7),
      [NOTHING, NOTHING, { 4: -1n, 5: 3n, 6: 51n, 7: 819n }],
      output(7),
    ]);
    expect(solved(weights, [822n])).toEqual([1n, 1n, 5n, 7n, 822n, 1n, 0n, 1n]);
    expect(solved(weights, [821n])).toBe(3);
    // rest / 8 is 0 or 1, where rest = cell - b0 - 2 b1 - 4 b2
    const eighth = inverse(8n);
    const rest = { 4: eighth, 5: -eighth, 6: -2n * eighth, 7: -4n * eighth };
    const nibble = r1csOf(1, 8, [bit(5), bit(6), bit(7), [rest, { ...rest, 0: -1n }, NOTHING], output(6)]);
    for (let x = 0n; x < 16n; x++) {
      expect(solved(nibble, [x])).toEqual([1n, (x >> 1n) & 1n, 5n, 7n, x, x & 1n, (x >> 1n) & 1n, (x >> 2n) & 1n]);
    }
    expect([solved(nibble, [16n]), solved(nibble, [R - 1n])]).toEqual([3, 3]);
    // 250 bits, which may be set only where the second cell is 1
    const wires = Array.from({ length: 250 }, (_, i) => CELL + 2 + i);
    const sum = Object.fromEntries(wires.map((wire, i) => [wire, -(1n << BigInt(i))]));
    const long = r1csOf(2, CELL + 252, [
      ...wires.map((w) => bit(w, { 5: -1n })),
      [NOTHING, NOTHING, { ...sum, 4: 1n }],
      output(9),
    ]);
    for (const x of [0n, (1n << 250n) - 1n, random.bits(250), 1n << 249n]) {
      expect(solved(long, [x, 1n]), `of ${x}`).toEqual([
        1n,
        (x >> 3n) & 1n,
        5n,
        7n,
        x,
        1n,
        ...wires.map((_, i) => (x >> BigInt(i)) & 1n),
      ]);
    }
    expect([solved(long, [1n << 250n, 1n]), solved(long, [2n, 0n])]).toEqual([250, 1]);
  });

  it('takes linear equations: wires that stand together in the C of several constraints', () => {
    const [x, y, z] = [5, 6, 7];
    // of z only x + y tells; z * z is a product of a wire that the equations give
    const r1cs = r1csOf(1, 9, [
      [{ 4: 1n }, { 4: 1n }, { [x]: 1n, [y]: 1n, [z]: 1n }],
      [{ 4: 1n }, { 2: 1n }, { [x]: 2n, [y]: 1n, [z]: -1n }],
      [{ 4: 2n }, { 3: 1n }, { [x]: -1n, [y]: 5n, [z]: 3n }],
      [{ [z]: 1n }, { [z]: 1n }, { 8: -1n }],
      output(8),
    ]);
    const witness = solved(r1cs, [11n]) as bigint[];
    const [a, b, c, d] = witness.slice(x) as [bigint, bigint, bigint, bigint];
    expect([mod(a + b + c), mod(2n * a + b - c), mod(5n * b + 3n * c - a), mod(c * c + d)]).toEqual([
      121n,
      55n,
      154n,
      0n,
    ]);
  });

  it('adds up as many wires as a sum may have, at either end of the field, with any signs', () => {
    const cells = 20_000;
    const wires = Array.from({ length: cells }, (_, i) => CELL + i);
    for (const [plus, minus] of [
      [1n, 1n],
      [-1n, -1n],
      [1n, -1n],
      [R - 2n, 3n],
    ] as const) {
      const sum = Object.fromEntries(wires.map((wire, i) => [wire, i % 2 === 0 ? plus : minus]));
      const r1cs = r1csOf(cells, CELL + cells, [[NOTHING, NOTHING, { ...sum, 1: -1n }]]);
      for (const x of [R - 1n, 1n, 0n]) {
        const total = mod(BigInt(cells / 2) * (plus + minus) * x);
        expect(solved(r1cs, new Array(cells).fill(x))).toEqual([1n, total, 5n, 7n, ...new Array(cells).fill(x)]);
      }
    }
  });

  it('says which wire nothing determines, and what stands beside it', () => {
    // is-zero as circomlib has it: out = 1 - cell * inverse, cell * out = 0
    const r1cs = r1csOf(1, 6, [
      [{ 4: -1n }, { 5: 1n }, { 1: 1n, 0: -1n }],
      [{ 4: 1n }, { 1: 1n }, NOTHING],
    ]);
    expect(() => planOf(r1cs, (cell) => `value ${cell} of row 3`)).toThrow(failsAs('CIRCUIT_UNSOLVED'));
    expect(() => planOf(r1cs, (cell) => `value ${cell} of row 3`)).toThrow(
      'wire 1 (constraints 0,1; value 0 of row 3)',
    );
    const free = r1csOf(1, 6, [output(4)]);
    expect(() => planOf(free)).toThrow('wire 5');
  });

  it('refuses a sum of too many wires', () => {
    const sum = Object.fromEntries(Array.from({ length: 32_768 }, (_, i) => [CELL + i, 1n]));
    expect(() => planOf(r1csOf(32_768, CELL + 32_768, [[NOTHING, NOTHING, { ...sum, 1: -1n }]]))).toThrow(
      failsAs('CIRCUIT_UNSOLVED'),
    );
  });
});

describe('a plan in bytes', () => {
  it('is the same for the same circuit, and read as it was written', async () => {
    const { r1cs } = await compileCircuit({
      name: 'open2',
      source: mainCircuit({ name: 'open2', chips: { open2: 1 } }),
    });
    const [one, two] = [planOf(await readR1cs(r1cs)), planOf(await readR1cs(r1cs))];
    const bytes = writePlan(one);
    expect(Buffer.from(bytes).equals(writePlan(two))).toBe(true);
    const read = readPlan(bytes);
    const plain = (plan: typeof one) => ({ ...plan, coefficients: [...plan.coefficients], weights: [...plan.weights] });
    expect(plain(read)).toEqual(plain(one));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(plain(readPlan(shifted.subarray(1)))).toEqual(plain(one));
  });

  it('is refused when it is another format, cut short or too long', () => {
    const bytes = writePlan(planOf(r1csOf(1, 5, [output(4)])));
    const other = bytes.slice();
    other[0]! ^= 1;
    for (const wrong of [
      other,
      bytes.subarray(0, bytes.length - 4),
      new Uint8Array(0),
      Buffer.concat([bytes, Buffer.alloc(4)]),
    ]) {
      expect(() => readPlan(wrong)).toThrow(failsAs('KEY_FORMAT'));
    }
  });
});
