import { readFileSync } from 'node:fs';
import { mod } from '../../../src/bus/field.js';

/** Inputs by signal name; arrays are flattened row by row. */
export type SignalInputs = Readonly<Record<string, bigint | readonly bigint[]>>;

/** The witness program refused its inputs: some constraint does not hold with the hints it computes. */
export class ConstraintFailed extends Error {}

/** What circom's witness programs (2.x, `getVersion() = 2`) export, as far as they are used here. */
interface Exports {
  init(check: number): void;
  getFieldNumLen32(): number;
  getWitnessSize(): number;
  getInputSize(): number;
  getWitness(i: number): void;
  readSharedRWMemory(i: number): number;
  getMessageChar(): number;
  writeSharedRWMemory(i: number, word: number): void;
  setInputSignal(hashHigh: number, hashLow: number, i: number): void;
}

/** The two constructors of WebAssembly that are used; the project's compiler settings have no DOM library to declare them. */
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: {
      Module: new (bytes: Uint8Array) => object;
      Instance: new (module: object, imports: object) => { readonly exports: unknown };
    };
  }
).WebAssembly;

const WORDS = 8;
const ASSERT_FAILED = 4;

/**
 * A circom witness program, compiled once, for many runs in this process. It checks every `===` as it goes.
 * The program's memory is set up anew by `init`, also after a refused run.
 */
export class WitnessProgram {
  readonly #exports: Exports;
  /** What the program says of its last refusal: the template and line of the constraint, and those around it. */
  #messages: string[] = [];

  constructor(wasmFile: string) {
    const exceptionHandler = (code: number) => {
      if (code === ASSERT_FAILED) throw new ConstraintFailed(this.#messages.join('; ') || 'assert failed');
      throw new Error(`The witness program reports error ${code}: inputs do not fit the circuit.`);
    };
    const silent = () => undefined;
    const runtime = {
      exceptionHandler,
      printErrorMessage: () => this.#messages.push(this.#message()),
      writeBufferMessage: silent,
      showSharedRWMemory: silent,
    };
    this.#exports = new Instance(new Module(readFileSync(wasmFile)), { runtime }).exports as Exports;
    if (this.#exports.getFieldNumLen32() !== WORDS) throw new Error(`${wasmFile} is not over BN254.`);
  }

  /** The values of the first `wires` wires (default all), or throws {@link ConstraintFailed}. */
  run(inputs: SignalInputs, wires = this.#exports.getWitnessSize()): bigint[] {
    const wasm = this.#exports;
    this.#messages = [];
    wasm.init(1);
    let set = 0;
    for (const [name, value] of Object.entries(inputs)) {
      const [high, low] = fnv1a64(name);
      const flat = typeof value === 'bigint' ? [value] : value;
      flat.forEach((x, i) => {
        this.#write(mod(x));
        wasm.setInputSignal(high, low, i);
        set++;
      });
    }
    if (set !== wasm.getInputSize())
      throw new Error(`The circuit has ${wasm.getInputSize()} inputs, ${set} were given.`);
    return Array.from({ length: wires }, (_, i) => this.#read(i));
  }

  #message(): string {
    let message = '';
    for (let c = this.#exports.getMessageChar(); c !== 0; c = this.#exports.getMessageChar()) {
      message += String.fromCharCode(c);
    }
    return message;
  }

  #write(x: bigint): void {
    for (let j = 0; j < WORDS; j++) {
      this.#exports.writeSharedRWMemory(j, Number(BigInt.asUintN(32, x >> BigInt(32 * j))));
    }
  }

  #read(i: number): bigint {
    this.#exports.getWitness(i);
    let x = 0n;
    for (let j = WORDS - 1; j >= 0; j--) x = (x << 32n) | BigInt(this.#exports.readSharedRWMemory(j) >>> 0);
    return x;
  }
}

/** FNV-1a, 64 bits, as (high, low) words: how witness programs address input signals. */
function fnv1a64(text: string): [high: number, low: number] {
  let hash = 0xcbf29ce484222325n;
  for (const c of text) hash = BigInt.asUintN(64, (hash ^ BigInt(c.charCodeAt(0))) * 0x100000001b3n);
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}
