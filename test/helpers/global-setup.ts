import { writeLists } from '../../src/build/generate-lists.js';
import { writeIfChanged } from '../../src/build/write-if-changed.js';

/** Chips and steps are listed anew, so that `vitest` alone knows a file that was added. */
export default function setup(): void {
  writeLists(writeIfChanged);
}
