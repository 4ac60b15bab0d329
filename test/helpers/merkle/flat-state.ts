import type { Account } from '../../../src/batch/types.js';
import { EMPTY_ACCOUNT, isEmptyAccount } from '../../../src/batch/types.js';
import type { AccountChange } from '../../../src/merkle/change.js';
import type { PlacedNode } from '../../../src/merkle/types.js';
import { buildTrie, type Leaf } from '../../../src/trie/build.js';
import type { LeafValue } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { nameOf } from './memory-nodes.js';

/** A state without tries: the reference, whose tries are built anew whenever they are asked for. */
export class FlatState {
  readonly accounts = new Map<Path, { account: Account; readonly slots: Map<Path, bigint> }>();

  at(key: Path): { account: Account; readonly slots: Map<Path, bigint> } {
    return this.accounts.get(key) ?? { account: EMPTY_ACCOUNT, slots: new Map() };
  }

  apply(changes: readonly AccountChange[]): void {
    for (const { key, fields, slots } of changes) {
      const state = this.at(key);
      state.account = { ...state.account, ...fields };
      for (const slot of slots) {
        if (slot.value === 0n) state.slots.delete(slot.key);
        else state.slots.set(slot.key, slot.value);
      }
      if (isEmptyAccount(state.account)) this.accounts.delete(key);
      else this.accounts.set(key, state);
    }
  }

  /** Every node by its place's name, and the root. */
  build(): { root: bigint; placed: Map<string, PlacedNode> } {
    const placed = new Map<string, PlacedNode>();
    const trieOf = (trie: Path, leaves: Leaf[]): bigint => {
      leaves.sort((a, b) => (a.key < b.key ? -1 : 1));
      const steps = buildTrie(leaves);
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        const [digest, node, path] = step.value;
        placed.set(nameOf({ trie, path }), { trie, path, node, digest });
      }
    };
    const leaves = this.leaves((trie, slots) => trieOf(trie, slots));
    return { root: trieOf('', leaves), placed };
  }

  /** Leaves of the account trie; `storage` makes the root of one account's leaves. */
  leaves(storage: (trie: Path, slots: Leaf[]) => bigint): Leaf[] {
    return Array.from(this.accounts, ([key, { account, slots }]) => {
      const leaves = Array.from(slots, ([key, value]): Leaf => ({ key, value: { kind: 'slot', value } }));
      const value: LeafValue = { kind: 'account', account, storageRoot: storage(key, leaves) };
      return { key, value };
    });
  }
}
