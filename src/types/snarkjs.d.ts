// snarkjs 0.7.6 ships no types; only what this project uses.
declare module 'snarkjs' {
  type MemoryFile = { type: 'mem'; data?: Uint8Array };
  type Input = Readonly<Record<string, unknown>>;
  interface Groth16Proof {
    pi_a: string[];
    pi_b: string[][];
    pi_c: string[];
    protocol: string;
    curve: string;
  }
  export const groth16: {
    prove(
      zkey: string | Uint8Array,
      witness: string | Uint8Array | MemoryFile,
      logger?: unknown,
      options?: { singleThread?: boolean },
    ): Promise<{ proof: Groth16Proof; publicSignals: string[] }>;
  };
  export const wtns: {
    calculate(input: Input, wasm: string | Uint8Array, witness: string | MemoryFile): Promise<void>;
    check(r1cs: string | Uint8Array, witness: string | MemoryFile): Promise<boolean>;
    exportJson(witness: string | MemoryFile): Promise<bigint[]>;
  };
  export const zKey: { exportVerificationKey(zkey: string | Uint8Array): Promise<Record<string, unknown>> };
  export type { Groth16Proof, MemoryFile };
}
