import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { Mempool } from '../agents/mempool.js';
import { ChainIndex } from './chain-index.js';
import type { RpcContext } from './context.js';
import { answer, failure, type OnInternalError, type RpcResponse } from './dispatch.js';

/** What a server is made of. */
export interface RpcServerOptions {
  /** An `L2Node`. */
  readonly node: Pick<RpcContext, 'rules' | 'state'>;
  readonly mempool: Mempool;
  /** What it has announced of its batches; nothing when absent. */
  readonly announcements?: RpcContext['announcements'];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 when absent: nobody but this machine. */
  readonly host?: string;
  /** Bytes of a request's body at most; 1 MiB when absent. */
  readonly maxBody?: number;
  /** Milliseconds in which a request must have come in whole; 30,000 when absent. */
  readonly requestTimeout?: number;
  /** What web3_clientVersion answers; `deltaproof` when absent. */
  readonly clientVersion?: string;
  readonly onInternalError?: OnInternalError;
}

const MIB = 2 ** 20;
/** Milliseconds that a request in progress has to end when the server closes. */
const GRACE = 5_000;

/** A sequencer's JSON-RPC 2.0 door over HTTP POST. The content type of a request is not looked at. */
export class RpcServer {
  readonly #server: Server;
  readonly #context: RpcContext;
  readonly #maxBody: number;
  readonly #onInternalError: OnInternalError;
  /** Where it listens; kept, since a closing server no longer knows it. */
  #address: AddressInfo = { address: '', family: 'IPv4', port: 0 };
  #closing: Promise<void> | undefined;

  private constructor(options: RpcServerOptions) {
    const { node, mempool, maxBody = MIB, requestTimeout = 30_000, clientVersion = 'deltaproof' } = options;
    const { rules, state } = node;
    const { announcements } = options;
    const kept = announcements === undefined ? {} : { announcements };
    this.#context = { rules, state, mempool, index: new ChainIndex(state), clientVersion, ...kept };
    this.#maxBody = maxBody;
    this.#onInternalError = options.onInternalError ?? (() => {});
    const timeouts = { requestTimeout, headersTimeout: requestTimeout };
    this.#server = createServer(timeouts, (request, response) => void this.#handle(request, response));
  }

  /** @throws RpcError `RPC_LISTEN` when the address cannot be used */
  static async listen(options: RpcServerOptions): Promise<RpcServer> {
    const { host = '127.0.0.1', port = 0 } = options;
    const rpc = new RpcServer(options);
    await new Promise<void>((resolve, reject) => {
      rpc.#server.once('error', reject);
      rpc.#server.listen(port, host, () => {
        rpc.#server.off('error', reject);
        resolve();
      });
    }).catch((cause: unknown) => {
      const message = `The RPC server cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : cause}.`;
      throw new RpcError(RPC_CODE.internal, 'RPC_LISTEN', message, { hint: 'Choose another port or host.', cause });
    });
    rpc.#address = rpc.#server.address() as AddressInfo; // it listens on TCP
    return rpc;
  }

  get port(): number {
    return this.#address.port;
  }

  /** Where clients find it. */
  get url(): string {
    const { address, family, port } = this.#address;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Takes no more requests, answers those in progress, and ends all connections. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      const late = setTimeout(() => this.#server.closeAllConnections(), GRACE);
      this.#server.close(() => {
        clearTimeout(late);
        resolve();
      });
    });
    return this.#closing;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      request.resume();
      response.setHeader('allow', 'POST');
      return this.#send(
        response,
        405,
        failure(null, new RpcError(RPC_CODE.invalidRequest, 'RPC_REQUEST', 'Use POST.')),
      );
    }
    let text: string;
    try {
      text = await this.#body(request);
    } catch (error) {
      if (error instanceof RpcError) this.#send(response, 413, failure(null, error));
      else response.destroy(); // the client went away
      return;
    }
    const answered = await answer(text, this.#context, this.#onInternalError);
    this.#send(response, answered === undefined ? 204 : 200, answered);
  }

  /** The whole body. One that is too large is read to its end too, else the client would not hear why it was refused. */
  async #body(request: IncomingMessage): Promise<string> {
    let chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= this.#maxBody) chunks.push(chunk);
      else chunks = [];
    }
    if (size <= this.#maxBody) return Buffer.concat(chunks).toString('utf8');
    const message = `The body has ${size} bytes, and ${this.#maxBody} are allowed.`;
    throw new RpcError(RPC_CODE.limit, 'RPC_BODY_TOO_LARGE', message, { hint: 'Send fewer requests at once.' });
  }

  #send(response: ServerResponse, status: number, body: RpcResponse | RpcResponse[] | undefined): void {
    if (this.#closing !== undefined) response.shouldKeepAlive = false;
    if (body === undefined) {
      response.writeHead(status).end();
      return;
    }
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }
}
