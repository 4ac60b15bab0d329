import { OP } from '../../../../src/evm/opcodes.js';
import { alice, bob, ETHER, RULES } from '../world.js';
import {
  call,
  forger,
  frameForgeries,
  invalid,
  LONG,
  long,
  one,
  REVERTS,
  returner,
  reverter,
  STOPS,
  stopper,
  valid,
} from './world.js';

const refunded = (refund: bigint) => one().begin(valid, STOPS).frame().passes({ gas: 20_000n, refund, jrn: 2n });
const low = (who: string) => BigInt(who) & ((1n << 128n) - 1n);
const [far, next] = [call({ to: long, value: ETHER }), call({ nonce: 6n })];
const failing = call({ to: reverter });
/** More than there is. */
const reserve = RULES.workBudget - valid.use + 1n;

/** True batches, which the forger finishes: it must be able to tell the truth. */
export const HONEST = frameForgeries('calls: truths', [], {
  STOP: one,
  RETURN: () => forger([call({ to: returner })]),
  'REVERT, the value goes back': () => forger([failing]),
  'a halt, the value goes back': () => forger([call({ to: invalid })]),
  'no tip, and a fee recipient that does not exist': () => forger([call({ tip: 0n })], [], bob),
  'a refund below a fifth': () => refunded(10n),
  'a refund of just a fifth': () => refunded(6_000n),
  'a refund above a fifth': () => refunded(6_001n),
  'a failure whose journal is undone': () =>
    forger([failing]).begin(failing, REVERTS).frame().passes({ jrn: 3n, refund: 9n }),
  'the fee recipient is the sender': () => forger([valid], [], alice),
  'the fee recipient is the code that runs': () => forger([valid], [], stopper),
  'two calls, one reads its environment': () =>
    forger([far, next])
      .begin(far, LONG)
      .frame()
      .reads(BigInt(OP.CALLVALUE), 0n, ETHER)
      .reads(BigInt(OP.CODESIZE), 0n, 9_000n)
      .reads(BigInt(OP.CALLER), BigInt(alice) >> 128n, low(alice)),
  'a call is skipped, for its nonce': () => forger([call({ nonce: 4n })]),
  'a call is skipped, for its work': () => forger([call({ to: long, reserve })]),
  'a payment is skipped, for its work': () => forger([call({ to: bob, reserve })]),
});
