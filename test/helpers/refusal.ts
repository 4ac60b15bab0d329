import { expect } from 'vitest';
import { L1Error } from '../../src/errors/l1.js';

/** Expects a call to be refused by the contract's error of this name. */
export async function expectRefusal(sent: Promise<unknown>, error: string): Promise<void> {
  const outcome = await sent.then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  expect(outcome, `expected ${error}, but the call was accepted`).toBeInstanceOf(L1Error);
  expect((outcome as L1Error).details?.error).toBe(error);
}
