import { DeltaproofError } from './base.js';

/** A signal asked the program to stop (`INTERRUPT_SIGNAL`): nothing failed, and what was finished is kept. */
export class InterruptError extends DeltaproofError {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super('INTERRUPT_SIGNAL', `Stopped by ${signal}; what was finished is kept.`, {
      hint: 'The same command goes on from there.',
    });
    this.signal = signal;
  }
}
