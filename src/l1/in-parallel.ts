import { limiter } from '../proof/limiter.js';

/** What `run` yields for each item, in their order, at most `width` of them running at once; the first error as soon as there is one. */
export function inParallel<T, U>(items: readonly T[], width: number, run: (item: T) => Promise<U>): Promise<U[]> {
  const limit = limiter(width);
  return Promise.all(items.map((item) => limit(() => run(item))));
}
