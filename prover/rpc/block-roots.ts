import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { createTxFromRLP } from '@ethereumjs/tx';
import { encodeReceipt } from '@ethereumjs/vm';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { commonOf } from '../../src/execution/batch-vm.js';
import type { ExecutedTransaction } from './executed.js';
import { bloomOf } from './logs.js';

/** Root of Ethereum's trie without entries. */
export const EMPTY_ROOT: Hex = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

/** Ethereum's roots of what a block shows. */
interface Roots {
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
}

/** Blocks whose roots are remembered: a full one takes half a second. */
const MOST = 1_024;

/** Ethereum's roots of the transactions and receipts that JSON-RPC shows in a block; of a batch they are made once. */
export class BlockRoots {
  readonly #known = new Map<Hex, Promise<Roots>>();

  /**
   * @param batchHash of the batch that executed them
   * @param executed all of them, in order
   */
  of(batchHash: Hex, executed: readonly ExecutedTransaction[], chainId: bigint): Promise<Roots> {
    const known = this.#known.get(batchHash);
    if (known !== undefined) return known;
    const made = rootsOf(executed, chainId);
    this.#known.set(batchHash, made);
    made.catch(() => this.#known.delete(batchHash));
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value!);
    return made;
  }
}

async function rootsOf(executed: readonly ExecutedTransaction[], chainId: bigint): Promise<Roots> {
  return {
    transactionsRoot: await rootOf(executed.map(({ raw }) => fromHex(raw))),
    receiptsRoot: await rootOf(executed.map((tx) => receiptBytes(tx, chainId))),
  };
}

async function rootOf(values: readonly Uint8Array[]): Promise<Hex> {
  const trie = new MerklePatriciaTrie();
  for (const [i, value] of values.entries()) await trie.put(RLP.encode(i), value);
  return toHex(trie.root());
}

function receiptBytes({ raw, success, cumulativeGas, logs }: ExecutedTransaction, chainId: bigint): Uint8Array {
  const { type } = createTxFromRLP(fromHex(raw), { common: commonOf(chainId) });
  return encodeReceipt(
    {
      status: success ? 1 : 0,
      cumulativeBlockGasUsed: cumulativeGas,
      bitvector: fromHex(bloomOf(logs)),
      logs: logs.map(({ address, topics, data }) => [fromHex(address), topics.map(fromHex), fromHex(data)]),
    },
    type,
  );
}
