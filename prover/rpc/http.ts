import type { IncomingMessage, ServerResponse } from 'node:http';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { RpcContext } from './context.js';
import { answer, failure, type OnInternalError } from './dispatch.js';

/** What answers a request over HTTP. */
export interface HttpOptions {
  readonly context: RpcContext;
  /** Bytes of a request's body at most. */
  readonly maxBody: number;
  readonly onInternalError: OnInternalError;
  /** Whether connections are not to be kept for further requests. */
  readonly isClosing: () => boolean;
}

/** The door guards nothing that its callers do not sign for, so pages of any origin may use it. */
const CORS = { 'access-control-allow-origin': '*' };
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'POST, GET, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
};

/** Answers POST by JSON-RPC, GET /healthz, and OPTIONS for browsers. Never throws. */
export async function handle(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  const { context, maxBody, onInternalError, isClosing } = options;
  const send = (status: number, body: unknown) => {
    if (isClosing()) response.shouldKeepAlive = false;
    write(response, status, body);
  };
  if (request.method === 'POST') {
    const text = await bodyOf(request, maxBody).catch((error: unknown) => error);
    if (typeof text === 'string') {
      const answered = await answer(text, context, onInternalError);
      send(answered === undefined ? 204 : 200, answered);
    } else if (text instanceof RpcError) send(413, failure(null, text));
    else response.destroy(); // the client went away
    return;
  }
  request.resume();
  if (request.method === 'OPTIONS') {
    response.writeHead(204, PREFLIGHT).end();
  } else if (request.method === 'GET' && request.url?.split('?')[0] === '/healthz') {
    const health = await healthOf(context, onInternalError);
    send(health.ok ? 200 : 503, health);
  } else {
    response.setHeader('allow', 'POST');
    send(405, failure(null, new RpcError(RPC_CODE.invalidRequest, 'RPC_REQUEST', 'Use POST.')));
  }
}

/** Whether the node answers from its store. */
async function healthOf({ state, mempool }: RpcContext, onInternalError: OnInternalError) {
  try {
    const { head } = state;
    return { ok: true, head: head.toString(), headHash: await state.batchHash(head), waiting: mempool.size };
  } catch (error) {
    onInternalError(error, 'healthz');
    return { ok: false };
  }
}

/** The whole body. One that is too large is read to its end too, else the client would not hear why it was refused. */
async function bodyOf(request: IncomingMessage, maxBody: number): Promise<string> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBody) chunks.push(chunk);
    else chunks = [];
  }
  if (size <= maxBody) return Buffer.concat(chunks).toString('utf8');
  const message = `The body has ${size} bytes, and ${maxBody} are allowed.`;
  throw new RpcError(RPC_CODE.limit, 'RPC_BODY_TOO_LARGE', message, { hint: 'Send fewer requests at once.' });
}

function write(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) {
    response.writeHead(status, CORS).end();
    return;
  }
  const text = JSON.stringify(body);
  const headers = { ...CORS, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, headers);
  response.end(text);
}
