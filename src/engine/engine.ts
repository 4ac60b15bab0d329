import type { ArtifactStore } from '../build/artifacts.js';
import type { Challenge } from '../bus/tuple.js';
import { assemble, randomScalar } from './groth16.js';
import { Kernel, type Pointer, WORD } from './kernel.js';
import type { Plan } from './plan.js';
import { coordinates, type Group, putWords, wordAt } from './points.js';
import { Pool, type Task } from './pool.js';
import { type Bases, type KeyNames, PreparedKey } from './prepared-key.js';
import { assertCount, solveCells } from './solve-cells.js';
import { Sum } from './sum.js';

/** A proof: its public sum, and its points as plain affine coordinates, in G2 real parts first; infinity is zeros. */
export interface Proof {
  readonly sum: bigint;
  readonly A: readonly bigint[];
  readonly B: readonly bigint[];
  readonly C: readonly bigint[];
}

/** Why there is no proof: the first constraint that the cells violate, of this plan. */
export interface Violation {
  readonly violated: number;
  readonly plan: Plan;
}

/** Threads up to which a sum stays whole: two have one of the large ones each. */
const WHOLE = 2;
/** What a value of the quotient costs, in additions of G1: it is the dearest that all else of its sum waits for. */
const QUOTIENT_COST = 100;

/**
 * Groth16 over BN254 in WebAssembly, by threads over one memory. A witness stands in that memory alone: nothing of it is written to a
 * file. What is asked for while something runs waits for it. Its threads end with the process, or when it is closed.
 */
export class Engine {
  readonly #store: ArtifactStore;
  readonly #kernel = new Kernel();
  readonly #pool: Pool;
  #last: Promise<unknown> = Promise.resolve();

  /** @param threads by default as many as the machine runs at once */
  constructor(store: ArtifactStore, threads?: number) {
    this.#store = store;
    this.#pool = new Pool(this.#kernel, threads);
  }

  /**
   * D = sum of cell_i * K_i.
   * @param cells each in [0, r), one for each base
   * @returns x, y; zeros when every cell is 0
   * @throws ProofError `PROOF_INPUT` for another number of cells; ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`; EngineError
   */
  commit(names: KeyNames, cells: readonly bigint[]): Promise<readonly bigint[]> {
    return this.#inTurn(async (kernel) => {
      const key = await PreparedKey.open(names, this.#store);
      const bases = await key.bases('K', kernel);
      assertCount(cells, bases.count);
      const D = new Sum(kernel, 'g1', bases, putWords(kernel, cells), this.#pool.size);
      this.#makeRoom(D.tasks);
      await this.#all(D.tasks);
      return coordinates(kernel, 'g1', D.total());
    });
  }

  /**
   * A proof of the rows whose cells are given; every constraint is checked before it is made.
   * @param cells in the order of the committed wires, each in [0, r)
   * @throws ProofError `PROOF_INPUT` for another number of cells; ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`; EngineError
   */
  prove(names: KeyNames, cells: readonly bigint[], challenge: Challenge): Promise<Proof | Violation> {
    return this.#inTurn(async (kernel) => {
      const key = await PreparedKey.open(names, this.#store);
      const { plan, witness, a, b, violated } = await solveCells(kernel, key, cells, challenge);
      if (violated !== undefined) return { violated, plan };
      const quotient = kernel.alloc(WORD * 2 ** plan.power);
      const divide: Task = {
        cost: QUOTIENT_COST * 2 ** plan.power,
        scratch: kernel.call.fr_quotient_scratch(plan.power),
        call: (scratch) => ['fr_quotient', a, b, plan.power, quotient, scratch],
      };
      const parts = Math.ceil(this.#pool.size / WHOLE);
      const over = (group: Group, bases: Bases, scalars: Pointer) => new Sum(kernel, group, bases, scalars, parts);
      const head = await key.head(kernel);
      const B2 = over('g2', await key.bases('B2', kernel), witness);
      const A = over('g1', await key.bases('A', kernel), witness);
      const C = over('g1', await key.bases('C', kernel), witness);
      const H = over('g1', await key.bases('H', kernel), quotient);
      this.#makeRoom([divide, ...[A, B2, C, H].flatMap(({ tasks }) => tasks)]);
      await Promise.all([
        this.#pool.run(divide).then(() => this.#all(H.tasks)),
        ...[B2, A, C].map(({ tasks }) => this.#all(tasks)),
      ]);
      const sums = { A: A.total(), B2: B2.total(), C: C.total(), H: H.total() };
      const proof = assemble(kernel, head, sums, randomScalar(), randomScalar());
      return {
        sum: wordAt(kernel, witness + WORD),
        A: coordinates(kernel, 'g1', proof.A),
        B: coordinates(kernel, 'g2', proof.B),
        C: coordinates(kernel, 'g1', proof.C),
      };
    });
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #all(tasks: readonly Task[]): Promise<unknown> {
    return Promise.all(tasks.map((task) => this.#pool.run(task)));
  }

  /** A scratch area for each thread, as large as any of these tasks needs. */
  #makeRoom(tasks: readonly Task[]): void {
    const bytes = Math.max(0, ...tasks.map(({ scratch }) => scratch));
    this.#pool.useScratch(Array.from({ length: this.#pool.size }, () => this.#kernel.alloc(bytes)));
  }

  /** Runs work when what was asked for before is done, and takes its memory back. */
  #inTurn<T>(work: (kernel: Kernel) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      const mark = this.#kernel.mark();
      try {
        return await work(this.#kernel);
      } finally {
        this.#kernel.release(mark);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
