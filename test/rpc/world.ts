import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { Mempool, type MempoolLimits } from '../../prover/agents/mempool.js';
import { L2Node } from '../../prover/node/node.js';
import { RpcServer, type RpcServerOptions } from '../../prover/rpc/server.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import type { Rules } from '../../src/batch/types.js';
import { type SampleSigner, sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { type ContractGenesis, withContracts } from '../../src/samples/contracts.js';
import type { BatchRecord } from '../../src/state/record.js';
import { plainFields } from '../helpers/transactions.js';

/** A node on a temporary folder with 20 accounts and the sample contracts, its mempool, and its door. */
export interface RpcWorld {
  readonly genesis: ContractGenesis;
  readonly node: L2Node;
  readonly mempool: Mempool;
  readonly rpc: RpcServer;
  /** Errors that the door called internal. */
  readonly internalErrors: unknown[];
  /** A signed transfer with the signer's nonce in the state plus `ahead`. */
  transfer(signer: SampleSigner, over?: Partial<TransactionFields>, ahead?: bigint): Promise<Hex>;
  /** Makes the next batch of what waits, or of `txs` as they are, and applies it. */
  makeBatch(txs?: readonly Hex[]): Promise<BatchRecord>;
  /** Sends one request and returns the whole response. */
  call(method: string, ...params: unknown[]): Promise<RpcReply>;
  close(): Promise<void>;
}

export interface RpcReply {
  readonly jsonrpc: string;
  readonly id: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: results are JSON of every form, and the expectations say which.
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string; readonly data: { readonly code: string } };
}

export async function openWorld(
  seed: string,
  limits: MempoolLimits = {},
  options: Partial<RpcServerOptions> = {},
  rules: Rules = RULES_V2,
): Promise<RpcWorld> {
  const path = await mkdtemp(join(tmpdir(), 'deltaproof-rpc-'));
  const genesis = withContracts(sampleGenesis(seed, 20));
  const node = await L2Node.open({ path, rules, genesis: genesis.state });
  const mempool = new Mempool(node, limits);
  const internalErrors: unknown[] = [];
  const onInternalError = (error: unknown) => void internalErrors.push(error);
  const rpc = await RpcServer.listen({ node, mempool, onInternalError, ...options });
  let id = 0;
  return {
    genesis,
    node,
    mempool,
    rpc,
    internalErrors,
    async transfer(signer, over = {}, ahead = 0n) {
      const { nonce } = await node.state.view().account(signer.address);
      const to = genesis.signers[9]!.address;
      return signTransaction(plainFields({ nonce: nonce + ahead, to, ...over }), signer.privateKey);
    },
    async makeBatch(txs) {
      const number = node.head + 1n;
      const environment = sampleEnvironment(genesis, number, await node.state.batchHash(node.head), rules);
      const batch = txs === undefined ? (await mempool.build(environment)).replay.batch : sealBatch(environment, txs);
      await node.apply(batch);
      return node.state.batch(number);
    },
    async call(method, ...params) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params });
      const response = await fetch(rpc.url, { method: 'POST', body });
      return (await response.json()) as RpcReply;
    },
    async close() {
      await rpc.close();
      await node.close();
      await rm(path, { recursive: true });
    },
  };
}
