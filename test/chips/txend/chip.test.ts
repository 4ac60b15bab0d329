import { txend } from '../../../src/chips/txend.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { codeScene, ended } from '../samples/frame.js';

describeChip(txend, {
  constraints: 214,
  mutations: 90,
  rows: (random) => {
    const fresh = () => codeScene(random);
    const capped = fresh();
    const failed = fresh();
    const sender = fresh();
    const recipient = fresh();
    return [
      ended(fresh(), {}, random),
      // a refund far above a fifth; the fee recipient was destroyed in an earlier transaction
      ended(capped, { gas: 0n, refund: 1n << 60n }, random, { flags: 1n }),
      // out of gas or reverted: the value goes back, also across the halves
      ended({ ...failed, recipient: { ...failed.recipient, balance: (1n << 200n) - 1n } }, failure(failed), random),
      // the fee recipient is the sender, or the recipient; a refund of just a fifth
      ended({ ...sender, block: { ...sender.block, feeRecipient: sender.tx.sender } }, {}, random),
      ended({ ...recipient, block: { ...recipient.block, feeRecipient: recipient.tx.to } }, exact(recipient), random),
    ];
  },
});

/** A failure: the journal is as long as at the begin, no refund. */
function failure({ between }: ReturnType<typeof codeScene>) {
  return { ok: 0n, refund: 0n, jrn: between.jrn };
}

/** A refund of a fifth of what was used, rounded down. */
function exact({ tx }: ReturnType<typeof codeScene>) {
  return { gas: tx.gasLimit - 25_004n, refund: 5_000n };
}
