import { afterAll, afterEach, beforeAll } from 'vitest';
import { createDisputeWorld, type DisputeWorld } from './dispute-world.js';
import { type L1Proxy, startL1Proxy } from './l1-proxy.js';

/** A dispute world, and a node in front of its L1. */
export interface ProxiedWorld {
  readonly world: DisputeWorld;
  readonly proxy: L1Proxy;
}

/** Makes one for all tests of a file, hands it to `use` before the first, and ends it after the last; faults and counts end with each test. */
export function useProxiedWorld(use: (made: ProxiedWorld) => void): void {
  let world: DisputeWorld | undefined;
  let proxy: L1Proxy | undefined;
  beforeAll(async () => {
    world = await createDisputeWorld();
    proxy = await startL1Proxy(world.l1.url);
    use({ world, proxy });
  });
  afterEach(() => {
    proxy?.clear();
  });
  afterAll(async () => {
    await proxy?.close();
    await world?.l1.stop();
  });
}
