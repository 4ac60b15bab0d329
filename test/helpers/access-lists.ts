import type { Address, Hex } from 'viem';
import type { BlockAccessList, IndexedChange } from '../../src/batch/access-list.js';
import { word } from '../../src/batch/bytes.js';
import { compareHex } from '../../src/batch/diff.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { replayBatch } from '../../src/execution/replay.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { withContracts } from '../../src/samples/contracts.js';
import type { SeededRandom } from '../../src/samples/random.js';
import { MemoryState } from '../../src/state/memory-state.js';

/** A batch of everything that samples have, replayed on its genesis. */
export async function sampleReplay(seed: string, number = 1n) {
  const genesis = withContracts(sampleGenesis(seed, 40));
  const environment = sampleEnvironment(genesis, number, ZERO_WORD, RULES_V2);
  const view = new MemoryState(genesis.state);
  const { feeRecipient } = environment;
  const txs = await sampleBatch({ genesis, state: view, number, feeRecipient, rules: RULES_V2 });
  return { ...(await replayBatch(view, sealBatch(environment, txs), RULES_V2)), genesis, environment, view };
}

/** A list in order, of few accounts and slots, which several lists share. */
export function randomList(random: SeededRandom): BlockAccessList {
  const some = <T extends Hex>(of: (n: number) => T): T[] =>
    [...new Set(Array.from({ length: random.below(5) }, () => of(random.below(6))))].sort(compareHex);
  const changes = <T>(value: () => T): IndexedChange<T>[] => {
    const found: IndexedChange<T>[] = [];
    for (let index = 1 + random.below(3); random.below(3) > 0; index += 1 + random.below(300)) {
      const next = value();
      if (index <= 1_000 && next !== found.at(-1)?.value) found.push({ index, value: next });
    }
    return found;
  };
  const amount = () => random.bits(random.pick([1, 8, 64, 128, 256]));
  return some(addressAt).map((address) => {
    const touched = some(slotAt).map((slot) => ({ slot, changes: changes(amount) }));
    let nonce = 0n;
    return {
      address,
      storageChanges: touched.filter((slot) => slot.changes.length > 0),
      storageReads: touched.filter((slot) => slot.changes.length === 0).map(({ slot }) => slot),
      balanceChanges: changes(amount),
      nonceChanges: changes(() => (nonce += 1n + random.bits(4))),
      codeChanges: changes(() => random.hex(random.below(40))),
    };
  });
}

function addressAt(n: number): Address {
  return `0x${(n * 37).toString(16).padStart(2, '0').repeat(20)}`;
}

function slotAt(n: number): Hex {
  return word(n < 3 ? BigInt(n) : 2n ** 256n - BigInt(n));
}
