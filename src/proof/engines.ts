import type { ProofEngine } from './engine.js';

/** Every engine; its code is loaded when it is asked for. */
const ENGINES = {
  wasm: async () => (await import('./wasm.js')).wasmEngine(),
  snarkjs: async () => (await import('./snarkjs.js')).snarkjsEngine(),
  rapidsnark: async () => (await import('./rapidsnark.js')).rapidsnarkEngine(),
} satisfies Readonly<Record<string, () => Promise<ProofEngine>>>;

/** Name of an engine. */
export type EngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[];
/** What proves where nobody chooses. */
export const DEFAULT_ENGINE: EngineName = 'wasm';

/** The engine of that name. Close it, or the process may never end. */
export function openEngine(name: EngineName): Promise<ProofEngine> {
  return ENGINES[name]();
}
