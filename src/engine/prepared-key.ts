import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Artifact, type ArtifactStore, changed, contentKey, NOT_BUILT, openBuilt } from '../build/artifacts.js';
import type { Kernel, Pointer } from './kernel.js';
import type { Plan } from './plan.js';
import { readPlan } from './plan-file.js';
import { POINT } from './points.js';

/** Kind and format of the artifact; the format is part of its address. */
export const PREPARED = 'prepared';
const FORMAT = 'prepared 2';

/**
 * The bases of each sum of a proof. Those of wires are listed with the wires that they belong to, as most sums leave wires out; there is
 * one of H for each value of the quotient, and one of K for each committed cell.
 */
export const PARTS = {
  A: { group: 'g1', ofWires: true },
  B2: { group: 'g2', ofWires: true },
  C: { group: 'g1', ofWires: true },
  H: { group: 'g1', ofWires: false },
  K: { group: 'g1', ofWires: false },
} as const;
export type PartName = keyof typeof PARTS;

/** Bytes before the points of a part, but for its list of wires: u32 count, then zeros. */
export const PART_HEAD = 64;
/** Bytes of a list of so many wires, a u32 each, filled up so that the points behind it are aligned. */
export function listBytes(wires: number): number {
  return 64 * Math.ceil((4 * wires) / 64);
}

/** What names a prepared key: sha256 of its zkey and its r1cs. */
export interface KeyNames {
  readonly zkeyHash: string;
  readonly r1csHash: string;
}

/** The address of a prepared key in a store. */
export function preparedAddress({ zkeyHash, r1csHash }: KeyNames): string {
  return contentKey(FORMAT, zkeyHash, r1csHash);
}

/** Bases in a kernel's memory. */
export interface Bases {
  readonly count: number;
  /** The wire of each base; undefined where it is the base's number. */
  readonly wires: Uint32Array | undefined;
  /** Packed points. */
  readonly at: Pointer;
}

/** Packed points that every proof takes. */
export interface Head {
  readonly alpha1: Pointer;
  readonly beta2: Pointer;
  readonly delta2: Pointer;
}

/**
 * A proving key as the engine reads it, an artifact: the constraints as a plan of the witness, the bases of each sum packed for the
 * kernel. Files are read when they are needed, each compared with its hash.
 */
export class PreparedKey {
  readonly #artifact: Artifact;

  private constructor(artifact: Artifact) {
    this.#artifact = artifact;
  }

  /** @throws ArtifactError `ARTIFACT_MISSING`; `ARTIFACT_CHANGED` (a size) */
  static async open(names: KeyNames, store: ArtifactStore): Promise<PreparedKey> {
    return new PreparedKey(await store.load(PREPARED, preparedAddress(names), { hash: [] }));
  }

  /** @throws ArtifactError `ARTIFACT_CHANGED` */
  async plan(): Promise<Plan> {
    const bytes = Buffer.alloc(this.#artifact.bytes.plan!);
    await this.#read('plan', bytes);
    return readPlan(bytes);
  }

  /** @throws ArtifactError `ARTIFACT_CHANGED` */
  async head(kernel: Kernel): Promise<Head> {
    const alpha1 = await this.#load('head', kernel);
    const beta2 = alpha1 + POINT.g1;
    return { alpha1, beta2, delta2: beta2 + POINT.g2 };
  }

  /** @throws ArtifactError `ARTIFACT_CHANGED` */
  async bases(name: PartName, kernel: Kernel): Promise<Bases> {
    const at = await this.#load(name, kernel);
    const count = new Uint32Array(kernel.memory.buffer, at, 1)[0]!;
    if (!PARTS[name].ofWires) return { count, wires: undefined, at: at + PART_HEAD };
    const wires = new Uint32Array(kernel.memory.buffer, at + PART_HEAD, count);
    return { count, wires, at: at + PART_HEAD + listBytes(count) };
  }

  async #load(name: string, kernel: Kernel): Promise<Pointer> {
    const bytes = this.#artifact.bytes[name]!;
    const at = kernel.alloc(bytes);
    await this.#read(name, kernel.view(at, bytes));
    return at;
  }

  async #read(name: string, target: Uint8Array): Promise<void> {
    const path = join(this.#artifact.folder, name);
    const file = await openBuilt(path);
    try {
      for (let done = 0; done < target.length; ) {
        const { bytesRead } = await file.read(target, done, target.length - done, done);
        if (bytesRead === 0) throw changed(path, NOT_BUILT);
        done += bytesRead;
      }
    } finally {
      await file.close();
    }
    if (createHash('sha256').update(target).digest('hex') !== this.#artifact.sha256[name])
      throw changed(path, NOT_BUILT);
  }
}
