/** Milliseconds of work without a break. */
const TURN_MS = 8;

/** Lets the event loop have a turn between pieces of work that are short themselves. */
export class Turns {
  #since = performance.now();

  /** Whether it is time for one: to be asked between pieces of work, since waiting for nothing has its price too. */
  get due(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }

  /** Gives one. */
  async give(): Promise<void> {
    await new Promise(setImmediate);
    this.#since = performance.now();
  }
}
