import { DomainError } from './base.js';

/** The code of {@link InterruptError}. */
export type InterruptErrorCode = 'INTERRUPT_SIGNAL';

/** A signal asked the program to stop: nothing failed, and what was finished is kept. */
export class InterruptError extends DomainError<InterruptErrorCode> {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super('INTERRUPT_SIGNAL', `Stopped by ${signal}; what was finished is kept.`, {
      hint: 'The same command goes on from there.',
    });
    this.signal = signal;
  }
}
