import type { Offer } from './delivery.js';

/** Deadlines are told apart by this much in BullMQ, which knows 2^21 - 1 priorities. */
const UNIT_MS = 300_000;
const FIRST_MS = Date.UTC(2026, 0, 1);
/** Ranks of tasks with deadlines: 19 years. */
const DATED = 2 ** 21 - 2_048;

/** Whether a task goes before another: the earlier deadline, then the higher priority, then the later round, so that begun jobs finish. */
export function goesBefore(a: Offer, b: Offer): boolean {
  const [due, other] = [a.deadline ?? Number.POSITIVE_INFINITY, b.deadline ?? Number.POSITIVE_INFINITY];
  if (due !== other) return due < other;
  return a.priority !== b.priority ? a.priority > b.priority : a.round > b.round;
}

/** The same order as a number, 1 first; deadlines within five minutes of each other are one, and among these the first to come goes first. */
export function rankOf({ deadline, priority, round }: Offer): number {
  if (deadline === null) return DATED + (100 - priority) * 16 + (15 - Math.min(round, 15)) + 1;
  return Math.min(Math.max(Math.floor((deadline - FIRST_MS) / UNIT_MS), 0), DATED - 1) + 1;
}
