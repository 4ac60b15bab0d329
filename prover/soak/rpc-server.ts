import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A JSON-RPC request as it came. */
export interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** A JSON-RPC server that answers as it is told, well or badly. */
export interface AnyRpcServer {
  readonly url: string;
  /** Ends all connections. */
  close(): Promise<void>;
}

/**
 * Starts one over HTTP, batches included, on a free port of 127.0.0.1.
 * @param answer makes a whole response; where it throws, the connection ends without one
 */
export async function serveRpc(answer: (request: RpcRequest) => Promise<object>): Promise<AnyRpcServer> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as RpcRequest | RpcRequest[];
      const said = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
