import type { Hex } from 'viem';
import { DeltaproofError } from '../../src/errors/base.js';
import { ExecutionError } from '../../src/errors/execution.js';
import { MempoolError } from '../../src/errors/mempool.js';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { RpcContext } from './context.js';
import { knownWords } from './known-words.js';
import type { Method } from './method.js';
import { accountMethods } from './methods/accounts.js';
import { callMethods } from './methods/calls.js';
import { chainMethods } from './methods/chain.js';
import { deltaproofMethods } from './methods/deltaproof.js';
import { filterMethods } from './methods/filters.js';
import { subscriptionMethods } from './methods/subscriptions.js';
import { transactionMethods } from './methods/transactions.js';

const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...chainMethods,
    ...accountMethods,
    ...callMethods,
    ...transactionMethods,
    ...filterMethods,
    ...subscriptionMethods,
    ...deltaproofMethods,
  }),
);

/** Names of all methods. */
export const METHOD_NAMES: readonly string[] = [...METHODS.keys()];

/** Requests in one batch of requests at most. */
const MAX_REQUESTS = 100;

/** Characters of the answers to one batch of requests; what comes after them is refused. */
const MAX_RESPONSE = 16 * 2 ** 20;

/** A JSON-RPC 2.0 response. */
export type RpcResponse = { readonly jsonrpc: '2.0'; readonly id: string | number | null } & (
  | { readonly result: unknown }
  | { readonly error: RpcErrorJson }
);

interface RpcErrorJson {
  readonly code: number;
  readonly message: string;
  /**
   * `code` is this project's error code; the other fields identify the input. Of code that reverted (code 3) it is what came back, as hex,
   * as Ethereum's nodes have it.
   */
  readonly data: Hex | Readonly<Record<string, unknown>>;
}

/** Hears of errors that are this program's fault. It must not throw. */
export type OnInternalError = (error: unknown, method: string) => void;

/**
 * Answers the text of a JSON-RPC 2.0 request or batch of requests. Never throws.
 * @returns undefined when nothing is to be answered (notifications)
 */
export async function answer(
  text: string,
  context: RpcContext,
  onInternalError: OnInternalError,
): Promise<RpcResponse | RpcResponse[] | undefined> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return failure(null, new RpcError(RPC_CODE.parse, 'RPC_PARSE', 'Parse error: the body is not JSON.'));
  }
  if (!Array.isArray(body)) return answerOne(body, context, onInternalError);
  if (body.length === 0) return failure(null, badRequest('an empty list of requests'));
  if (body.length > MAX_REQUESTS) {
    const message = `The list has ${body.length} requests, and ${MAX_REQUESTS} are allowed.`;
    return failure(null, new RpcError(RPC_CODE.limit, 'RPC_BATCH_TOO_LARGE', message, { hint: 'Send fewer at once.' }));
  }
  const responses: RpcResponse[] = [];
  let length = 0;
  for (const request of body as unknown[]) {
    const response = length > MAX_RESPONSE ? tooLong(request) : await answerOne(request, context, onInternalError);
    if (response === undefined) continue;
    length += JSON.stringify(response).length;
    responses.push(response);
  }
  return responses.length === 0 ? undefined : responses;
}

function tooLong(request: unknown): RpcResponse {
  const { id } = (request ?? {}) as { readonly id?: unknown };
  const message = `response too large: the answers before this one have more than ${MAX_RESPONSE} characters.`;
  const error = new RpcError(RPC_CODE.limit, 'RPC_RESPONSE_TOO_LARGE', message, { hint: 'Send fewer at once.' });
  return failure(typeof id === 'string' || typeof id === 'number' ? id : null, error);
}

async function answerOne(
  request: unknown,
  context: RpcContext,
  onInternalError: OnInternalError,
): Promise<RpcResponse | undefined> {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    return failure(null, badRequest('a request is an object'));
  }
  const { jsonrpc, id, method: name, params = [] } = request as Record<string, unknown>;
  const isNotification = !Object.hasOwn(request, 'id');
  if (!isNotification && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    return failure(null, badRequest('id must be a string, a number or null'));
  }
  const echo = isNotification ? null : (id as string | number | null);
  if (jsonrpc !== '2.0') return failure(echo, badRequest('jsonrpc must be "2.0"'));
  if (typeof name !== 'string') return failure(echo, badRequest('method must be a string'));
  let response: RpcResponse;
  try {
    response = { jsonrpc: '2.0', id: echo, result: await call(name, params, context) };
  } catch (error) {
    if (rpcCodeOf(error) === RPC_CODE.internal) onInternalError(error, name);
    response = failure(echo, error);
  }
  return isNotification ? undefined : response;
}

async function call(name: string, params: unknown, context: RpcContext): Promise<unknown> {
  const method = METHODS.get(name);
  if (method === undefined) {
    const message = `The method ${name.slice(0, 100)} does not exist.`;
    throw new RpcError(RPC_CODE.unknownMethod, 'RPC_METHOD', message);
  }
  if (!Array.isArray(params)) {
    throw new RpcError(RPC_CODE.invalidParams, 'RPC_PARAMS', 'Invalid params: they must be a list, in order.');
  }
  return method(context, params);
}

function badRequest(what: string): RpcError {
  return new RpcError(RPC_CODE.invalidRequest, 'RPC_REQUEST', `Invalid request: ${what}.`);
}

/** Errors of the state that are the caller's or the moment's; any other is a fault of this node. */
const STATE_CODES: Readonly<Record<string, number>> = {
  STATE_UNKNOWN_BATCH: RPC_CODE.notFound,
  STATE_PRUNED: RPC_CODE.notFound,
  STATE_REVERTED: RPC_CODE.unavailable,
};

function rpcCodeOf(error: unknown): number {
  if (error instanceof RpcError) return error.rpcCode;
  if (error instanceof ExecutionError && error.code.startsWith('EXECUTION_TX_')) return RPC_CODE.rejected;
  if (error instanceof MempoolError) return error.retryable ? RPC_CODE.limit : RPC_CODE.rejected;
  return (error instanceof DeltaproofError ? STATE_CODES[error.code] : undefined) ?? RPC_CODE.internal;
}

/** The response for an error. What went wrong inside is not told to strangers. */
export function failure(id: string | number | null, error: unknown): RpcResponse {
  const code = rpcCodeOf(error);
  if (code === RPC_CODE.internal || !(error instanceof DeltaproofError)) {
    const message = 'Internal error: the node could not answer. Its log says why.';
    return { jsonrpc: '2.0', id, error: { code, message, data: { code: 'RPC_INTERNAL' } } };
  }
  const words = knownWords(error);
  const message = words === undefined ? error.message : `${words}: ${error.message}`;
  if (error.code === 'RPC_REVERTED') return { jsonrpc: '2.0', id, error: { code, message, data: revertData(error) } };
  return { jsonrpc: '2.0', id, error: { code, message, data: { code: error.code, ...error.details } } };
}

function revertData({ details }: DeltaproofError): Hex {
  return details?.data as Hex;
}
