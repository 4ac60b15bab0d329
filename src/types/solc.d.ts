// solc 0.8.x ships no types; only what this project uses.
declare module 'solc' {
  const solc: { compile(input: string): string; version(): string };
  export default solc;
}
