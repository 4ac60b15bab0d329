import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS } from '../../../src/chips/index.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from './circuit.js';
import type { MachineSample } from './machine.js';
import { mirrorFindings } from './mirror.js';
import { type OneStep, oneStep, unbalanced } from './one-step.js';
import { type Random, randomOf, testSeed } from './random.js';

/** An opcode, what it finds (topmost item last) and the word that it must push. */
export interface OpcodeCase extends MachineSample {
  readonly op: number;
  readonly pushed: bigint;
}

type Cases = (random: Random) => readonly OpcodeCase[];

/** What opcodes push, by a formula that shares nothing with their rows; found by glob (`test/chips/<chip>/cases.ts`). */
export class OpcodeCases {
  constructor(
    readonly chips: readonly string[],
    /** Their rows satisfy the circuit; every chip gets one. */
    readonly cases: Cases,
    /** More, whose rows are not put through the circuit: for thousands. */
    readonly quick?: Cases,
  ) {}

  /** Rows are of {@link chips}, take and give what the opcode does according to `pushed`, and look up nothing untrue. */
  describe(): void {
    describe(`opcodes of ${this.chips.join(', ')}`, { timeout: 600_000 }, () => {
      const seed = testSeed();
      const where = `DELTAPROOF_SEED=${seed}`;
      const random = (part: string) => randomOf(seed, `opcodes ${this.chips.join()} ${part}`);
      const circuits = new Map<string, ChipCircuit>();
      beforeAll(async () => {
        for (const chip of this.chips) circuits.set(chip, await chipCircuit(CHIPS[chip]!));
      }, 600_000);

      it('push the right word by a true row', () => {
        const drawn = random('rows');
        const challenge = randomChallenge(drawn);
        const used = new Set<string>();
        const findings = this.cases(drawn).flatMap((sample) =>
          this.#wrong(drawn, sample, ({ chip, row }) => {
            used.add(chip);
            return mirrorFindings(circuits.get(chip)!, [row], drawn, challenge);
          }),
        );
        expect(findings, where).toEqual([]);
        expect([...used].sort()).toEqual([...this.chips].sort());
      });

      const { quick } = this;
      if (quick === undefined) return;
      it('push the right word, for thousands', () => {
        const drawn = random('quick');
        const findings = quick(drawn).flatMap((sample) => this.#wrong(drawn, sample));
        expect(findings, where).toEqual([]);
      });
    });
  }

  /** What is wrong with a case. */
  #wrong(random: Random, sample: OpcodeCase, more: (step: OneStep) => readonly string[] = () => []): string[] {
    const { op, pushed, stack } = sample;
    const step = oneStep(random, op, sample);
    const wrong = this.chips.includes(step.chip)
      ? [...more(step), ...unbalanced(step, pushed)]
      : [`a row of ${step.chip}`];
    if (step.machine.stack.at(-1)?.value !== pushed) wrong.push('the machine pushes something else');
    if (wrong.length === 0) return [];
    const items = stack.map((item) => `0x${item.toString(16)}`).reverse();
    return [`${OPCODES[op]!.name} of ${items.join(', ')}: ${wrong.join(', ')}`];
  }
}

/** Words at which carries, signs and halves turn, and random ones of every length. */
export function edgeWords(random: Random, count: number): bigint[] {
  const powers = [0n, 1n, 7n, 8n, 31n, 32n, 64n, 127n, 128n, 129n, 159n, 160n, 248n, 255n].map((n) => 1n << n);
  const edges = powers.flatMap((x) => [x - 1n, x, x + 1n]);
  const top = (1n << 256n) - 1n;
  const drawn = Array.from({ length: count }, () => random.bits(1 + random.int(256)));
  return [...new Set([...edges, ...edges.map((x) => top - x), ...drawn])];
}

/** Too far to shift by, or for a byte's place. */
export const FAR: readonly bigint[] = [
  256n,
  257n,
  288n,
  4096n,
  (1n << 128n) - 1n,
  1n << 128n,
  (1n << 128n) + 5n,
  (1n << 255n) + 5n,
  (1n << 256n) - 1n,
];
