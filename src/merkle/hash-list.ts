import { type Kernel, type Pointer, WORD } from '../engine/kernel.js';
import { type PoseidonArguments, readWord, writeWord } from '../engine/poseidon.js';
import { digestInputs } from '../trie/digest.js';
import type { Draft, DraftRef } from '../trie/node.js';
import { sealed } from '../trie/update.js';
import { JOB_WORDS, type JobList, NODE_WORDS } from './jobs.js';
import type { Turns } from './turns.js';
import type { Place, PlacedNode } from './types.js';

/** A draft that waits for its digest. */
interface Entry extends Place {
  readonly draft: Draft;
  /** Where its inputs stand, and where its digest belongs: into its parent's inputs. */
  readonly inputs: Pointer;
  readonly digest: Pointer;
  readonly call: PoseidonArguments;
  readonly parent: Entry | undefined;
  /** The longest way down to a draft with no draft below. */
  height: number;
}

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
   * @throws TrieError `TRIE_KEYS_TOO_CLOSE`; EngineError `ENGINE_MEMORY`
   */
  static async of(
    top: Draft,
    kernel: Kernel,
    poseidon: ReadonlyMap<number, PoseidonArguments>,
    turns: Turns,
  ): Promise<HashList> {
    const words = new Words(kernel);
    const root = words.allot(1);
    const entries: Entry[] = [];
    const add = (draft: Draft, place: Place, digest: Pointer, parent?: Entry): void => {
      const values = digestInputs(draft);
      const inputs = words.allot(values.length);
      const call = poseidon.get(values.length)!;
      entries.push({ ...place, draft, inputs, digest, call, parent, height: 0 });
      values.forEach((value, i) => {
        if (typeof value === 'bigint') words.write(inputs + WORD * i, value);
      });
    };
    add(top, { trie: '', path: '' }, root);
    // Parents first: the list grows behind the entry that is looked at.
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      digestInputs(entry.draft).forEach((child, n) => {
        if (typeof child !== 'bigint') add(child, placeBelow(entry, n), entry.inputs + WORD * n, entry);
      });
      await turns.give();
    }
    for (let i = entries.length - 1; i >= 0; i--) {
      const { parent, height } = entries[i]!;
      if (parent) parent.height = Math.max(parent.height, height + 1);
    }
    await turns.give();
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
      await turns.give();
    }
    return nodes.reverse();
  }

  /** The digest of the top. */
  root(): bigint {
    return readWord(new DataView(this.#kernel.memory.buffer), this.#root);
  }
}

/** Where a draft's child stands that is its input number n. */
function placeBelow({ trie, path, draft }: Entry, n: number): Place {
  if (draft.kind === 'branch') return { trie, path: path + n.toString(16) };
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
    if (value !== 0n) writeWord(this.#view, at, value);
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
        await turns.give();
      }
    }
  }
  const put = (words: Uint32Array) => kernel.put(new Uint8Array(words.buffer));
  return { nodes: put(nodes), jobs: put(Uint32Array.from(jobs)), total: jobs.length / JOB_WORDS };
}
