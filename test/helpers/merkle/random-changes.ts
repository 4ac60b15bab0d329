import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../../src/batch/types.js';
import type { AccountChange } from '../../../src/merkle/change.js';
import type { Path } from '../../../src/trie/path.js';
import type { Random } from '../chips/random.js';
import type { FlatState } from './flat-state.js';

/**
 * Changes of a state that it allows: accounts and slots made, changed, written as they are, deleted; absent ones deleted; now and then
 * everything destroyed, or a hot account.
 * @param pick keys, which repeat themselves
 */
export function randomChanges(random: Random, state: FlatState, pick: () => Path): AccountChange[] {
  const clear = random.int(12) === 0;
  const keys = new Set(clear ? state.accounts.keys() : []);
  for (let n = random.int(12); n > 0; n--) {
    const present = [...state.accounts.keys()];
    keys.add(present.length > 0 && random.bool() ? random.pick(present) : pick());
  }
  return [...keys].map((key) => {
    const { account, slots } = state.at(key);
    const destroy = clear ? random.int(10) > 0 : random.int(5) === 0;
    const changes = new Map<Path, bigint>();
    if (destroy) for (const slot of slots.keys()) changes.set(slot, 0n);
    else {
      const deletes = random.int(10);
      for (let n = random.int(8) === 0 ? 60 : random.int(5); n > 0; n--) {
        const present = [...slots.keys()];
        const slot = present.length > 0 && random.bool() ? random.pick(present) : pick();
        const old = slots.get(slot) ?? 0n;
        changes.set(slot, random.int(10) < deletes ? 0n : random.int(6) === 0 ? old : 1n + random.bits(200));
      }
    }
    const alive = account !== EMPTY_ACCOUNT;
    const fields = destroy
      ? EMPTY_ACCOUNT
      : {
          ...(alive && random.bool() ? {} : { nonce: account.nonce + BigInt(random.int(2)) }),
          ...(alive && random.bool() ? {} : { balance: 1n + random.bits(100) }),
          ...(random.int(4) > 0 ? {} : { codeHash: random.bool() ? EMPTY_CODE_HASH : (`0x${pick()}` as const) }),
        };
    // No account vanishes while it has storage.
    const kept = { ...account, ...fields };
    const safe = destroy || kept.balance > 0n ? fields : { ...fields, balance: 1n };
    return { key, fields: safe, slots: Array.from(changes, ([slot, value]) => ({ key: slot, value })) };
  });
}
