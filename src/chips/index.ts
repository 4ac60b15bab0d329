import { accountleaf } from './accountleaf.js';
import { add } from './add.js';
import { bits } from './bits.js';
import { branch } from './branch.js';
import { cellend } from './cellend.js';
import type { Chip } from './chip.js';
import { compare } from './compare.js';
import { div } from './div.js';
import { env } from './env.js';
import { ext } from './ext.js';
import { mul } from './mul.js';
import { nokey4, nokey8 } from './nokey.js';
import { open2, open4, open8 } from './open.js';
import { pop } from './pop.js';
import { slotleaf } from './slotleaf.js';
import { tables } from './tables.js';
import { transfer } from './transfer.js';
import { txbad } from './txbad.js';
import { txskip } from './txskip.js';
import { voidBeside } from './void.js';

/** Every chip by its name. Shapes (`circuits/shapes.json`) and traces name chips by these keys. */
export const CHIPS: Readonly<Record<string, Chip>> = {
  tables,
  bits,
  txbad,
  txskip,
  transfer,
  cellend,
  branch,
  slotleaf,
  accountleaf,
  open2,
  open4,
  open8,
  ext,
  nokey4,
  nokey8,
  void: voidBeside,
  pop,
  add,
  mul,
  div,
  compare,
  env,
};
