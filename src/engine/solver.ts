import { littleEndianAll } from '../bus/little-endian.js';
import type { Challenge } from '../bus/tuple.js';
import { FE, type Kernel, type Pointer, WORD } from './kernel.js';
import type { Plan } from './plan.js';

/** Where in the kernel's memory a solution stands. */
export interface Solution {
  /** Every wire, 32 bytes each. */
  readonly witness: Pointer;
  /** A * w and B * w on the domain: an element per constraint, then those of the public wires in A, then 0, 2^power in all. */
  readonly a: Pointer;
  readonly b: Pointer;
  /** The first constraint that does not hold; undefined when all do, and only then this is a witness. */
  readonly violated: number | undefined;
}

/** A plan in a kernel's memory, for any number of solutions. */
export class Solver {
  readonly #kernel: Kernel;
  readonly #plan: Plan;
  readonly #steps: Pointer;
  /** Arguments of `plan_use` up to the values. */
  readonly #lists: readonly [Pointer, Pointer, Pointer, Pointer, Pointer];

  /** Copies the plan into memory of the kernel. */
  constructor(kernel: Kernel, plan: Plan) {
    this.#kernel = kernel;
    this.#plan = plan;
    const { rows, weights, steps, blocks } = plan;
    const put = (list: Uint8Array | Uint32Array) =>
      kernel.put(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
    const coefficients = this.#elements(plan.coefficients);
    this.#lists = [put(rows.offsets), put(rows.words), coefficients, put(weights), put(blocks)];
    this.#steps = put(steps);
  }

  /**
   * Every wire from the committed cells, `committed` words of 32 bytes below r, and the challenge. Takes about 36 (wires + 2^(power + 1)) + 32 wires bytes
   * of the kernel's memory, which the caller releases.
   */
  solve(cells: Pointer, { alpha, beta }: Pick<Challenge, 'alpha' | 'beta'>): Solution {
    const { wires, publics, committed, power, slots, steps, rows } = this.#plan;
    const { call } = this.#kernel;
    const constraints = rows.offsets.length;
    const size = 2 ** power;
    const [a, b, witness] = [size * FE, size * FE, wires * WORD].map((bytes) => this.#kernel.alloc(bytes)) as [
      ...[Pointer, Pointer, Pointer],
    ];
    const mark = this.#kernel.mark();
    const values = this.#kernel.alloc((wires + slots) * FE);
    this.#kernel.view(values, (wires + slots) * FE).fill(0);
    const given = this.#elements(littleEndianAll([1n, alpha, beta]));
    this.#kernel.view(values, FE).set(this.#kernel.view(given, FE));
    this.#kernel.view(values + (publics - 1) * FE, 2 * FE).set(this.#kernel.view(given + FE, 2 * FE));
    call.fr_from_words(values + (publics + 1) * FE, cells, committed);

    call.plan_use(...this.#lists, values, wires);
    // Until A and B are computed, their places serve the divisions, which are fewer than the constraints.
    call.plan_run(this.#steps, this.#steps + 4 * steps.length, a, b);
    const violated = call.plan_check(constraints, a, b);
    const public_ = (publics + 1) * FE;
    this.#kernel.view(a + constraints * FE, public_).set(this.#kernel.view(values, public_));
    for (const [at, used] of [
      [a, constraints + publics + 1],
      [b, constraints],
    ] as const) {
      this.#kernel.view(at + used * FE, (size - used) * FE).fill(0);
    }
    call.fr_to_words(witness, values, wires);
    this.#kernel.release(mark);
    return { witness, a, b, violated: violated < constraints ? violated : undefined };
  }

  /** Elements of words. */
  #elements(words: Uint8Array): Pointer {
    const n = words.length / WORD;
    const elements = this.#kernel.alloc(n * FE);
    const mark = this.#kernel.mark();
    this.#kernel.call.fr_from_words(elements, this.#kernel.put(words), n);
    this.#kernel.release(mark);
    return elements;
  }
}
