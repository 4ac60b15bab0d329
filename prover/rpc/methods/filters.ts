import type { Hex } from 'viem';
import type { BlockRef } from '../block-ref.js';
import type { ChainEvent } from '../chain-feed.js';
import type { RpcContext } from '../context.js';
import { transactionJson } from '../encode.js';
import { type Filter, type RangedCriteria, unknownFilter } from '../filters.js';
import { logFilter } from '../log-filter.js';
import { selected } from '../logs.js';
import { method } from '../method.js';
import { filterId, optional, wholeTransactions } from '../parameters.js';
import { getLogs } from './transactions.js';

/** Methods of who asks now and then what is new. */
export const filterMethods = {
  eth_newFilter: method([logFilter], async ({ filters, feed }, filter) =>
    filters.install({ kind: 'logs', filter, next: await feed.next() }),
  ),
  eth_newBlockFilter: method([], async ({ filters, feed }) =>
    filters.install({ kind: 'blocks', next: await feed.next() }),
  ),
  eth_newPendingTransactionFilter: method([optional(wholeTransactions, false)], ({ filters, pending }, whole) =>
    filters.install({ kind: 'pending', whole, next: pending.next }),
  ),
  eth_uninstallFilter: method([filterId], ({ filters }, id) => filters.uninstall(id)),
  eth_getFilterChanges: method([filterId], (context, id) => changes(context, id, context.filters.get(id))),
  /** All events that the filter asks for, as eth_getLogs has them. */
  eth_getFilterLogs: method([filterId], (context, id) => {
    const filter = context.filters.get(id);
    if (filter.kind !== 'logs') throw unknownFilter(id);
    return getLogs(context, filter.filter);
  }),
};

async function changes({ filters, feed, pending, rules }: RpcContext, id: Hex, filter: Filter): Promise<unknown[]> {
  if (filter.kind === 'pending') {
    const entries = pending.since(filter.next);
    filter.next = pending.next;
    if (entries !== undefined) {
      return entries.map(({ hash, raw }) => (filter.whole ? transactionJson(raw, rules) : hash));
    }
  } else {
    const news = await feed.since(filter.next);
    if (news !== undefined) {
      const { events, next } = news;
      filter.next = next;
      if (filter.kind === 'blocks') return events.filter(({ kind }) => kind === 'added').map(({ hash }) => hash);
      return events
        .filter((event) => isWithin(event, filter.filter))
        .flatMap(({ logs }) => selected(logs, filter.filter));
    }
  }
  filters.uninstall(id);
  throw unknownFilter(id);
}

/** Whether a batch lies in the filter's range, as far as that has numbers or a hash. */
function isWithin({ number, hash }: ChainEvent, { from, to }: RangedCriteria): boolean {
  const isBelow = (ref: BlockRef) => typeof ref === 'bigint' && number < ref;
  const isAbove = (ref: BlockRef) => typeof ref === 'bigint' && number > ref;
  return !isBelow(from) && !isAbove(to) && (typeof from !== 'object' || from.hash === hash);
}
