import type { Chip } from './chip.js';

/** Every chip by its name. Shapes (`circuits/shapes.json`) and traces name chips by these keys. */
export const CHIPS: Readonly<Record<string, Chip>> = {};
