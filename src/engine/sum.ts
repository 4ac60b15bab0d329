import { type Kernel, type Pointer, WORD } from './kernel.js';
import { combine, type Group, POINT } from './points.js';
import type { Task } from './pool.js';
import type { Bases } from './prepared-key.js';

/** What an addition costs, in additions of G1. */
const COST = { g1: 1, g2: 3 } as const;
/** What a term costs that is no wire's, in terms of wires: these are 0 or repeat a value more often than not. */
const OWN = 2.5;
/** A part that is shorter than this is not worth a thread of its own. */
const SHORT = 4096;

/** The sum of scalar * base over many bases, cut into parts that several threads compute. */
export class Sum {
  readonly tasks: readonly Task[];
  readonly #kernel: Kernel;
  readonly #group: Group;
  readonly #sums: readonly Pointer[];

  /**
   * @param scalars words; the wires that `bases` names where it names some, else one for each base
   * @param parts at most so many
   */
  constructor(kernel: Kernel, group: Group, { count, wires, at }: Bases, scalars: Pointer, parts: number) {
    this.#kernel = kernel;
    this.#group = group;
    const size = POINT[group];
    const { [`${group}_msm_scratch` as const]: scratchOf } = kernel.call;
    const words = wires === undefined ? scalars : gather(kernel, scalars, wires);
    const length = Math.max(Math.ceil(count / parts), SHORT);
    const starts = Array.from({ length: Math.ceil(count / length) }, (_, i) => i * length);
    const cost = COST[group] * (wires === undefined ? OWN : 1);
    this.#sums = starts.map(() => kernel.alloc(size));
    this.tasks = starts.map((from, i) => {
      const n = Math.min(length, count - from);
      return {
        cost: n * cost,
        scratch: scratchOf(n),
        call: (scratch) => [`${group}_msm`, at + from * size, words + from * WORD, n, scratch, this.#sums[i]!],
      };
    });
  }

  /** The packed sum, when all tasks are done. */
  total(): Pointer {
    return combine(
      this.#kernel,
      this.#group,
      this.#sums.map((point) => [point, 1n]),
    );
  }
}

/** The words of some wires, one after the other. */
function gather(kernel: Kernel, words: Pointer, wires: Uint32Array): Pointer {
  const to = kernel.alloc(WORD * wires.length);
  const all = new BigUint64Array(kernel.memory.buffer);
  let at = to / 8;
  for (const wire of wires) {
    const from = (words + WORD * wire) / 8;
    all[at++] = all[from]!;
    all[at++] = all[from + 1]!;
    all[at++] = all[from + 2]!;
    all[at++] = all[from + 3]!;
  }
  return to;
}
