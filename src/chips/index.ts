import type { Chip } from './chip.js';
import { ALL_CHIPS } from './generated/all.js';

/** Every chip by its name. Shapes (`circuits/shapes.json`) and traces name chips by these keys. */
export const CHIPS: Readonly<Record<string, Chip>> = Object.fromEntries(ALL_CHIPS.map((chip) => [chip.name, chip]));
