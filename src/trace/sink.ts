import type { TraceRow } from '../chips/chip.js';

/** Where rows go as they are made: an array, where there are few of them, or a `Spool`. */
export interface RowSink {
  push(row: TraceRow): unknown;
}
