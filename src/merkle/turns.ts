/** Milliseconds of work without a break. */
const TURN_MS = 8;

/** Lets the event loop have a turn between pieces of work that are short themselves. */
export class Turns {
  #since = performance.now();

  /** To be called between pieces of work. */
  async give(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await new Promise(setImmediate);
    this.#since = performance.now();
  }
}
