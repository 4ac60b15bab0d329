import { word } from '../../../src/batch/bytes.js';
import type { BlockRef } from '../block-ref.js';
import { unlessPending, viewAt } from '../context.js';
import { method } from '../method.js';
import { addressParameter, block, optional, slotKey } from '../parameters.js';
import { quantity } from '../quantity.js';

const blockOrLatest = optional<BlockRef>(block, 'latest');

/** Methods about the state of accounts. */
export const accountMethods = {
  eth_getBalance: method([addressParameter, blockOrLatest], async (context, address, ref) => {
    const { balance } = await (await viewAt(context, ref)).account(address);
    return quantity(balance);
  }),
  eth_getTransactionCount: method([addressParameter, blockOrLatest], async (context, address, ref) => {
    if (ref === 'pending') return quantity(await context.mempool.nextNonce(address));
    const { nonce } = await (await viewAt(context, ref)).account(address);
    return quantity(nonce);
  }),
  eth_getCode: method([addressParameter, blockOrLatest], async (context, address, ref) => {
    const view = await viewAt(context, unlessPending(ref));
    return view.code((await view.account(address)).codeHash);
  }),
  eth_getStorageAt: method([addressParameter, slotKey, blockOrLatest], async (context, address, key, ref) =>
    word(await (await viewAt(context, unlessPending(ref))).slot(address, key)),
  ),
};
