// r1csfile (a dependency of snarkjs) ships no types; only what this project uses.
declare module 'r1csfile' {
  import type { Curve } from 'ffjavascript';

  interface R1cs {
    readonly nVars: number;
    readonly nOutputs: number;
    readonly nPubInputs: number;
    readonly nPrvInputs: number;
    readonly nConstraints: number;
    readonly constraints: [Record<string, Uint8Array>, Record<string, Uint8Array>, Record<string, Uint8Array>][];
    readonly curve: Curve;
  }
  export function readR1cs(
    file: string | Uint8Array,
    options?: { loadConstraints?: boolean; loadMap?: boolean },
  ): Promise<R1cs>;
}
