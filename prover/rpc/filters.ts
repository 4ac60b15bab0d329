import type { Hex } from 'viem';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { BlockRef } from './block-ref.js';
import { randomId } from './journal.js';
import type { LogCriteria } from './logs.js';

/** Which events are asked for. */
export interface RangedCriteria extends LogCriteria {
  /** First and last block. */
  readonly from: BlockRef;
  readonly to: BlockRef;
}

/** What a filter waits for, and the entry of its journal from which its owner has not been told. */
export type Filter = { next: number } & (
  | { readonly kind: 'blocks' }
  | { readonly kind: 'pending'; readonly whole: boolean }
  | { readonly kind: 'logs'; readonly filter: RangedCriteria }
);

/** Filters at a time; the one that nobody has asked for longest makes room. */
const MOST = 1_000;
/** Milliseconds after which a filter that nobody asks is forgotten; geth's. */
const IDLE = 300_000;

/** The filters that callers have installed. */
export class Filters {
  /** By id, the one asked last at the end. */
  readonly #installed = new Map<Hex, { readonly filter: Filter; readonly asked: number }>();
  readonly #now: () => number;

  /** @param now milliseconds that only grow */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Its name from now on. */
  install(filter: Filter): Hex {
    this.#forgetIdle();
    const id = randomId();
    this.#installed.set(id, { filter, asked: this.#now() });
    if (this.#installed.size > MOST) this.#installed.delete(this.#installed.keys().next().value!);
    return id;
  }

  /** @throws RpcError `RPC_FILTER_UNKNOWN` */
  get(id: Hex): Filter {
    this.#forgetIdle();
    const found = this.#installed.get(id);
    if (found === undefined) throw unknownFilter(id);
    this.#installed.delete(id);
    this.#installed.set(id, { filter: found.filter, asked: this.#now() });
    return found.filter;
  }

  /** Whether it was there. */
  uninstall(id: Hex): boolean {
    this.#forgetIdle();
    return this.#installed.delete(id);
  }

  #forgetIdle(): void {
    const oldest = this.#now() - IDLE;
    for (const [id, { asked }] of this.#installed) {
      if (asked >= oldest) return;
      this.#installed.delete(id);
    }
  }
}

/** Clients install a filter anew at this code. */
export function unknownFilter(id: Hex): RpcError {
  const message = `filter not found: ${id} is not installed, was not asked for 5 minutes, or missed too much.`;
  return new RpcError(RPC_CODE.server, 'RPC_FILTER_UNKNOWN', message, { hint: 'Install it again.' });
}
