/** Facts of an event: game, claim, batch, job and the like; never a key or a password. */
export type Facts = Readonly<Record<string, unknown>>;

/** Hears what a service decides and why, one event a line. */
export interface Log {
  info(facts: Facts, message: string): void;
  warn(facts: Facts, message: string): void;
  error(facts: Facts, message: string): void;
}
