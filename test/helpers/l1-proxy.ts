import { type AnyRpcServer, type RpcRequest, serveRpc } from '../../prover/soak/rpc-server.js';

/** What a JSON-RPC node says: a result or an error. */
export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** Faults of an L1 node. `cut` ends the connection without an answer; undefined lets things be as they are. */
export interface L1Faults {
  /** Before the request reaches L1. */
  before?: (method: string, params: readonly unknown[]) => RpcAnswer | 'cut' | undefined;
  /** When L1 has answered. */
  after?: (method: string, params: readonly unknown[], answer: RpcAnswer) => RpcAnswer | 'cut' | undefined;
}

/** A JSON-RPC node in front of another one. */
export interface L1Proxy extends AnyRpcServer {
  readonly faults: L1Faults;
  /** Requests by method. */
  readonly counts: Map<string, number>;
  /** Ends all faults and forgets what was counted. */
  clear(): void;
}

/** Starts one on a free port. */
export async function startL1Proxy(target: string): Promise<L1Proxy> {
  const faults: L1Faults = {};
  const counts = new Map<string, number>();
  const server = await serveRpc(async (request: RpcRequest) => {
    const { id, method, params = [] } = request;
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const early = faults.before?.(method, params);
    if (early === 'cut') throw new Error('cut');
    if (early !== undefined) return { jsonrpc: '2.0', id, ...early };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(target, { method: 'POST', headers, body: JSON.stringify(request) });
    const real = (await response.json()) as RpcAnswer;
    const late = faults.after?.(method, params, real);
    if (late === 'cut') throw new Error('cut');
    return late === undefined ? real : { jsonrpc: '2.0', id, ...late };
  });
  return {
    ...server,
    faults,
    counts,
    clear: () => {
      delete faults.before;
      delete faults.after;
      counts.clear();
    },
  };
}
