import type { QueueEvent } from './events.js';

/** Tells once that a store does not answer, however many connections say so how often, and once that it does again. */
export class Outage {
  readonly #tell: (event: QueueEvent) => void;
  #since: number | undefined;

  constructor(tell: (event: QueueEvent) => void) {
    this.#tell = tell;
  }

  /** A connection failed. */
  failed(error: Error): void {
    if (this.#since !== undefined) return;
    this.#since = Date.now();
    const { code = '' } = error as NodeJS.ErrnoException;
    this.#tell({ type: 'away', why: error.message || code });
  }

  /** A connection is usable again. */
  ready(): void {
    if (this.#since === undefined) return;
    const seconds = (Date.now() - this.#since) / 1_000;
    this.#since = undefined;
    this.#tell({ type: 'back', seconds });
  }
}
