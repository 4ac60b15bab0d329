// circomlibjs 0.1.7 ships no types; only what this project uses.
declare module 'circomlibjs' {
  interface Poseidon {
    (inputs: readonly bigint[]): Uint8Array;
    readonly F: { toObject(x: Uint8Array): bigint };
  }
  export function buildPoseidon(): Promise<Poseidon>;
}
