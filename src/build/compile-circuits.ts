import { join } from 'node:path';
import { type Artifact, ArtifactStore, contentKey } from './artifacts.js';
import { type CircomOutput, type CircuitSource, circomFlags, circomVersion, runCircom } from './circom.js';
import { bareSource, bareSources, type ReadSources } from './circuit-sources.js';
import { orderFactorsOf } from './factors.js';
import { checkInputs } from './inputs.js';

/** Constraints whose private inputs are the committed wires (see `inputs.ts`). */
export interface Constraints {
  /** Path of the r1cs file. */
  readonly r1cs: string;
  /** sha256 of the r1cs file. */
  readonly r1csHash: string;
  readonly info: CircuitInfo;
}

/** A circuit that circom compiled whole. */
export interface CompiledCircuit extends Constraints {
  readonly wasm: string;
  readonly sym: string;
}

/** Sizes of a compiled circuit. */
export interface CircuitInfo {
  readonly constraints: number;
  readonly wires: number;
  /** Outputs and public inputs. */
  readonly publics: number;
  /** Private inputs: wires publics + 1 .. publics + committed. */
  readonly committed: number;
}

const KIND = 'circuit';
const OUTPUTS: readonly CircomOutput[] = ['r1cs', 'wasm', 'sym'];
/** Part of a circuit's address: another way of writing its r1cs is another circuit. */
const FORMAT = 'factors ordered by wires added';

/**
 * Compiles a main circuit with circom, unless the cache has it. Cached by the content of every source it includes.
 * @throws CircuitError `CIRCUIT_COMPILE` with the compiler's messages, `CIRCUIT_INCLUDE`, and those of {@link checkInputs}
 */
export async function compileCircuit(
  circuit: CircuitSource,
  store: ArtifactStore = new ArtifactStore(),
): Promise<CompiledCircuit> {
  const artifact = await store.build(KIND, circuitKey(circuit), async (folder, write) => {
    await runCircom(circuit, OUTPUTS, folder, write);
    const r1cs = await orderFactorsOf(join(folder, 'circuit.r1cs'), write);
    await checkInputs(r1cs, join(folder, 'circuit.sym'));
    const { constraints, wires, publics, privateInputs: committed } = r1cs;
    return { name: circuit.name, constraints, wires, publics, committed };
  });
  return compiled(artifact);
}

function compiled({ folder, info, sha256 }: Artifact): CompiledCircuit {
  const [r1cs, wasm, sym] = ['circuit.r1cs', 'circuit.wasm', 'circuit.sym'].map((name) => join(folder, name));
  const r1csHash = sha256['circuit.r1cs']!;
  return { r1cs: r1cs!, wasm: wasm!, sym: sym!, r1csHash, info: info as unknown as CircuitInfo };
}

/**
 * Address of a circuit: compiler, flags, format, and every source, comments excepted.
 * @param read sources that need not be read again, and is added to
 */
export function circuitKey(
  { source, key }: Pick<CircuitSource, 'source' | 'key'>,
  read: ReadSources = new Map(),
): string {
  if (key !== undefined) return key;
  const flags = circomFlags(OUTPUTS).join(' ');
  return contentKey(circomVersion(), flags, FORMAT, bareSource(source), ...bareSources(source, read).flat());
}
