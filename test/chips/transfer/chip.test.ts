import { transfer } from '../../../src/chips/transfer.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { executed, scene } from '../samples/transaction.js';

describeChip(transfer, {
  constraints: 227,
  mutations: 90,
  rows: (random) => {
    const fresh = () => scene(random);
    const self = fresh();
    const selfTx = { ...self.tx, to: self.tx.sender };
    const toCoinbase = fresh();
    const fromCoinbase = fresh();
    const destroyed = fresh();
    const sent = fresh();
    return [
      executed(fresh()),
      // to oneself, the whole balance, with a gas limit that is used up: every party is one account
      executed({
        ...self,
        tx: { ...selfTx, gasLimit: selfTx.intrinsic },
        sender: { ...self.sender, balance: selfTx.maxCost },
        block: { ...self.block, feeRecipient: self.tx.sender },
      }),
      // to the fee recipient, who was destroyed in an earlier transaction; the balance's high half is just that of the cost
      executed({
        ...toCoinbase,
        tx: { ...toCoinbase.tx, to: toCoinbase.block.feeRecipient },
        recipient: { ...toCoinbase.recipient, flags: 1n },
        sender: { ...toCoinbase.sender, balance: toCoinbase.tx.maxCost | ((1n << 128n) - 1n) },
      }),
      executed({ ...fromCoinbase, block: { ...fromCoinbase.block, feeRecipient: fromCoinbase.tx.sender } }),
      // everybody was destroyed: the sender has nothing and pays nothing
      executed({
        ...destroyed,
        tx: { ...destroyed.tx, nonce: 0n, value: 0n, price: 0n, tip: 0n, maxCost: 0n },
        sender: { ...destroyed.sender, flags: 1n },
        recipient: { ...destroyed.recipient, flags: 1n, code: 77n },
        coinbase: { ...destroyed.coinbase, flags: 1n },
      }),
      // the three accounts were touched before in this transaction, and are warm
      executed({
        ...sent,
        sender: { ...sent.sender, tx: sent.between.tx, flags: 1n },
        recipient: { ...sent.recipient, tx: sent.between.tx },
        coinbase: { ...sent.coinbase, tx: sent.between.tx, code: 77n },
      }),
    ];
  },
});
