import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testSeed } from './chips/random.js';

/** A lie in one place; everything else is honest, or goes on from it consistently. */
export interface Forgery<Honest, Change> {
  readonly name: string;
  /**
   * What stops it: `constraint` where no witness satisfies a chip (`constraint of sload` where only that is looked for), the kinds of
   * tuples that stay open in alphabetical order (BUS_NOT_BALANCED on L1), both, or an error; `''`: nothing.
   */
  readonly caughtBy: string;
  /** What is done, truly: nothing stops it. */
  readonly honest: Honest;
  /** What is changed in it. */
  readonly change: Change;
}

/** Makes the rows of `honest`, with `change` in them if there is one. @returns what stops them, as {@link Forgery.caughtBy} says it */
export type Catcher<Honest, Change> = (
  honest: Honest,
  change: Change | undefined,
  name: string,
) => string | Promise<string>;

/** Forgeries that are made and caught in the same way. */
export class Forgeries<Honest, Change> {
  constructor(
    readonly what: string,
    readonly caught: Catcher<Honest, Change>,
    readonly list: readonly Forgery<Honest, Change>[],
    /** More that is done truly, by name. */
    readonly truths: Readonly<Record<string, Honest>> = {},
  ) {}

  /** A test for each: it is stopped by what it names, and by nothing once the change is left out. */
  describe(): void {
    const seed = `DELTAPROOF_SEED=${testSeed()}`;
    const honest = new Map(Object.entries(this.truths).map(([name, truth]) => [truth, name]));
    for (const { name, honest: truth } of this.list) if (!honest.has(truth)) honest.set(truth, name);
    describe(this.what, { timeout: 600_000 }, () => {
      for (const [truth, name] of honest) {
        it(`unchanged: ${name}`, async () => expect(await this.caught(truth, undefined, name), seed).toBe(''));
      }
      for (const { name, caughtBy, honest: truth, change } of this.list) {
        it(`${name}: ${caughtBy}`, async () => expect(await this.caught(truth, change, name), seed).toBe(caughtBy));
      }
    });
  }
}

/** Describes all {@link Forgeries} that the modules under a folder export, in those files whose path ends so. */
export async function describeForgeries(folder: URL, ending = '.ts'): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
  for (const file of files.sort()) {
    const exported: object = await import(new URL(file, folder).pathname);
    for (const one of Object.values(exported)) if (one instanceof Forgeries) one.describe();
  }
}
