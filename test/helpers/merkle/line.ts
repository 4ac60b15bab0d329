import type { Hex } from 'viem';
import { word } from '../../../src/batch/bytes.js';
import { type DiffItem, diffItems } from '../../../src/batch/diff.js';
import type { AccountAccess } from '../../../src/batch/types.js';
import { isEmptyAccount } from '../../../src/batch/types.js';
import { nodeKey } from '../../../src/merkle/record.js';
import type { Place, StateNodes } from '../../../src/merkle/types.js';
import { buildTrie, type Leaf } from '../../../src/trie/build.js';
import { decodeNode } from '../../../src/trie/codec.js';
import type { TrieNode } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { type GenesisAccount, hashedKey, type SlotAccess } from '../../../src/trie/state.js';
import { type Random, randomOf } from '../chips/random.js';
import { RandomState } from '../trie/random-states.js';

/** A state of a random line, with its tries built anew. */
export interface LineState {
  readonly name: Hex;
  /** From the state before. */
  readonly diff: readonly DiffItem[];
  readonly accesses: readonly AccountAccess[];
  readonly slots: ReadonlyMap<Hex, readonly SlotAccess[]>;
  readonly flat: readonly GenesisAccount[];
  readonly root: bigint;
  /** All nodes by place, as the store's keys have it. */
  readonly nodes: ReadonlyMap<string, TrieNode>;
}

/** A random line of states, endless. */
export function* randomLine(seed: number, label: string, names = 24): Generator<LineState, never> {
  const random: Random = randomOf(seed, label);
  const state = new RandomState(random, names);
  for (let number = 0; ; number++) {
    const { accessList, slots } = state.batch();
    const changes = Array.from(slots, ([address, list]) =>
      list.filter(({ pre, post }) => pre !== post).map(({ slot, post }) => ({ address, key: slot, value: post })),
    ).flat();
    const flat = Array.from(state.flat(), (account) => ({ ...account, storage: [...(account.storage ?? [])] }));
    const diff = diffItems(accessList, changes);
    yield { name: word(BigInt(number)), diff, accesses: accessList, slots, flat, ...triesOf(flat) };
  }
}

/** The first states of a random line. */
export function statesOf(seed: number, label: string, count: number, names?: number): LineState[] {
  const line = randomLine(seed, label, names);
  return Array.from({ length: count }, () => line.next().value);
}

/** A whole state's tries, built at once. */
function triesOf(flat: Iterable<GenesisAccount>): { root: bigint; nodes: Map<string, TrieNode> } {
  const nodes = new Map<string, TrieNode>();
  const build = (trie: Path, leaves: Leaf[]): bigint => {
    const steps = buildTrie(leaves.sort((a, b) => (a.key < b.key ? -1 : 1)));
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      nodes.set(nodeKey({ trie, path: step.value[2] }), step.value[1]);
    }
  };
  const leaves: Leaf[] = [];
  for (const { address, account, storage } of flat) {
    const key = hashedKey(address);
    const slots = [...(storage ?? [])].map(
      ([slot, value]): Leaf => ({ key: hashedKey(slot), value: { kind: 'slot', value } }),
    );
    if (isEmptyAccount(account)) continue;
    leaves.push({ key, value: { kind: 'account', account, storageRoot: build(key, slots) } });
  }
  return { root: build('', leaves), nodes };
}

/** All nodes of a state by place, from its root down. */
export async function allNodes(nodes: StateNodes): Promise<Map<string, TrieNode>> {
  const found = new Map<string, TrieNode>();
  let front: Place[] = nodes.root === 0n ? [] : [{ trie: '', path: '' }];
  const wholePath = (place: { path: Path }, rest: Path) => place.path + rest;
  while (front.length > 0) {
    const read = await nodes.getMany(front);
    front = front.flatMap((place, i) => {
      const node = decodeNode(read[i]!);
      found.set(nodeKey(place), node);
      if (node.kind === 'extension') return [{ trie: place.trie, path: wholePath(place, node.path) }];
      if (node.kind === 'branch') {
        return node.children.flatMap((child, n) =>
          child === 0n ? [] : [{ trie: place.trie, path: wholePath(place, n.toString(16)) }],
        );
      }
      const storage = node.value.kind === 'account' && node.value.storageRoot !== 0n;
      return storage ? [{ trie: wholePath(place, node.path), path: '' }] : [];
    });
  }
  return found;
}

/** Accounts as a build takes them. */
export async function* accountsOf(flat: Iterable<GenesisAccount>): AsyncGenerator<GenesisAccount> {
  yield* flat;
}
