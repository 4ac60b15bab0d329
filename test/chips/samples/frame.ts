import type { TupleFields } from '../../../src/bus/tuple.js';
import type { AccountCell } from '../../../src/chips/lib/account.js';
import { beginRow, endRow } from '../../../src/trace/execution/frame-rows.js';
import type { Random } from '../../helpers/chips/random.js';
import { SOME_CODE } from '../../helpers/execution.js';
import { cellsOf, type Scene, scene } from './transaction.js';

/** A scene whose recipient has code. */
export interface CodeScene extends Scene {
  readonly codeId: bigint;
  readonly codeLen: number;
}

/** A valid transaction to an account with code, with values that fill all limbs. */
export function codeScene(random: Random): CodeScene {
  const plain = scene(random);
  const { tx, recipient } = plain;
  const keys = Array.from({ length: 2 + random.int(20) }, () => ({ address: tx.to, key: SOME_CODE }));
  return {
    ...plain,
    tx: { ...tx, keys },
    recipient: { ...recipient, code: BigInt(SOME_CODE) },
    codeId: 2n + random.bits(8),
    codeLen: 5_000 + random.int(19_000),
  };
}

/** The rows and the machine of a scene that begins. Coinciding parties are all the sender's cell. */
export function begun(s: CodeScene, accounts = cellsOf(s)) {
  return beginRow(s.tx, s.between, s.block, { accounts }, { id: s.codeId, bytes: new Uint8Array(s.codeLen) });
}

/** The row of a scene's end: `end` replaces what a successful frame of half the gas and a small refund leaves. */
export function ended(
  s: CodeScene,
  end: Partial<TupleFields<'END'>>,
  random: Random,
  patch: Partial<AccountCell> = {},
) {
  const cells = cellsOf(s);
  const { machine, saved } = begun(s, cells);
  const coinbase = BigInt(s.block.feeRecipient);
  cells.set(coinbase, { ...cells.at(coinbase), ...patch });
  const { ts, gas, work, jrn } = machine.exec;
  const passed = { ts: ts + random.bits(20), gas: gas / 2n, work: work - random.bits(30), jrn: jrn + random.bits(5) };
  const frame = { call: saved.call, ok: 1n, refund: 2n + random.bits(10), ...passed, ...end };
  return endRow(frame, saved, s.block, cells).row;
}
