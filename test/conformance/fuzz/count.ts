import { CHIPS } from '../../../src/chips/index.js';
import { OPCODES, opcodeName } from '../../../src/evm/opcodes.js';
import type { FuzzResult } from './run.js';

/** Counts what random programs did: a fuzzer that only ever halts at once would test nothing. */
export class FuzzCount {
  readonly ends = new Map<string, number>();
  readonly steps = new Map<number, number>();
  batches = 0;
  /** Batches that were compared with an ordinary VM. */
  compared = 0;
  readonly #rows = new Map<string, number>();

  add({ replay, chips, compared }: FuzzResult): void {
    this.batches++;
    if (compared) this.compared++;
    for (const outcome of replay.outcomes) {
      const { kind } = outcome;
      if (kind !== 'executed') {
        bump(this.ends, kind === 'skipped' ? `skipped: ${outcome.reason}` : kind);
      } else if (outcome.run === undefined) {
        bump(this.ends, 'transfer');
      } else {
        const { end, halt, steps } = outcome.run;
        bump(this.ends, halt === undefined ? end : `halt: ${halt.reason}`);
        for (const { op } of steps) bump(this.steps, op);
      }
    }
    for (const chip of chips) bump(this.#rows, chip);
  }

  /** Covered opcodes that no program has executed. */
  get missing(): string[] {
    return Object.keys(OPCODES)
      .map(Number)
      .filter((op) => !this.steps.has(op))
      .map(opcodeName);
  }

  lines(): string[] {
    const list = <K>(counts: ReadonlyMap<K, number>, name: (key: K) => string) =>
      [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([key, n]) => `${name(key)} ${n}`)
        .join(', ');
    return [
      `compared with an ordinary VM: ${this.compared} of ${this.batches} batches`,
      `transactions: ${list(this.ends, String)}`,
      `steps: ${list(this.steps, opcodeName)}`,
      `not executed: ${this.missing.join(', ') || 'none'}`,
      `rows: ${list(this.#rows, String)}`,
      `chips without rows: ${
        Object.keys(CHIPS)
          .filter((name) => !this.#rows.has(name))
          .join(', ') || 'none'
      }`,
    ];
  }
}

function bump<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
