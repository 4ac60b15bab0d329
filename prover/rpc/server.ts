import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { Mempool } from '../agents/mempool.js';
import { BlockRoots } from './block-roots.js';
import { ChainFeed } from './chain-feed.js';
import { ChainIndex } from './chain-index.js';
import type { PendingTransaction, RpcContext } from './context.js';
import type { OnInternalError } from './dispatch.js';
import { Filters } from './filters.js';
import { handle } from './http.js';
import { Journal } from './journal.js';
import { WebSocketDoor, type WebSocketLimits } from './web-socket.js';

/** What a server is made of. */
export interface RpcServerOptions {
  /** An `L2Node`. */
  readonly node: Pick<RpcContext, 'rules' | 'state'>;
  readonly mempool: Mempool;
  /** What it has announced of its batches; nothing when absent. */
  readonly announcements?: RpcContext['announcements'];
  /** Says what `safe` and `finalized` are; there are none when absent. */
  readonly finality?: RpcContext['finality'];
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
  /** Other bounds of WebSocket connections than usual. */
  readonly webSocket?: Partial<WebSocketLimits>;
}

const MIB = 2 ** 20;
/** Characters of the transactions that filters and subscriptions are told of later. */
const MOST_PENDING = 16 * MIB;
/** Milliseconds that a request in progress has to end when the server closes. */
const GRACE = 5_000;

/** A sequencer's JSON-RPC 2.0 door over HTTP POST and WebSocket, on one port (docs/RPC.md). The content type of a request is not looked at. */
export class RpcServer {
  readonly #server: Server;
  readonly #webSockets: WebSocketDoor;
  /** Where it listens; kept, since a closing server no longer knows it. */
  #address: AddressInfo = { address: '', family: 'IPv4', port: 0 };
  #closing: Promise<void> | undefined;

  private constructor(options: RpcServerOptions) {
    const { node, mempool, maxBody = MIB, requestTimeout = 30_000, clientVersion = 'deltaproof' } = options;
    const { rules, state } = node;
    const { announcements, finality } = options;
    const kept = {
      ...(announcements === undefined ? {} : { announcements }),
      ...(finality === undefined ? {} : { finality }),
    };
    const pending = new Journal<PendingTransaction>(MOST_PENDING, ({ raw }) => raw.length);
    const followers = { index: new ChainIndex(state), feed: new ChainFeed(state) };
    const own = { roots: new BlockRoots(), filters: new Filters(), pending, ...followers };
    const context: RpcContext = { rules, state, mempool, clientVersion, ...own, ...kept };
    const onInternalError = options.onInternalError ?? (() => {});
    const timeouts = { requestTimeout, headersTimeout: requestTimeout };
    const http = { context, maxBody, onInternalError, isClosing: () => this.#closing !== undefined };
    this.#server = createServer(timeouts, (request, response) => {
      void handle(request, response, http);
    });
    this.#webSockets = new WebSocketDoor(context, { maxPayload: maxBody, ...options.webSocket }, onInternalError);
    this.#server.on('upgrade', (request, socket, head) => this.#webSockets.upgrade(request, socket, head));
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
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      const late = setTimeout(() => this.#server.closeAllConnections(), GRACE);
      this.#server.close(() => {
        clearTimeout(late);
        resolve();
      });
    });
    await this.#webSockets.close(GRACE);
    await closed;
  }
}
