import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { RpcContext } from './context.js';
import { answer, type OnInternalError } from './dispatch.js';
import { Subscriptions } from './subscriptions.js';

/** Bounds of WebSocket connections. */
export interface WebSocketLimits {
  /** Bytes of a message. */
  readonly maxPayload: number;
  /** Connections at a time (128). */
  readonly connections?: number;
  /** Bytes that wait for a client that does not read, before it is cut off (8 MiB). */
  readonly buffered?: number;
  /** Milliseconds between pings; who has not answered the last one is cut off (30,000). */
  readonly ping?: number;
}

/** Requests of one connection that wait, before no more are read from it. */
const MOST_WAITING = 16;
const DEFAULTS = { connections: 128, buffered: 8 * 2 ** 20, ping: 30_000 };

/** JSON-RPC over WebSocket, with subscriptions. */
export class WebSocketDoor {
  readonly #server: WebSocketServer;
  readonly #context: RpcContext;
  readonly #limits: Required<WebSocketLimits>;
  readonly #onInternalError: OnInternalError;
  readonly #subscriptions: Subscriptions;
  readonly #pings: NodeJS.Timeout;
  #isClosing = false;
  /** Those that have answered the last ping. */
  readonly #alive = new WeakSet<WebSocket>();

  constructor(context: RpcContext, limits: WebSocketLimits, onInternalError: OnInternalError) {
    this.#context = context;
    this.#limits = { ...DEFAULTS, ...limits };
    this.#onInternalError = onInternalError;
    const { maxPayload, ping } = this.#limits;
    this.#server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
    this.#subscriptions = new Subscriptions(context, (error) => onInternalError(error, 'eth_subscription'));
    this.#pings = setInterval(() => this.#pingAll(), ping).unref();
  }

  /** Takes over a connection that asks for it, or ends it where there is no room. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.#isClosing || this.#server.clients.size >= this.#limits.connections) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#serve(client));
  }

  /** Says goodbye to all; who does not answer within `grace` milliseconds is cut off. */
  async close(grace: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#pings);
    await this.#subscriptions.close();
    const clients = [...this.#server.clients];
    const late = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, grace);
    const ended = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
    for (const client of clients) client.close(1001, 'the node stops');
    await Promise.all(ended);
    clearTimeout(late);
    this.#server.close();
  }

  #serve(client: WebSocket): void {
    this.#alive.add(client);
    const { session, remove } = this.#subscriptions.add((subscription, result) =>
      this.#send(client, { jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } }),
    );
    const context = { ...this.#context, session };
    let waiting = 0;
    let last = Promise.resolve();
    const handle = async (text: string) => {
      const answered = await answer(text, context, this.#onInternalError);
      if (answered !== undefined) this.#send(client, answered);
      if (--waiting < MOST_WAITING && client.isPaused) client.resume();
    };
    client.on('message', (data: RawData) => {
      if (++waiting >= MOST_WAITING) client.pause();
      // Fragments come as one Buffer by default.
      last = last.then(() => handle((data as Buffer).toString('utf8')));
    });
    client.on('pong', () => this.#alive.add(client));
    client.on('error', () => client.terminate());
    client.on('close', remove);
  }

  #send(client: WebSocket, body: unknown): void {
    if (client.readyState !== WebSocket.OPEN) return;
    client.send(JSON.stringify(body));
    if (client.bufferedAmount > this.#limits.buffered) client.terminate();
  }

  #pingAll(): void {
    for (const client of this.#server.clients) {
      if (!this.#alive.delete(client)) client.terminate();
      else client.ping();
    }
  }
}
