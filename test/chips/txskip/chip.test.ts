import { txskip } from '../../../src/chips/txskip.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { codeScene } from '../samples/frame.js';
import { CODE_HIGH, CODE_LOW, skipped } from '../samples/transaction.js';

// One row per way to show a reason, and in each row only that reason is true: where several are, the choice is free. In the
// last row three are, but to swap them takes a third changed cell: it is there for `en` = 2.
describeChip(txskip, {
  constraints: 109,
  mutations: 60,
  rows: (random) => {
    const next = () => codeScene(random);
    const a = next();
    const b = next();
    const c = next();
    const d = next();
    const e = next();
    const f = next();
    const g = next();
    const h = next();
    return [
      skipped({ ...a, sender: { ...a.sender, nonce: a.tx.nonce + 1n } }, 'nonce'),
      skipped({ ...a, sender: { ...a.sender, flags: 1n }, tx: { ...a.tx, maxCost: 0n } }, 'nonce'),
      skipped({ ...b, sender: { ...b.sender, code: CODE_HIGH } }, 'senderCode'),
      skipped({ ...b, sender: { ...b.sender, code: CODE_LOW } }, 'senderCode'),
      skipped({ ...c, sender: { ...c.sender, balance: c.tx.maxCost - (1n << 140n) } }, 'balance'),
      skipped({ ...c, sender: { ...c.sender, balance: c.tx.maxCost - 1n } }, 'balance'),
      skipped({ ...d, sender: { ...d.sender, flags: 1n }, tx: { ...d.tx, nonce: 0n } }, 'balance'),
      skipped({ ...e, block: { ...e.block, gasLimit: e.between.gasUsed + e.tx.gasLimit - 1n } }, 'gasLimit'),
      // no code
      skipped(
        {
          ...f,
          recipient: { ...f.recipient, flags: 1n },
          tx: { ...f.tx, reserve: f.between.work - f.tx.use + 1n },
        },
        'work',
      ),
      // with code
      skipped({ ...g, tx: { ...g.tx, reserve: g.between.work - g.tx.use + 1n } }, 'work'),
      skipped(
        {
          ...h,
          sender: { ...h.sender, balance: h.tx.maxCost - 10n },
          block: { ...h.block, gasLimit: h.between.gasUsed + h.tx.gasLimit - 1n },
          tx: { ...h.tx, reserve: h.between.work - h.tx.use + 1n },
        },
        'balance',
      ),
    ];
  },
});
