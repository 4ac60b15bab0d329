import { EngineError } from '../errors/engine.js';
import { engineModule } from './generated/module.js';

/** Bytes of an element: nine limbs of 29 bits, each a u32, in Montgomery form by 2^261, below 2 p (src/build/generate-field.ts). */
export const FE = 36;
/** Bytes of a plain number below its modulus, little-endian. */
export const WORD = 32;

/** A byte address in the memory, a multiple of 64 where the kernel's caller chose it. */
export type Pointer = number;

/**
 * What the module exports. Words are plain numbers of 32 bytes, little-endian; elements have {@link FE} bytes. A packed point is its affine
 * x, y (in G2 x0, x1, y0, y1), 32 bytes each, little-endian, in Montgomery form by 2^261, below p; all zero is infinity: 64 bytes in G1,
 * 128 in G2. Areas that a function reads and writes do not overlap unless said otherwise.
 */
export interface KernelFunctions {
  /** Elements of n plain numbers (any 256 bits). */
  fr_from_words(elements: Pointer, words: Pointer, n: number): void;
  fq_from_words(elements: Pointer, words: Pointer, n: number): void;
  /** Plain numbers of n elements below 160 r. */
  fr_to_words(words: Pointer, elements: Pointer, n: number): void;
  fq_to_words(words: Pointer, elements: Pointer, n: number): void;
  /** Replaces n elements (up to 8 r) by their inverses; 0 stays 0. Scratch: n elements. */
  fr_batch_inverse(elements: Pointer, n: number, scratch: Pointer): void;
  /**
   * The scalars of a zkey's section 9: values of A B - C on the odd coset of the domain of 2^log roots of unity, log from 1 to 27. a and b are
   * the values of A and B on the domain, elements below 2 r (those of C are their products), and are used up; out gets words.
   */
  fr_quotient(a: Pointer, b: Pointer, log: number, out: Pointer, scratch: Pointer): void;
  /** Bytes of scratch: 108 * 2^log. */
  fr_quotient_scratch(log: number): number;
  /** Packed points of plain affine coordinates (words; all zero is infinity). */
  g1_pack(packed: Pointer, plain: Pointer, n: number): void;
  g2_pack(packed: Pointer, plain: Pointer, n: number): void;
  g1_unpack(plain: Pointer, packed: Pointer, n: number): void;
  g2_unpack(plain: Pointer, packed: Pointer, n: number): void;
  /** Packed points of a zkey's (Montgomery form by 2^256), and back. In place if wanted, as all four above. */
  g1_from_montgomery256(packed: Pointer, points: Pointer, n: number): void;
  g2_from_montgomery256(packed: Pointer, points: Pointer, n: number): void;
  g1_to_montgomery256(points: Pointer, packed: Pointer, n: number): void;
  g2_to_montgomery256(points: Pointer, packed: Pointer, n: number): void;
  /**
   * The sum of n multiples: packed bases of order r (any, equal, opposite or infinity), scalars below r as words. One packed point.
   * Bases stand at an even address.
   */
  g1_msm(bases: Pointer, scalars: Pointer, n: number, scratch: Pointer, out: Pointer): void;
  g2_msm(bases: Pointer, scalars: Pointer, n: number, scratch: Pointer, out: Pointer): void;
  /**
   * The sizes of k1 and k2 with scalar = k1 + k2 lambda (`assembly/halves.ts`), below 2^126, 16 bytes each; 1 if k1 is negative, plus 2 if k2 is.
   * The scalar is below r, and may be overwritten.
   */
  fr_halve(halves: Pointer, scalar: Pointer): number;
  /** Bytes of scratch for n terms: about 270 n in G1, 470 n in G2. */
  g1_msm_scratch(n: number): number;
  g2_msm_scratch(n: number): number;
  /** Fills a table of multiples of a packed base of order r, for windows of 2 to 16 bits. Scratch: as for multiples. */
  g1_table(table: Pointer, base: Pointer, width: number, scratch: Pointer): void;
  g2_table(table: Pointer, base: Pointer, width: number, scratch: Pointer): void;
  /** Bytes of a table: 64 (in G2 128) * ceil(255 / width) * 2^(width - 1), or one window more. */
  g1_table_bytes(width: number): number;
  g2_table_bytes(width: number): number;
  /** n multiples of a table's base as packed points; scalars below r as words. */
  g1_multiples(table: Pointer, width: number, scalars: Pointer, n: number, out: Pointer, scratch: Pointer): void;
  g2_multiples(table: Pointer, width: number, scalars: Pointer, n: number, out: Pointer, scratch: Pointer): void;
  /** Bytes of scratch, however many multiples: a few MiB. */
  g1_multiples_scratch(width: number): number;
  g2_multiples_scratch(width: number): number;
  /**
   * Lagrange's polynomials of the domain of 2^log roots of unity at tau, which is none of them, times scale; those of odd index only, if `odd`
   * is 1. Scratch: as many elements as it writes.
   */
  fr_lagrange(out: Pointer, tau: Pointer, scale: Pointer, log: number, odd: number, scratch: Pointer): void;
  /**
   * Adds coefficient times lagrange[constraint] to the term's wire, for all terms of an r1cs' n constraints (as bytes): values are A, B and C,
   * `wires` elements each.
   */
  fr_evaluate(constraints: Pointer, n: number, lagrange: Pointer, values: Pointer, wires: number): void;
  /** Words of a x + b y + c z, for n elements of a, b, c each and one x, y, z. */
  fr_combine(out: Pointer, a: Pointer, b: Pointer, c: Pointer, n: number, x: Pointer, y: Pointer, z: Pointer): void;
  /** Poseidon of n words (even n up to 16) as a word, which may stand where they do; constants as src/engine/poseidon.ts has them. */
  fr_poseidon(out: Pointer, inputs: Pointer, n: number, partialRounds: number, constants: Pointer): void;
  /** Addresses of a plan's lists, of the values and the number of wires, for the two functions below (`solver.ts`). */
  plan_use(
    offsets: Pointer,
    rows: Pointer,
    coefficients: Pointer,
    weights: Pointer,
    blocks: Pointer,
    values: Pointer,
    wires: number,
  ): void;
  /** Runs steps, which stand from an address to another. `inverses` and `scratch`: as many elements as the largest DIVIDE has divisions. */
  plan_run(at: Pointer, end: Pointer, inverses: Pointer, scratch: Pointer): void;
  /** Writes A and B of n constraints, an element each, below 1.1 r; the first constraint that does not hold, or n. */
  plan_check(n: number, a: Pointer, b: Pointer): number;
  /** A function of {@link FIELD_FUNCTIONS} by its index, n times on the same operands: for tests of bounds, and for measurements. */
  fq_apply(name: number, n: number, r: Pointer, a: Pointer, b: Pointer, c: Pointer, d: Pointer): number;
  fr_apply(name: number, n: number, r: Pointer, a: Pointer, b: Pointer, c: Pointer, d: Pointer): number;
}

/** Functions of a field, as `fq_apply` and `fr_apply` number them. */
export const FIELD_FUNCTIONS = [
  ...[
    'mul',
    'sqr',
    'mul2',
    'add',
    'sub',
    'sub2',
    'sub8',
    'neg2',
    'neg8',
    'subTwiceSubReduced',
    'subLazy',
    'addReduced',
    'subReduced',
    'subSubReduced',
  ],
  ...['mayBeZero', 'canonical', 'unpack', 'pack', 'inverse', 'isZero', 'butterflySum', 'butterflyDifference'],
  ...['unpackSubLazy', 'unpackAddLazy', 'chord'],
] as const;

interface Exports extends KernelFunctions {
  init(stack: Pointer): void;
  stack_bytes(): number;
  heap_base(): number;
}

const PAGE = 1 << 16;
/** Pages of the largest memory: 4 GiB. */
const MAX_PAGES = 1 << 16;
const ALIGNMENT = 64;

/** Which addresses a kernel hands out: [from, to), of a memory that others may share. */
export interface Region {
  readonly from: Pointer;
  readonly to: Pointer;
}

/** A memory that threads can share. It grows as kernels ask for more, up to 4 GiB. */
export function kernelMemory(bytes = PAGE): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MAX_PAGES, shared: true });
}

/**
 * An instance of the proof engine's kernel over a memory, and an allocator of addresses in it: a pointer that moves up, and back to a
 * mark. Threads that share a memory have an instance each, with regions that do not overlap; all may read and write whatever address
 * they agree on.
 */
export class Kernel {
  readonly memory: WebAssembly.Memory;
  readonly call: KernelFunctions;
  readonly #end: Pointer;
  readonly #stackBytes: number;
  #top: Pointer;

  /**
   * @param region what this kernel may hand out; all that lies behind the module's constants unless given
   * @throws EngineError `ENGINE_MEMORY` when the region is too small for the instance's own temporaries
   */
  constructor(memory: WebAssembly.Memory = kernelMemory(), region: Region = { from: 0, to: MAX_PAGES * PAGE }) {
    this.memory = memory;
    const exports = new WebAssembly.Instance(engineModule(), { env: { memory } }).exports as Exports;
    this.call = exports;
    this.#end = region.to;
    this.#top = aligned(Math.max(region.from, exports.heap_base()));
    this.#stackBytes = exports.stack_bytes();
    exports.init(this.stack());
  }

  /**
   * Address of so many bytes, a multiple of 64; what stands there is not cleared. Grows the memory.
   * @throws EngineError `ENGINE_MEMORY`
   */
  alloc(bytes: number): Pointer {
    const at = this.#top;
    const end = at + aligned(bytes);
    if (end > this.#end) throw outOfMemory(bytes);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch (cause) {
        throw outOfMemory(bytes, cause);
      }
    }
    this.#top = end;
    return at;
  }

  /** Where the allocator stands: {@link release} gives back what was allocated since. */
  mark(): Pointer {
    return this.#top;
  }

  release(mark: Pointer): void {
    this.#top = mark;
  }

  /** A stack for another instance over the same memory: what its `init` takes. */
  stack(): Pointer {
    return this.alloc(this.#stackBytes);
  }

  /** The bytes at an address: a view, valid as long as the memory is. */
  view(at: Pointer, bytes: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, bytes);
  }

  /** Copies bytes into memory that is allocated for them. */
  put(bytes: Uint8Array): Pointer {
    const at = this.alloc(bytes.length);
    this.view(at, bytes.length).set(bytes);
    return at;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function outOfMemory(bytes: number, cause?: unknown): EngineError {
  return new EngineError('ENGINE_MEMORY', `The proof engine has no room for ${bytes} bytes more.`, { cause });
}
