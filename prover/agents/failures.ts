/**
 * Errors of things that do not depend on each other: one that fails must not keep an agent from the others, because whoever
 * can make one of its moves fail would win all its games by its clocks.
 */
export class Failures {
  readonly #errors: unknown[] = [];

  /** Runs `task` and yields what it says; `false` when it throws, and the error is kept. */
  async of(task: () => Promise<boolean>): Promise<boolean> {
    return (await this.from(task)) ?? false;
  }

  /** What `task` yields; `undefined` when it throws, and the error is kept. */
  async from<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      this.#errors.push(error);
      return undefined;
    }
  }

  /** Throws what was kept: the one error, or an AggregateError of all. */
  throw(): void {
    if (this.#errors.length === 1) throw this.#errors[0];
    if (this.#errors.length > 1) {
      throw new AggregateError(this.#errors, `${this.#errors.length} errors, the first: ${String(this.#errors[0])}`);
    }
  }
}
