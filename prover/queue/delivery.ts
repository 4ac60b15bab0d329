/** One task handed to one worker; a task that becomes ready again gets a new number. */
export interface Delivery {
  readonly job: string;
  /** The job's run; `retry` starts a new one. */
  readonly run: number;
  /** Position in the job's task list. */
  readonly task: number;
  readonly number: number;
}

/** A delivery with what decides its turn. */
export interface Offer extends Delivery {
  /** Of the job, milliseconds since 1970; the earliest goes first, and before all without one. */
  readonly deadline: number | null;
  /** 0 to 100; higher goes first among those without a deadline. */
  readonly priority: number;
  /** Among equals later rounds go first, so that begun jobs finish. */
  readonly round: number;
  /** Milliseconds since 1970 before which it must not be delivered. */
  readonly notBefore: number;
}
