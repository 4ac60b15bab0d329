import { accountleaf } from './accountleaf.js';
import { add } from './add.js';
import { badjump, badjumpi } from './badjump.js';
import { bits } from './bits.js';
import { bitwise } from './bitwise.js';
import { branch } from './branch.js';
import { byte } from './byte.js';
import { calldataload } from './calldataload.js';
import { cellend } from './cellend.js';
import type { Chip } from './chip.js';
import { code } from './code.js';
import { compare } from './compare.js';
import { div } from './div.js';
import { drain, drainjrn } from './drain.js';
import { dup } from './dup.js';
import { env } from './env.js';
import { expansion } from './expansion.js';
import { ext } from './ext.js';
import { frame } from './frame.js';
import { halt } from './halt.js';
import { jump, jumpdest, jumpi } from './jump.js';
import { keccak64 } from './keccak64.js';
import { keccak256 } from './keccak256.js';
import { keccakbytes } from './keccakbytes.js';
import { keccakword } from './keccakword.js';
import { log } from './log.js';
import { mask } from './mask.js';
import { memcell } from './memcell.js';
import { memhalt } from './memhalt.js';
import { memory } from './memory.js';
import { mstore8 } from './mstore8.js';
import { mul } from './mul.js';
import { nokey4, nokey8 } from './nokey.js';
import { not } from './not.js';
import { open2, open4, open8 } from './open.js';
import { pop } from './pop.js';
import { pow2 } from './pow2.js';
import { push, push0 } from './push.js';
import { pushdata2, pushdata4, pushdata32 } from './pushdata.js';
import { register } from './register.js';
import { returns } from './return.js';
import { shift } from './shift.js';
import { sload } from './sload.js';
import { slotend } from './slotend.js';
import { slotleaf } from './slotleaf.js';
import { sstore } from './sstore.js';
import { stop } from './stop.js';
import { swap } from './swap.js';
import { tables } from './tables.js';
import { transfer } from './transfer.js';
import { txbad } from './txbad.js';
import { txbegin } from './txbegin.js';
import { txend } from './txend.js';
import { txskip } from './txskip.js';
import { unaligned } from './unaligned.js';
import { undo } from './undo.js';
import { voidBeside } from './void.js';
import { warm } from './warm.js';

/** Every chip by its name. Shapes (`circuits/shapes.json`) and traces name chips by these keys. */
export const CHIPS: Readonly<Record<string, Chip>> = {
  tables,
  bits,
  txbad,
  transfer,
  txskip,
  txbegin,
  txend,
  frame,
  cellend,
  slotend,
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
  code,
  pushdata2,
  pushdata4,
  pushdata32,
  expansion,
  log,
  memory,
  unaligned,
  mstore8,
  memcell,
  memhalt,
  keccak64,
  keccak256,
  keccakword,
  keccakbytes,
  pop,
  push,
  push0,
  dup,
  swap,
  jump,
  jumpi,
  jumpdest,
  register,
  halt,
  badjump,
  badjumpi,
  stop,
  return: returns,
  add,
  mul,
  div,
  compare,
  env,
  calldataload,
  bitwise,
  not,
  mask,
  shift,
  pow2,
  byte,
  sload,
  sstore,
  undo,
  warm,
  drain,
  drainjrn,
};
