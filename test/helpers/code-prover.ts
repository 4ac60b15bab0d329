import type { Address } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Challenge } from '../../src/bus/tuple.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { deployVerifier } from '../../src/l1/deploy-verifier.js';
import { commit } from '../../src/proof/commit.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { engineOptions } from '../../src/proof/prepared.js';
import { proveShape } from '../../src/proof/prove.js';
import { encodeRecord } from '../../src/proof/record.js';
import type { ShapeInputs } from '../../src/proof/shapes.js';
import { proveWitness } from '../../src/proof/snarkjs.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { witnessOf } from '../../src/proof/witness.js';
import type { ForgedBatch } from './batch-forger.js';
import { drawn, proven } from './bundles.js';
import { WIRE } from './chips/circuit.js';
import { inputsOf } from './code-circuit.js';
import { outcomeOf, startTestL1, type TestL1 } from './test-l1.js';

/** What a proof is made of, before it is. */
interface Task {
  readonly bundle: Bundle;
  readonly inputs: ShapeInputs;
  readonly D: ProofRecord['D'];
  readonly challenge: Challenge;
}

/** Proves batches of key set `test-code`, true or not, and asks a deployed ProofVerifier what it thinks of them. */
export class CodeProver {
  readonly #engine: ProofEngine = wasmEngine();

  private constructor(
    readonly keySet: KeySet,
    readonly l1: TestL1,
    readonly verifier: Address,
  ) {}

  static async start(): Promise<CodeProver> {
    const [keySet, l1] = await Promise.all([buildKeySet('test-code'), startTestL1()]);
    try {
      const verifier = await deployVerifier({ ...l1, keys: keySet, rules: RULES_V2 });
      return new CodeProver(keySet, l1, verifier);
    } catch (error) {
      await l1.stop();
      throw error;
    }
  }

  /** Proves the rows, which satisfy the circuit, whatever the bus says. */
  async prove(forged: ForgedBatch): Promise<Bundle> {
    const { bundle, ...task } = await this.#task(forged);
    const record = await proveShape({ keySet: this.keySet, shape: 0, ...task }, this.#engine);
    return proven(bundle, [encodeRecord(record)]);
  }

  /**
   * Forces a proof of rows that do not satisfy the circuit, from the witness of others that do and that differ in few cells. It claims the sum
   * that `sumFor` wants under the challenge.
   */
  async force(
    forged: ForgedBatch,
    satisfying: Pick<ForgedBatch, 'rows'>,
    sumFor: (challenge: Challenge) => bigint,
  ): Promise<Bundle> {
    const { bundle, inputs, D, challenge } = await this.#task(forged);
    const shape = this.keySet.shapes[0]!;
    const witness = await witnessOf(shape, inputsOf(satisfying.rows), challenge, engineOptions({}));
    const sum = sumFor(challenge);
    setWires(witness, WIRE.sum, [sum]);
    setWires(witness, WIRE.cells, inputs.cells);
    const points = await proveWitness(shape.zkey, witness);
    return proven(bundle, [encodeRecord({ shape: 0, D, sum, ...points })]);
  }

  /** What L1 says to a bundle. */
  verdict(bundle: Bundle): Promise<string> {
    const { statement, parts } = bundleCalldata(bundle);
    return outcomeOf(this.l1.call(this.verifier, ProofVerifier.abi, 'verify', [statement, parts]));
  }

  async stop(): Promise<void> {
    await this.l1.stop();
    await this.#engine.close();
  }

  /** Commits to the rows and draws the challenge. */
  async #task(forged: ForgedBatch): Promise<Task> {
    const bundle = { ...forged.bundle, verifier: this.verifier, keySetHash: this.keySet.hash };
    const inputs = inputsOf(forged.rows);
    const D = await commit(this.keySet.shapes[0]!, inputs.cells, this.#engine);
    return { bundle, inputs, D, challenge: drawn(bundle, [{ shape: 0, D }]).challenge };
  }
}

/** Overwrites wires from `first` on in the bytes of a .wtns file. */
function setWires(witness: Uint8Array, first: number, values: readonly bigint[]): void {
  const bytes = Buffer.from(witness.buffer, witness.byteOffset, witness.byteLength);
  let at = 12;
  while (bytes.readUInt32LE(at) !== 2) at += 12 + Number(bytes.readBigUInt64LE(at + 4));
  values.forEach((value, i) => {
    const hex = value.toString(16).padStart(64, '0');
    bytes.set(Buffer.from(hex, 'hex').reverse(), at + 12 + 32 * (first + i));
  });
}
