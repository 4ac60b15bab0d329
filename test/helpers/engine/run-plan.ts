import { littleEndianAll } from '../../../src/bus/little-endian.js';
import type { Challenge } from '../../../src/bus/tuple.js';
import { type Kernel, WORD } from '../../../src/engine/kernel.js';
import type { Plan } from '../../../src/engine/plan.js';
import { Solver } from '../../../src/engine/solver.js';
import { numbersOf } from '../kernel.js';
import type { Solution } from './solve-plan.js';

/** A plan on the kernel, with results as numbers: to be held against bigints. */
export class PlanRunner {
  readonly #kernel: Kernel;
  readonly #plan: Plan;
  readonly #solver: Solver;

  constructor(kernel: Kernel, plan: Plan) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#solver = new Solver(kernel, plan);
  }

  /** As {@link Solution}; `a` and `b` are the whole domain's. */
  run(cells: readonly bigint[], challenge: Pick<Challenge, 'alpha' | 'beta'>): Solution {
    const mark = this.#kernel.mark();
    const { witness, a, b, violated } = this.#solver.solve(this.#kernel.put(littleEndianAll(cells)), challenge);
    const size = 2 ** this.#plan.power;
    const result = {
      witness: numbersOf(this.#kernel.view(witness, WORD * this.#plan.wires)),
      a: this.#elements(a, size),
      b: this.#elements(b, size),
      violated,
    };
    this.#kernel.release(mark);
    return result;
  }

  #elements(at: number, n: number): bigint[] {
    const words = this.#kernel.alloc(WORD * n);
    this.#kernel.call.fr_to_words(words, at, n);
    return numbersOf(this.#kernel.view(words, WORD * n));
  }
}
