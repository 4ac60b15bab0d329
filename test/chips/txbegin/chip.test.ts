import { txbegin } from '../../../src/chips/txbegin.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { begun, codeScene } from '../samples/frame.js';

describeChip(txbegin, {
  words: [
    {
      goal: /^change of WARMING\.(ts|n)$/,
      limits: {},
      reason: 'what is received is the end of the walk that this row begins, `count` rows of chip warm later',
    },
  ],
  constraints: 179,
  mutations: 90,
  rows: (random) => {
    const fresh = () => codeScene(random);
    const all = fresh();
    const poor = fresh();
    const again = fresh();
    const tight = fresh();
    return [
      begun(fresh()).begin,
      // the whole balance, no keys, a code of one byte
      begun({
        ...all,
        tx: { ...all.tx, keys: [] },
        sender: { ...all.sender, balance: all.tx.maxCost },
        codeLen: 1,
      }).begin,
      // the balance's high half is just that of the cost; value carries into the recipient's high half
      begun({
        ...poor,
        sender: { ...poor.sender, balance: poor.tx.maxCost | ((1n << 128n) - 1n) },
        recipient: { ...poor.recipient, balance: (1n << 255n) + (1n << 128n) - 1n },
      }).begin,
      // both were touched before in this transaction, and are warm
      begun({
        ...again,
        sender: { ...again.sender, tx: again.between.tx, flags: 1n },
        recipient: { ...again.recipient, tx: again.between.tx, flags: 1n },
      }).begin,
      // a destroyed sender has nothing and pays nothing; gas, work and gas limit are used up to the last
      begun({
        ...tight,
        tx: { ...tight.tx, nonce: 0n, value: 0n, price: 0n, tip: 0n, maxCost: 0n, gasLimit: tight.tx.intrinsic },
        sender: { ...tight.sender, flags: 1n },
        block: { ...tight.block, gasLimit: tight.between.gasUsed + tight.tx.intrinsic },
        between: { ...tight.between, work: tight.tx.use + tight.tx.reserve },
      }).begin,
    ];
  },
});
