import { numberToHex } from 'viem';
import { SeededRandom } from '../../src/samples/random.js';
import { type AnyRpcServer, type RpcRequest, serveRpc } from './rpc-server.js';

/** How bad a node of L1 is. */
export interface BadNode {
  /** Answers of a thousand that are dropped: half of them before L1 is asked, half of them behind. */
  readonly dropped: number;
  /** Blocks that one request for logs may be about. */
  readonly logRange: number;
  /** Blocks that it is behind at most, for seconds at a time. */
  readonly lag: number;
  readonly seed: string;
}

/** Requests, and how many of them were dropped, answered by old blocks, refused. */
interface Counts {
  asked: number;
  dropped: number;
  behind: number;
  refused: number;
}

type Answer = { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } };

/** Milliseconds for which it is as far behind as it is. */
const LAG_FOR = 4_000;
/** Methods whose last parameter is a block. */
const AT_BLOCK = new Set(['eth_call', 'eth_getBalance', 'eth_getTransactionCount', 'eth_getCode', 'eth_getStorageAt']);

/** A JSON-RPC node in front of another that is as bad as public ones are: it is behind at times, limits ranges of logs, and drops answers. */
export class BadL1 {
  readonly #server: AnyRpcServer;
  /** Requests, and what was done to them. */
  readonly counts: Counts;

  private constructor(server: AnyRpcServer, counts: Counts) {
    this.#server = server;
    this.counts = counts;
  }

  /** Starts one on a free port of 127.0.0.1. */
  static async start(target: string, bad: BadNode): Promise<BadL1> {
    const random = new SeededRandom(`bad L1 ${bad.seed}`);
    const counts: Counts = { asked: 0, dropped: 0, behind: 0, refused: 0 };
    const server = await serveRpc(async (request) => {
      counts.asked++;
      const drop = random.below(2_000);
      if (drop < bad.dropped) throw dropped(counts);
      const said = await behind(target, request, bad, counts);
      if (drop < 2 * bad.dropped) throw dropped(counts);
      return { jsonrpc: '2.0', id: request.id, ...said };
    });
    return new BadL1(server, counts);
  }

  get url(): string {
    return this.#server.url;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

function dropped(counts: Counts): Error {
  counts.dropped++;
  return new Error('dropped');
}

/** What a node says that has not seen the newest blocks yet. */
async function behind(target: string, request: RpcRequest, bad: BadNode, counts: Counts): Promise<Answer> {
  const lag = lagNow(bad);
  const { method, params = [] } = request;
  const head = lag === 0 && method !== 'eth_getLogs' ? 0 : await headOf(target);
  const newest = Math.max(0, head - lag);
  if (lag > 0) counts.behind++;
  if (method === 'eth_getLogs') {
    const { asked, isTooMuch } = clippedRange(params, newest, bad.logRange);
    if (isTooMuch) {
      counts.refused++;
      return { error: { code: -32_005, message: `query exceeds max block range ${bad.logRange}` } };
    }
    return asked === undefined ? { result: [] } : ask(target, { ...request, params: asked });
  }
  if (lag === 0) return ask(target, request);
  if (method === 'eth_blockNumber') return { result: numberToHex(newest) };
  if (method === 'eth_getBlockByNumber') {
    const [tag, ...others] = params;
    const isNumber = typeof tag === 'string' && tag.startsWith('0x');
    if (isNumber && Number(tag) > newest) return { result: null };
    return ask(target, { ...request, params: [isNumber || tag === 'earliest' ? tag : numberToHex(newest), ...others] });
  }
  if (AT_BLOCK.has(method)) {
    const last = params.at(-1);
    const isTag = last === 'latest' || last === 'pending';
    return ask(target, isTag ? { ...request, params: [...params.slice(0, -1), numberToHex(newest)] } : request);
  }
  const said = await ask(target, request);
  const at = (said.result as { blockNumber?: string } | null | undefined)?.blockNumber;
  const isAhead = method === 'eth_getTransactionReceipt' && at !== undefined && Number(at) > newest;
  return isAhead ? { result: null } : said;
}

/** The range as far as the node knows it, and whether it is more than it allows. */
function clippedRange(params: readonly unknown[], newest: number, most: number) {
  const [filter] = params as [{ fromBlock?: string; toBlock?: string; blockHash?: string }];
  if (filter.blockHash !== undefined) return { asked: params, isTooMuch: false };
  const number = (tag: string | undefined) => (tag?.startsWith('0x') ? Number(tag) : newest);
  const [from, to] = [number(filter.fromBlock), Math.min(number(filter.toBlock), newest)];
  const asked = from > to ? undefined : [{ ...filter, toBlock: numberToHex(to) }];
  return { asked, isTooMuch: to - from + 1 > most };
}

/** Half of the time none; the same for everybody who asks within some seconds. */
function lagNow({ lag, seed }: BadNode): number {
  const random = new SeededRandom(`lag ${seed} ${Math.floor(Date.now() / LAG_FOR)}`);
  return random.below(2) === 0 ? 0 : random.below(lag + 1);
}

async function headOf(target: string): Promise<number> {
  return Number((await ask(target, { id: 1, method: 'eth_blockNumber' })).result as string);
}

async function ask(target: string, request: RpcRequest): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', ...request });
  const response = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result, error } = (await response.json()) as Answer;
  return error === undefined ? { result } : { error };
}
