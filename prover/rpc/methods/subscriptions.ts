import { RPC_CODE, RpcError } from '../../../src/errors/rpc.js';
import type { RpcContext, Session, Topic } from '../context.js';
import { logCriteria } from '../log-filter.js';
import { method, WrongParameter } from '../method.js';
import { filterId, isObject } from '../parameters.js';

const topicName = {
  name: 'topic',
  parse(value: unknown): Topic['kind'] {
    if (value === 'newHeads' || value === 'logs' || value === 'newPendingTransactions') return value;
    throw new WrongParameter('must be newHeads, logs or newPendingTransactions');
  },
};
/** Of logs a filter, of pending transactions whether they are wanted whole. */
const detail = {
  name: 'detail',
  fallback: {} as unknown,
  parse(value: unknown): unknown {
    if (isObject(value)) logCriteria(value);
    else if (typeof value !== 'boolean') throw new WrongParameter('must be a filter, or true or false');
    return value;
  },
};

/** Methods of connections that are told what is new. */
export const subscriptionMethods = {
  eth_subscribe: method([topicName, detail], (context, kind, value) =>
    sessionOf(context).subscribe(topicOf(kind, value)),
  ),
  eth_unsubscribe: method([filterId], (context, id) => sessionOf(context).unsubscribe(id)),
};

function topicOf(kind: Topic['kind'], value: unknown): Topic {
  if (kind === 'logs') return { kind, criteria: logCriteria(isObject(value) ? value : {}) };
  return kind === 'newHeads' ? { kind } : { kind, whole: value === true };
}

/** @throws RpcError `RPC_SUBSCRIPTION` over HTTP */
function sessionOf({ session }: RpcContext): Session {
  if (session !== undefined) return session;
  const message = 'notifications not supported: subscriptions need a WebSocket connection.';
  throw new RpcError(RPC_CODE.unknownMethod, 'RPC_SUBSCRIPTION', message, { hint: 'Connect by ws://.' });
}
