import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFunctionData, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { L2Node } from '../../prover/node/node.js';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { parseRequest, requestText, requestView } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { CALLER, callOf, GENESIS, NONCE, OTHER } from '../helpers/code-world.js';

const { token, state } = GENESIS;
const held = state.get(token)!.storage.get(mappingSlot(CALLER.address, Token.slots._balances))!;
const fresh = `0x${'f5'.repeat(20)}` as const;
const transfer = (nonce: bigint, to: Hex, amount: bigint) =>
  callOf({
    nonce,
    to: token,
    data: encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [to, amount] }),
  });

describe('a node that executes code', () => {
  it('has the roots of tries built from nothing, and cuts out requests that a machine without a store can replay', async () => {
    const path = await mkdtemp(join(tmpdir(), 'deltaproof-request-'));
    const node = await L2Node.open({ path, rules: RULES_V2, genesis: state });
    try {
      const memory = new MemoryState(state);
      for (let number = 1n; number <= 3n; number++) {
        const environment = sampleEnvironment(GENESIS, number, await node.state.batchHash(number - 1n), RULES_V2);
        const nonce = NONCE + number - 1n;
        // Fills a slot, empties one, reverts.
        const [to, amount] = [fresh, OTHER.address, fresh].map((to, i) => [to, [10n, held - 10n, 1n][i]!] as const)[
          Number(number) - 1
        ]!;
        const txs = [await transfer(nonce, to, amount), await callOf({ nonce: 0n })];
        const applied = await node.apply(sealBatch(environment, txs));
        memory.apply(applied.changes);
        const root = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(memory));
        expect(await node.rootAfter(number)).toBe(root);
        for (const mode of ['diff', 'root'] as const) {
          const { request, value } = await node.truth(number, mode);
          expect(value).toBe(mode === 'root' ? root : BigInt(applied.diffHash));
          const text = requestText(request);
          const read = parseRequest(text);
          expect(requestText(read)).toBe(text);
          const again = await replayBatch(requestView(read, EMPTY_ACCOUNT), read.batch, read.rules);
          expect(again).toEqual({ ...applied, changes: again.changes });
          const store = new MemoryTrieStore();
          await store.write(read.nodes);
          expect(await new StateTrie(store).applyChanges(read.preRoot, again.replay.accessList)).toBe(root);
        }
      }
      const { request } = await node.truth(1n, 'diff');
      expect([...request.codes.values()]).toEqual([Token.code]);
      expect([...request.slots.keys()]).toEqual([token]);
      const view = requestView({ ...request, codes: new Map() }, EMPTY_ACCOUNT);
      await expect(view.code([...request.codes.keys()][0]!)).rejects.toMatchObject({ code: 'TRACE_REQUEST' });
    } finally {
      await node.close();
      await rm(path, { recursive: true });
    }
  });
});
