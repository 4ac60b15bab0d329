import type { ParsedTx } from '../../../../src/batch/types.js';
import { OP } from '../../../../src/evm/opcodes.js';
import {
  alice,
  asIs,
  begins,
  bob,
  call,
  codeAt,
  ETHER,
  type FrameForgery,
  forger,
  invalid,
  LONG,
  long,
  type miner,
  RULES,
  returner,
  reverter,
  STOPS,
  stopper,
  valid,
} from './world.js';

const runs = (tx: ParsedTx) => begins(tx, asIs);
const refunded = (refund: bigint) =>
  forger([valid]).begin(valid, STOPS).frame().passes({ gas: 20_000n, refund, jrn: 2n }).run().ends();

/** True batches: the forger itself must be able to tell the truth. */
export const HONEST: FrameForgery[] = [
  ['STOP', '', () => runs(valid)],
  ['RETURN', '', () => runs(call({ to: returner }))],
  ['REVERT, the value goes back', '', () => runs(call({ to: reverter }))],
  ['a halt, the value goes back', '', () => runs(call({ to: invalid }))],
  ['no tip, and a fee recipient that does not exist', '', () => noTip()],
  ['a refund below a fifth', '', () => refunded(10n)],
  ['a refund of just a fifth', '', () => refunded(6_000n)],
  ['a refund above a fifth', '', () => refunded(6_001n)],
  [
    'a failure whose journal is undone',
    '',
    () => {
      const tx = call({ to: reverter });
      return forger([tx]).begin(tx, codeAt(reverter)).frame().passes({ jrn: 3n, refund: 9n }).run().undone().ends();
    },
  ],
  ['the fee recipient is the sender', '', () => party(alice)],
  ['the fee recipient is the code that runs', '', () => party(stopper)],
  [
    'two calls, one reads its environment',
    '',
    () => {
      const [first, second] = [call({ to: long, value: ETHER }), call({ nonce: 6n })];
      const both = forger([first, second]).begin(first, LONG).frame();
      both
        .reads(BigInt(OP.CALLVALUE), 0n, ETHER)
        .reads(BigInt(OP.CODESIZE), 0n, 9_000n)
        .reads(BigInt(OP.CALLER), BigInt(alice) >> 128n, low(alice));
      return both.run().ends().begin(second, STOPS).frame().run().ends();
    },
  ],
  ['a call is skipped, for its nonce', '', () => forger([call({ nonce: 4n })]).skip(call({ nonce: 4n }), 'nonce')],
  [
    'a call is skipped, for its work',
    '',
    () => {
      const tx = call({ to: long, reserve: RULES.workBudget - valid.use + 1n });
      return forger([tx]).skip(tx, 'work');
    },
  ],
  [
    'a payment is skipped, for its work',
    '',
    () => {
      const tx = call({ to: bob, reserve: RULES.workBudget - valid.use + 1n });
      return forger([tx]).skip(tx, 'work');
    },
  ],
];

const low = (who: string) => BigInt(who) & ((1n << 128n) - 1n);

function noTip() {
  const tx = call({ tip: 0n });
  return forger([tx], [], bob).begin(tx, STOPS).frame().run().ends();
}

function party(feeRecipient: typeof miner) {
  return forger([valid], [], feeRecipient).begin(valid, STOPS).frame().run().ends();
}
