import type { AccountAccess } from '../../../src/batch/types.js';
import { CONTRACT, callsOf, program } from '../../helpers/code-batch.js';
import type { Attack } from './world.js';

const written = () => callsOf(program('PUSH1 0x09 PUSH1 0x01 SSTORE STOP'), [{}]);
/** Writes another value. */
export const EVIL = program('PUSH1 0x0a PUSH1 0x01 SSTORE STOP');

/** Lies in the tables that L1 reads. */
export const TABLE_ATTACKS = {
  code: {
    name: 'code of another account',
    caughtBy: 'CODEBLOB',
    honest: written,
    change: () => ({ codes: [EVIL], runs: EVIL }),
  },
  before: {
    name: 'original value of a slot forged in the tables, so that a write changes nothing',
    caughtBy: 'RKV',
    honest: written,
    change: () => ({ pre: (list) => list.map((access) => startingWith(access, 9n)) }),
  },
} satisfies Readonly<Record<string, Attack>>;

function startingWith(access: AccountAccess, pre: bigint): AccountAccess {
  if (access.address !== CONTRACT) return access;
  return { ...access, slots: (access.slots ?? []).map((slot) => ({ ...slot, pre })) };
}
