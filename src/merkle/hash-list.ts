import type { Turns } from '../batch/turns.js';
import { type Kernel, type Pointer, WORD } from '../engine/kernel.js';
import { type PoseidonArguments, readWord, writeWord } from '../engine/poseidon.js';
import { encodeBranch, encodeNode, expandBranch } from '../trie/codec.js';
import { digestInputs } from '../trie/digest.js';
import type { Draft, DraftRef } from '../trie/node.js';
import { sealed } from '../trie/update.js';
import { JOB_WORDS, type JobList, NODE_WORDS } from './jobs.js';
import type { ReadNode } from './prefetch.js';
import { nodeKey } from './record.js';
import type { NodeKey, Place, PlacedNode } from './types.js';

/** A draft that waits for its digest. */
interface Entry extends Place {
  readonly key: NodeKey;
  readonly draft: Draft;
  /** Where its inputs stand, and where its digest belongs: into its parent's inputs. */
  readonly inputs: Pointer;
  readonly digest: Pointer;
  readonly call: PoseidonArguments;
  readonly parent: Entry | undefined;
  /** The longest way down to a draft with no draft below. */
  height: number;
}

/** A draft on the way into the list. */
type Waiting = Place & Pick<Entry, 'draft' | 'digest' | 'parent'>;

/** Bytes that inputs are allotted in. */
const CHUNK = 1 << 18;
/** Inputs of a job: a thread runs it in about half a millisecond. */
const JOB_INPUTS = 64;

/**
 * What is to be hashed in a kernel's memory: the inputs of every draft, where each child's digest is computed into its place among its
 * parent's; and jobs, by height, each of nodes that do not depend on one another.
 */
export class HashList {
  readonly #entries: readonly Entry[];
  readonly #kernel: Kernel;
  readonly #root: Pointer;
  readonly jobs: JobList;

  private constructor(kernel: Kernel, entries: readonly Entry[], root: Pointer, jobs: JobList) {
    this.#kernel = kernel;
    this.#entries = entries;
    this.#root = root;
    this.jobs = jobs;
  }

  /**
   * The list of the drafts from the top of an account trie down.
   * @param old nodes in whose places drafts stand, if they are known: children that both have are copied, which is faster
   * @throws TrieError `TRIE_KEYS_TOO_CLOSE`; EngineError `ENGINE_MEMORY`
   */
  static async of(
    top: Draft,
    kernel: Kernel,
    poseidon: ReadonlyMap<number, PoseidonArguments>,
    turns: Turns,
    old: ReadonlyMap<NodeKey, ReadNode> = new Map(),
  ): Promise<HashList> {
    const words = new Words(kernel);
    const root = words.allot(1);
    const entries: Entry[] = [];
    // Parents first: the list grows behind the one that is looked at.
    const waiting: Waiting[] = [{ draft: top, trie: '', path: '', digest: root, parent: undefined }];
    for (let i = 0; i < waiting.length; i++) {
      const { draft, trie, path, digest, parent } = waiting[i]!;
      const values = digestInputs(draft);
      const inputs = words.allot(values.length);
      const key = nodeKey({ trie, path });
      const entry: Entry = {
        key,
        trie,
        path,
        draft,
        inputs,
        digest,
        call: poseidon.get(values.length)!,
        parent,
        height: 0,
      };
      entries.push(entry);
      const before = draft.kind === 'branch' ? old.get(key) : undefined;
      const same = before?.node.kind === 'branch' ? before.node.children : [];
      if (same.length > 0) words.copy(inputs, expandBranch(before!.bytes));
      for (let n = 0; n < values.length; n++) {
        const [value, at] = [values[n]!, inputs + WORD * n];
        if (typeof value !== 'bigint') {
          waiting.push({ draft: value, ...placeBelow(entry, n), digest: at, parent: entry });
        } else if (value !== (same[n] ?? 0n)) words.write(at, value);
      }
      if (turns.due) await turns.give();
    }
    for (let i = entries.length - 1; i >= 0; i--) {
      const { parent, height } = entries[i]!;
      if (parent) parent.height = Math.max(parent.height, height + 1);
    }
    if (turns.due) await turns.give();
    return new HashList(kernel, entries, root, await writeJobs(kernel, entries, turns));
  }

  /** Nodes of the list. */
  get size(): number {
    return this.#entries.length;
  }

  /** The nodes with their digests, when all jobs are done, parents first. */
  async nodes(turns: Turns): Promise<PlacedNode[]> {
    const view = new DataView(this.#kernel.memory.buffer);
    const digests = new Map<DraftRef, bigint>();
    const nodes: PlacedNode[] = [];
    const digestOf = (ref: DraftRef): bigint => (typeof ref === 'bigint' ? ref : digests.get(ref)!);
    for (let i = this.#entries.length - 1; i >= 0; i--) {
      const { draft, digest: at, trie, path } = this.#entries[i]!;
      const digest = readWord(view, at);
      digests.set(draft, digest);
      nodes.push({ trie, path, node: sealed(draft, digestOf), digest });
      if (turns.due) await turns.give();
    }
    return nodes.reverse();
  }

  /** The nodes' bytes, by place, when all jobs are done. */
  async encoded(turns: Turns): Promise<Map<NodeKey, Uint8Array>> {
    const memory = new Uint8Array(this.#kernel.memory.buffer);
    const view = new DataView(this.#kernel.memory.buffer);
    const nodes = new Map<NodeKey, Uint8Array>();
    for (const { key, draft, inputs, call } of this.#entries) {
      if (draft.kind === 'branch') {
        nodes.set(
          key,
          encodeBranch(
            draft.children.map((child) => child !== 0n),
            memory.subarray(inputs, inputs + 16 * WORD),
          ),
        );
      } else {
        // Of both other kinds the last input is the child.
        const child = inputs + WORD * (call[0] - 1);
        nodes.set(key, encodeNode(sealed(draft, () => readWord(view, child))));
      }
      if (turns.due) await turns.give();
    }
    return nodes;
  }

  /** The digest of the top. */
  root(): bigint {
    return readWord(new DataView(this.#kernel.memory.buffer), this.#root);
  }
}

const NIBBLES = '0123456789abcdef';

/** Where a draft's child stands that is its input number n. */
function placeBelow({ trie, path, draft }: Entry, n: number): Place {
  if (draft.kind === 'branch') return { trie, path: path + NIBBLES[n]! };
  if (draft.kind === 'extension') return { trie, path: path + draft.path };
  return { trie: path + draft.path, path: '' };
}

/** Memory for inputs, zero at first. */
class Words {
  readonly #kernel: Kernel;
  #view: DataView;
  #at: Pointer = 0;
  #end: Pointer = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#view = new DataView(kernel.memory.buffer);
  }

  allot(words: number): Pointer {
    const bytes = words * WORD;
    if (this.#at + bytes > this.#end) {
      this.#at = this.#kernel.alloc(CHUNK);
      this.#end = this.#at + CHUNK;
      this.#view = new DataView(this.#kernel.memory.buffer);
      this.#kernel.view(this.#at, CHUNK).fill(0);
    }
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  write(at: Pointer, value: bigint): void {
    writeWord(this.#view, at, value);
  }

  copy(at: Pointer, bytes: Uint8Array): void {
    this.#kernel.view(at, bytes.length).set(bytes);
  }
}

/** Writes nodes and jobs, lower ones first, into memory. */
async function writeJobs(kernel: Kernel, entries: readonly Entry[], turns: Turns): Promise<JobList> {
  const levels: Entry[][] = [];
  for (const entry of entries) {
    levels[entry.height] ??= [];
    levels[entry.height]!.push(entry);
  }
  const nodes = new Uint32Array(entries.length * NODE_WORDS);
  const jobs: number[] = [];
  let n = 0;
  for (const level of levels) {
    const before = jobs.length / JOB_WORDS;
    let inputs = JOB_INPUTS;
    // Dear ones first: what is left at the end of a level is short.
    for (const width of [16, 8, 4, 2]) {
      for (const { digest, inputs: from, call } of level) {
        if (call[0] !== width) continue;
        if (inputs >= JOB_INPUTS) {
          jobs.push(n, n, before, 0);
          inputs = 0;
        }
        nodes.set([digest, from, ...call], NODE_WORDS * n++);
        jobs[jobs.length - JOB_WORDS + 1] = n;
        inputs += width;
        if (turns.due) await turns.give();
      }
    }
  }
  const put = (words: Uint32Array) => kernel.put(new Uint8Array(words.buffer));
  return { nodes: put(nodes), jobs: put(Uint32Array.from(jobs)), total: jobs.length / JOB_WORDS };
}
