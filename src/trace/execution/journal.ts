/** The value that a slot had before it was written. */
export interface SlotEntry {
  readonly kind: 'slot';
  /** Its place on the journal, from 0. */
  readonly idx: bigint;
  /** Time of the write. */
  readonly ts: bigint;
  readonly address: bigint;
  readonly key: bigint;
  readonly old: bigint;
}

/** A change that a failed frame takes back, by its kind. */
export type JournalEntry = SlotEntry;

/** The journal of a batch: every change that was not undone, the last one last. */
export class Journal {
  readonly entries: JournalEntry[] = [];

  /** Notes that a slot is written. */
  slot(entry: Omit<SlotEntry, 'kind'>): void {
    this.entries.push({ kind: 'slot', ...entry });
  }

  /** Takes the last change off. The caller knows that there is one. */
  pop(): JournalEntry {
    return this.entries.pop()!;
  }
}
