import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS } from '../../../src/chips/index.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from './circuit.js';
import type { MachineSample } from './machine.js';
import { mirrorFindings } from './mirror.js';
import { oneStep, unbalanced } from './one-step.js';
import { type Random, randomOf, testSeed } from './random.js';

/** An opcode, what it finds (topmost item last) and the word that it must push. */
export interface OpcodeCase extends MachineSample {
  readonly op: number;
  readonly pushed: bigint;
}

/**
 * Executes every case. Its row must be one of `chips`, take and give what the opcode does according to `pushed`, look up nothing
 * untrue, and satisfy its circuit. Every chip must get a row.
 */
export function describeOpcodes(chips: readonly string[], cases: (random: Random) => readonly OpcodeCase[]): void {
  describe(`opcodes of ${chips.join(', ')}`, { timeout: 600_000 }, () => {
    const random = randomOf(testSeed(), `opcodes ${chips.join()}`);
    const circuits = new Map<string, ChipCircuit>();
    beforeAll(async () => {
      for (const chip of chips) circuits.set(chip, await chipCircuit(CHIPS[chip]!));
    }, 600_000);

    it('push the right word by a true row', () => {
      const challenge = randomChallenge(random);
      const used = new Set<string>();
      const findings = cases(random).flatMap((sample) => {
        const { op, pushed, stack } = sample;
        const step = oneStep(random, op, sample);
        used.add(step.chip);
        const circuit = circuits.get(step.chip);
        const wrong =
          circuit === undefined
            ? [`a row of ${step.chip}`]
            : [...mirrorFindings(circuit, [step.row], random, challenge), ...unbalanced(step, pushed)];
        if (step.machine.stack.at(-1)?.value !== pushed) wrong.push('the machine pushes something else');
        if (wrong.length === 0) return [];
        const items = stack.map((item) => `0x${item.toString(16)}`).reverse();
        return [`${OPCODES[op]!.name} of ${items.join(', ')}: ${wrong.join(', ')}`];
      });
      expect(findings).toEqual([]);
      expect([...used].sort()).toEqual([...chips].sort());
    });
  });
}

/** Words at which carries, signs and halves turn, and random ones of every length. */
export function edgeWords(random: Random, count: number): bigint[] {
  const powers = [0n, 1n, 7n, 8n, 31n, 32n, 64n, 127n, 128n, 129n, 159n, 160n, 248n, 255n].map((n) => 1n << n);
  const edges = powers.flatMap((x) => [x - 1n, x, x + 1n]);
  const top = (1n << 256n) - 1n;
  const drawn = Array.from({ length: count }, () => random.bits(1 + random.int(256)));
  return [...new Set([...edges, ...edges.map((x) => top - x), ...drawn])];
}
